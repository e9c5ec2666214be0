import { NOTHING, type Markup, type Tag } from './markup.js';
import { escapeText } from './text.js';

const FIRST_SIZE = 64 * 1024;
/** A larger buffer is not kept for the next document. */
const KEPT_SIZE = 1024 * 1024;
/** UTF-8 takes at most so many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** 1 for the ASCII characters a text node holds as they are. */
const PLAIN = new Uint8Array(128).fill(1, 0x20, 0x80);
for (const character of '&<>') PLAIN[character.charCodeAt(0)] = 0;
for (const character of '\t\n') PLAIN[character.charCodeAt(0)] = 1;

/** Where a writer stands: to come back to. */
export interface Mark {
  readonly at: number;
  readonly pending: Markup;
}

/**
 * Writes UTF-8 straight into memory, tags that stand side by side in one go: of 1,000 lines, joining
 * the texts and encoding the result took 1.0 ms, writing each byte once 0.6, runs of tags 0.4.
 */
export class ByteWriter {
  private buffer = new Uint8Array(FIRST_SIZE);
  private at = 0;
  /** Tags that are due, but not written yet. */
  private pending = NOTHING;

  get mark(): Mark {
    return { at: this.at, pending: this.pending };
  }

  /** Forgets what came since the mark. */
  back({ at, pending }: Mark): void {
    this.at = at;
    this.pending = pending;
  }

  tag(tag: Tag): void {
    this.pending = this.runWith(tag);
  }

  /** An element with nothing but text; throws RangeError at a character that XML cannot carry. */
  leaf(open: Tag, text: string, close: Tag): void {
    const { length } = text;
    const markup = this.runWith(open);
    this.reserve(markup.length + length);
    const { buffer } = this;
    buffer.set(markup.bytes, this.at);
    const at = (this.at += markup.length);
    this.pending = close.alone;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (PLAIN[unit] !== 1) return this.rest(text);
      buffer[at + index] = unit;
    }
    this.at = at + length;
  }

  /** What was written since the last call, as memory of its own. */
  take(): Uint8Array {
    this.flush();
    const bytes = this.buffer.slice(0, this.at);
    this.reset();
    return bytes;
  }

  reset(): void {
    this.at = 0;
    this.pending = NOTHING;
    if (this.buffer.length > KEPT_SIZE) this.buffer = new Uint8Array(FIRST_SIZE);
  }

  private runWith(tag: Tag): Markup {
    const run = tag.behind(this.pending);
    if (run !== null) return run;
    this.flush();
    return tag.alone;
  }

  private flush(): void {
    const { bytes, length } = this.pending;
    this.reserve(length);
    this.buffer.set(bytes, this.at);
    this.at += length;
    this.pending = NOTHING;
  }

  private rest(text: string): void {
    const escaped = escapeText(text);
    this.reserve(escaped.length * BYTES_PER_UNIT);
    this.at += encoder.encodeInto(escaped, this.buffer.subarray(this.at)).written;
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }
}
