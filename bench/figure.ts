/** One measured figure, printed as one JSON line. */
export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Against the baseline of the same run; what targets are stated in. */
  readonly ratio?: number;
  readonly target?: string;
  readonly detail?: Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;
}

export function print(figure: Figure): void {
  process.stdout.write(`${JSON.stringify({ ...figure, value: round(figure.value) })}\n`);
}

export function round(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
