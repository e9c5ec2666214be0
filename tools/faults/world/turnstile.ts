/** Lets so many in at once; the others wait in line. */
export class Turnstile {
  #inside = 0;
  readonly #line: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** How many are inside or wait. */
  get busy(): number {
    return this.#inside + this.#line.length;
  }

  /** The way out is to be called once. */
  async enter(): Promise<() => void> {
    if (this.#inside >= this.most) await new Promise<void>((go) => this.#line.push(go));
    else this.#inside += 1;
    return () => {
      const next = this.#line.shift();
      if (next) next();
      else this.#inside -= 1;
    };
  }
}
