/** What one rule came to: how often it was looked at, and where it does not hold. */
export interface Finding {
  /** `INV-1`, or another name of a rule. */
  readonly id: string;
  readonly rule: string;
  readonly checked: number;
  readonly offences: readonly string[];
}

/** Counts what it looks at, and keeps what is wrong. */
export class Rule {
  #checked = 0;
  readonly #offences: string[] = [];

  constructor(
    private readonly id: string,
    private readonly rule: string,
  ) {}

  expect(holds: boolean, offence: () => string): void {
    this.#checked += 1;
    if (!holds) this.#offences.push(offence());
  }

  get finding(): Finding {
    return { id: this.id, rule: this.rule, checked: this.#checked, offences: this.#offences };
  }
}

/** Items by a key of theirs, in their order. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
