const encoder = new TextEncoder();

/** Tags of ours that stand side by side, encoded once. */
export class Markup {
  readonly length: number;

  constructor(readonly bytes: Uint8Array) {
    this.length = bytes.length;
  }
}

export const NOTHING = new Markup(new Uint8Array(0));

/** Longer runs are written piece by piece, so that odd documents cannot fill the memory with them. */
const LONGEST_RUN = 96;

/** An opening or closing tag, and what it makes together with the tags before it. */
export class Tag {
  readonly alone: Markup;
  private readonly runs = new Map<Markup, Markup>();
  // The same tags mostly stood before it last time: no look-up then.
  private before = NOTHING;
  private run: Markup;

  constructor(text: string) {
    this.alone = new Markup(encoder.encode(text));
    this.run = this.alone;
  }

  /** The tags before it and this one; null when that would be too long a run. */
  behind(before: Markup): Markup | null {
    return before === this.before ? this.run : this.lookUp(before);
  }

  private lookUp(before: Markup): Markup | null {
    if (before.length + this.alone.length > LONGEST_RUN) return null;
    let run = this.runs.get(before);
    if (run === undefined) {
      const bytes = new Uint8Array(before.length + this.alone.length);
      bytes.set(before.bytes);
      bytes.set(this.alone.bytes, before.length);
      run = before === NOTHING ? this.alone : new Markup(bytes);
      this.runs.set(before, run);
    }
    this.before = before;
    this.run = run;
    return run;
  }
}
