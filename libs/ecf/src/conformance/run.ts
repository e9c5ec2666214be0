import { FORMATS, type Format } from '../catalogue/formats.js';
import { fieldsOf } from '../catalogue/fields.js';
import { Comparison, type Difference } from './comparison.js';
import { descendants, EVERYTHING, generate, type XmlNode } from './generate.js';
import { MUTATION_KINDS, codesIn, mutate, type MutationKind } from './mutate.js';
import { enumeratedIn, type Sample } from './official.js';
import { Random } from './random.js';
import type { StrictnessId } from './strictnesses.data.js';
import { limitCases, textCases } from './sweep.js';

/** What a run compares; the same seed gives the same documents. */
export interface RunOptions {
  readonly format: Format;
  /** Documents that should pass, and again as many mutations. */
  readonly count: number;
  readonly seed: number;
  /** Text of the official schema; without it only our two are compared. */
  readonly officialXsd?: string | undefined;
  /** Sample documents of this format. */
  readonly samples: readonly Sample[];
  readonly onProgress?: (what: Phase, done: number) => void;
}

export type Phase = 'samples' | 'generated' | 'sweep' | 'mutations';

export interface Tally {
  documents: number;
  /** By all. */
  refused: number;
}

export interface Coverage {
  /** Elements of the catalogue, and those that generated documents had. */
  readonly fields: number;
  readonly reached: number;
  readonly missing: readonly string[];
  /** Lists of the catalogue, and those that had several entries. */
  readonly lists: number;
  readonly several: number;
}

export interface FormatReport {
  readonly format: Format;
  /** Whether the official schema was asked. */
  readonly official: boolean;
  readonly phases: Readonly<Record<Phase, Tally>>;
  readonly kinds: Readonly<Record<MutationKind, Tally>>;
  readonly coverage: Coverage;
  /** How often each documented difference was met. */
  readonly strictnesses: Partial<Readonly<Record<StrictnessId, number>>>;
  /** Differences that nothing explains: how many, and the first of them. */
  readonly unexplained: number;
  readonly differences: readonly Difference[];
}

/** From this many documents on, every text is tried in every field; fewer take a share of it. */
export const FULL_COUNT = 20_000;
/** Chance that a mutated document also lacks its signature. */
const UNSIGNED = 0.02;

/** Compares official schema, our schema and our validator on one format. */
export function compareFormat(options: RunOptions): FormatReport {
  const comparison = new Comparison(options.format, options.officialXsd);
  try {
    return new Run(options, comparison).report();
  } finally {
    comparison.dispose();
  }
}

const noTally = (): Tally => ({ documents: 0, refused: 0 });

class Run {
  private readonly phases: Record<Phase, Tally> = {
    samples: noTally(),
    generated: noTally(),
    sweep: noTally(),
    mutations: noTally(),
  };
  private readonly kinds = Object.fromEntries(
    MUTATION_KINDS.map((kind) => [kind, noTally()]),
  ) as Record<MutationKind, Tally>;
  private readonly reached = new Set<string>();
  private readonly several = new Set<string>();
  private readonly random: Random;
  private readonly codes: readonly string[];

  constructor(
    private readonly options: RunOptions,
    private readonly comparison: Comparison,
  ) {
    const { format, seed, officialXsd } = options;
    this.random = new Random(seed + FORMATS.indexOf(format) * 1_000_003);
    this.codes = [...new Set([...codesIn(format), ...enumeratedIn(officialXsd ?? '')])];
  }

  report(): FormatReport {
    const { format, officialXsd } = this.options;
    this.samples();
    this.generated();
    this.sweep();
    this.mutations();
    const { strictnesses, unexplained, differences } = this.comparison;
    return {
      format,
      official: officialXsd !== undefined,
      phases: this.phases,
      kinds: this.kinds,
      coverage: this.coverage(),
      strictnesses: Object.fromEntries(strictnesses),
      unexplained,
      differences,
    };
  }

  private samples(): void {
    for (const { name, xml } of this.options.samples) {
      this.count('samples', this.comparison.text(xml, name));
    }
  }

  private generated(): void {
    const { format, count } = this.options;
    for (let at = 0; at < count; at++) {
      // The first has everything the format has, the second nothing that it may lack.
      const extent = at === 0 ? EVERYTHING : at === 1 ? { density: 0 } : undefined;
      const root = generate(format, this.random, extent);
      this.cover(root);
      this.count('generated', this.comparison.valid(root, `document ${at}`));
    }
  }

  private sweep(): void {
    const { format, count } = this.options;
    for (const { root, what } of limitCases(format, this.random)) {
      this.count('sweep', this.comparison.document(root, what));
    }
    const stride = Math.max(1, Math.round(FULL_COUNT / Math.max(1, count)));
    for (const { root, what } of textCases(format, this.codes, this.random, stride)) {
      this.count('sweep', this.comparison.document(root, what));
    }
  }

  private mutations(): void {
    const { format, count } = this.options;
    for (let at = 0; at < count; at++) {
      const root = generate(format, this.random);
      const kind = this.random.pick(MUTATION_KINDS);
      const what = mutate(root, kind, this.random, this.codes);
      const signed = !this.random.chance(UNSIGNED);
      const accepted = this.comparison.document(root, `mutation ${at}: ${what}`, signed);
      this.count('mutations', accepted);
      tally(this.kinds[kind], accepted);
    }
  }

  private count(phase: Phase, accepted: boolean): void {
    tally(this.phases[phase], accepted);
    this.options.onProgress?.(phase, this.phases[phase].documents);
  }

  private cover(root: XmlNode): void {
    for (const parent of [root, ...descendants(root)]) {
      parent.children.forEach(({ node }, index) => {
        if (!node) return;
        this.reached.add(node.path);
        if (parent.children[index + 1]?.node === node) this.several.add(node.path);
      });
    }
  }

  private coverage(): Coverage {
    const fields = [...fieldsOf(this.options.format).values()];
    const lists = fields.filter(({ max }) => max > 1);
    const missing = fields.filter(({ path }) => !this.reached.has(path)).map(({ path }) => path);
    return {
      fields: fields.length,
      reached: fields.length - missing.length,
      missing,
      lists: lists.length,
      several: lists.filter(({ path }) => this.several.has(path)).length,
    };
  }
}

function tally(one: Tally, accepted: boolean): void {
  one.documents++;
  if (!accepted) one.refused++;
}

/** Whether a report says what it should: nothing unexplained, everything reached. */
export const isClean = ({ unexplained, coverage }: FormatReport): boolean =>
  unexplained === 0 && coverage.reached === coverage.fields && coverage.several === coverage.lists;
