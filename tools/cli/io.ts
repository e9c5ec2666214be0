/** What the command touches of the world; tests give it another one. */
export interface Io {
  /** For results: may be piped into a file. */
  out(text: string): void;
  /** For people: what was assumed, who signed, what went wrong. */
  note(text: string): void;
  /** Throws `CliError` when there is no such file. */
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** Everything on standard input. */
  readInput(): Promise<Uint8Array>;
  /** Asks without showing what is typed; null where nobody can be asked. */
  askSecret(question: string): Promise<string | null>;
  readonly now: Date;
}

/** 0: all well · 1: the document is not in order · 2: the command cannot be done as given. */
export const EXIT = { ok: 0, invalid: 1, misuse: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something the person at the terminal can mend; the message, in Spanish, says how. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.misuse,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CliError';
  }
}
