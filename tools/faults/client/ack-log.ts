import { open, type FileHandle } from 'node:fs/promises';

/** What the client wrote down, in its order. */
export type AckLine =
  /** Before the first attempt: what is about to be posted, and what should become of it. */
  | {
      readonly t: 'post';
      readonly key: string;
      readonly tenantId: string;
      readonly rnc: string;
      readonly tipo: string;
      readonly expect: readonly string[];
      /** Of all posts of a race exactly one is accepted. */
      readonly race?: string;
    }
  /** The platform said that it has the document; every later answer to the key must be the same. */
  | {
      readonly t: 'ack';
      readonly key: string;
      readonly id: string;
      readonly encf: string;
      readonly replayed: boolean;
    }
  /** The same for numbers that nobody shall have. */
  | {
      readonly t: 'void';
      readonly key: string;
      readonly tenantId: string;
      readonly tipo: number;
      readonly first: number;
      readonly last: number;
    }
  | { readonly t: 'void-ack'; readonly key: string; readonly id: string }
  /** The platform said that it will not take it. */
  | { readonly t: 'refused'; readonly key: string; readonly status: number; readonly code: string }
  /** Any other answer. */
  | {
      readonly t: 'answer';
      readonly key: string;
      readonly status: number;
      readonly code: string;
      readonly ms: number;
      /** What is wrong with its form; null when it is as documented. */
      readonly fault: string | null;
    };

/** The client's own ledger: a line is on the disk before the client goes on. */
export class AckLog {
  #lines: string[] = [];
  #writing: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<AckLog> {
    return new AckLog(await open(path, 'a'));
  }

  /** Settles when the line is durable. Lines of a moment share a flush. */
  async write(line: AckLine): Promise<void> {
    this.#lines.push(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
    // The flush under way began before this line; the next one takes it along.
    const before = this.#writing;
    this.#next ??= (before ?? Promise.resolve()).then(() => this.#flush());
    await this.#next;
  }

  async close(): Promise<void> {
    await this.#next;
    await this.#writing;
    await this.file.close();
  }

  #flush(): Promise<void> {
    this.#next = null;
    this.#writing = this.#append(this.#lines.splice(0).join(''));
    return this.#writing;
  }

  async #append(text: string): Promise<void> {
    await this.file.write(text);
    await this.file.datasync();
  }
}
