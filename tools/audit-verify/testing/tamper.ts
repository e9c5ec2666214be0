import { Dice } from './dice.js';
import { rechained, type Ledger, type Line } from './ledger.js';

/** What somebody did to a ledger's export, and where. */
export interface Tampering {
  readonly tenants: readonly string[];
  /** The first entry that is not what it was, of the first of these tenants. */
  readonly first: number;
  /** The hash of what was changed was made anew too, so that only its successor tells. */
  readonly rehashed?: boolean;
  /** What is left agrees with itself up to some seal: where it departed is only known roughly. */
  readonly vague?: boolean;
  /** Somebody else's entry was used: its owner may come under suspicion too. */
  readonly lender?: string;
}

interface Victim {
  readonly tenant: string;
  readonly lines: Line[];
  /** Entries below a seal. */
  readonly sealed: number;
}

type Tamper = (ledger: Ledger, dice: Dice) => Tampering;

/** The kinds of tampering an audit has to find (REQUIREMENTS of the product: AUD-2). */
export const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  edit(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed - 1);
    const rehashed = seq > 1 && dice.below(2) === 1;
    const entry = edited(lines, seq);
    const before = lines.slice(0, seq - 1).map((line) => line.entry);
    const hash = rechained(tenant, [...before, entry]).at(-1)?.hash ?? '';
    lines[seq - 1] = { entry, hash: rehashed ? hash : (lines[seq - 1]?.hash ?? '') };
    return { tenants: [tenant], first: seq, rehashed };
  },

  delete(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed - 1);
    lines.splice(seq - 1, dice.between(1, Math.min(3, lines.length - seq)));
    if (dice.below(2) === 1) renumber(lines, seq);
    return { tenants: [tenant], first: seq };
  },

  insert(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed - 1);
    const entry = ledger.entry(tenant, seq);
    const before = lines.slice(0, seq - 1).map((line) => line.entry);
    const hash = rechained(tenant, [...before, entry]).at(-1)?.hash ?? '';
    const rehashed = dice.below(2) === 1;
    lines.splice(seq - 1, 0, { entry, hash: rehashed ? hash : dice.hex(128) });
    if (dice.below(2) === 1) renumber(lines, seq + 1);
    return { tenants: [tenant], first: seq, rehashed };
  },

  reorder(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed - 1);
    const other = dice.between(seq + 1, sealed);
    [lines[seq - 1], lines[other - 1]] = [at(lines, other), at(lines, seq)];
    if (dice.below(2) === 1) renumber(lines, seq);
    return { tenants: [tenant], first: seq };
  },

  'tail truncation'(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed);
    lines.splice(seq - 1);
    return { tenants: [tenant], first: seq };
  },

  'full rewrite'(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed);
    const texts = lines.map((line) => line.entry);
    texts[seq - 1] = edited(lines, seq);
    ledger.chains.set(tenant, rechained(tenant, texts));
    return { tenants: [tenant], first: seq };
  },

  'tenant swap'(ledger, dice) {
    const [one, other] = [...ledger.chains.keys()];
    if (one === undefined || other === undefined) throw new Error('two tenants are needed');
    const [own, foreign] = [linesOf(ledger, one), linesOf(ledger, other)];
    if (dice.below(2) === 1) {
      // Each gets the other's history, under its own name and well chained.
      const renamed = (lines: readonly Line[], from: string, to: string): Line[] =>
        rechained(
          to,
          lines.map(({ entry }) => entry.replaceAll(from, to)),
        );
      ledger.chains.set(one, renamed(foreign, other, one));
      ledger.chains.set(other, renamed(own, one, other));
      return { tenants: [one, other], first: 1, vague: true };
    }
    const seq = dice.between(2, Math.min(own.length, foreign.length));
    own[seq - 1] = at(foreign, seq);
    return { tenants: [one], first: seq, lender: other };
  },

  'restored backup'(ledger, dice) {
    const { tenant, lines, sealed } = victim(ledger, dice);
    const seq = dice.between(1, sealed);
    lines.splice(seq - 1);
    ledger.append(tenant, dice.between(1, 12));
    // The installation goes on, and seals what it now has.
    if (dice.below(2) === 1) ledger.seal();
    return { tenants: [tenant], first: seq, vague: true };
  },
};

function victim(ledger: Ledger, dice: Dice): Victim {
  const tenant = dice.of([...ledger.chains.keys()]);
  const lines = linesOf(ledger, tenant);
  const heads = ledger.checkpoints.map((text) => headOf(text, tenant));
  return { tenant, lines, sealed: Math.max(...heads) };
}

function headOf(checkpoint: string, tenant: string): number {
  const { body } = JSON.parse(checkpoint) as { body: string };
  const { heads } = JSON.parse(body) as { heads: Record<string, { seq: number }> };
  return heads[tenant]?.seq ?? 0;
}

/** Sequence numbers without a gap again, as somebody who hides what they did would. */
function renumber(lines: Line[], from: number): void {
  for (const [index, { entry, hash }] of lines.entries()) {
    if (index + 1 < from) continue;
    lines[index] = { entry: entry.replace(/"seq":\d+/, `"seq":${index + 1}`), hash };
  }
}

function edited(lines: readonly Line[], seq: number): string {
  return at(lines, seq).entry.replace(/"type":"[^"]*"/, '"type":"document.voided"');
}

function linesOf(ledger: Ledger, tenant: string): Line[] {
  const lines = ledger.chains.get(tenant);
  if (lines === undefined) throw new Error(`no chain of ${tenant}`);
  return lines;
}

function at(lines: readonly Line[], seq: number): Line {
  const line = lines[seq - 1];
  if (line === undefined) throw new Error(`no entry ${seq}`);
  return line;
}
