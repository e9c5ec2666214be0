import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Dice } from './dice.js';

// The format of docs/reference/audit-format.md once more, from its text and not from our code: what
// the verifier, the platform and this agree on is the format.

export interface Line {
  readonly entry: string;
  readonly hash: string;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** Far fewer than in an installation, so that short histories have both kinds. */
const FULL_EVERY = 4;

/** RFC 8785. */
export function jcs(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${jcs(member)}`).join()}}`;
}

export const digest = (...parts: (string | Uint8Array)[]): Buffer =>
  createHash('sha512')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

export function link(prev: Uint8Array, entry: string): string {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(Buffer.byteLength(entry));
  return digest(Uint8Array.of(1), prev, size, entry).toString('hex');
}

/** The same texts chained from their beginning, as whoever holds the database could. */
export function rechained(tenant: string, entries: readonly string[]): Line[] {
  let prev: Buffer = digest(`getupnet-audit-1:${tenant}`);
  return entries.map((entry) => {
    const hash = link(prev, entry);
    prev = Buffer.from(hash, 'hex');
    return { entry, hash };
  });
}

/** Tenants' chains and their checkpoints, as an installation would have left them. */
export class Ledger {
  readonly chains = new Map<string, Line[]>();
  /** Texts of the checkpoint files, from number 1. */
  readonly checkpoints: string[] = [];
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  private previous = '0'.repeat(128);
  private heads = new Map<string, Head>();

  constructor(readonly dice: Dice) {
    this.keys = generateKeyPairSync('ed25519');
  }

  append(tenant: string, count: number): void {
    const lines = this.chains.get(tenant) ?? [];
    const last = lines.at(-1)?.hash;
    let prev: Buffer =
      last === undefined ? digest(`getupnet-audit-1:${tenant}`) : Buffer.from(last, 'hex');
    for (let made = 0; made < count; made += 1) {
      const entry = this.entry(tenant, lines.length + 1);
      const hash = link(prev, entry);
      lines.push({ entry, hash });
      prev = Buffer.from(hash, 'hex');
    }
    this.chains.set(tenant, lines);
  }

  /** Seals all chains as they are now. */
  seal(signedBy = this.keys.privateKey): void {
    const number = this.checkpoints.length + 1;
    const now = new Map<string, Head>();
    for (const [tenant, lines] of this.chains) {
      const line = lines.at(-1);
      if (line !== undefined) now.set(tenant, { seq: lines.length, hash: line.hash });
    }
    const full = number % FULL_EVERY === 1;
    const moved = [...now].filter(
      ([tenant, { hash }]) => full || this.heads.get(tenant)?.hash !== hash,
    );
    const plain = (heads: Iterable<[string, Head]>): Record<string, Value> =>
      Object.fromEntries([...heads].map(([tenant, head]) => [tenant, { ...head }]));
    const body = jcs({
      version: 1,
      number,
      at: new Date(Date.UTC(2026, 10, 21) + number * 60_000).toISOString(),
      previous: this.previous,
      full,
      heads: plain(moved),
      count: now.size,
      root: digest(jcs(plain(now))).toString('hex'),
    });
    const signature = sign(null, Buffer.from(body), signedBy).toString('base64');
    this.checkpoints.push(JSON.stringify({ body, signature }));
    this.previous = digest(body).toString('hex');
    this.heads = now;
  }

  /** Number and hash of the last checkpoint, as an auditor notes it. */
  get known(): string {
    return `${this.checkpoints.length}:${this.previous}`;
  }

  /** Writes everything as the verifier takes it; answers the export files. */
  write(directory: string, parts = 1): string[] {
    const folder = join(directory, 'checkpoints');
    mkdirSync(folder, { recursive: true });
    for (const [at, text] of this.checkpoints.entries()) {
      writeFileSync(join(folder, `${String(at + 1).padStart(12, '0')}.json`), text);
    }
    return [...this.chains.values()].flatMap((lines, at) => {
      const size = Math.max(1, Math.ceil(lines.length / parts));
      return Array.from({ length: Math.ceil(lines.length / size) }, (_, part) => {
        const path = join(directory, `${at}-${part}.ndjson`);
        const texts = lines
          .slice(part * size, (part + 1) * size)
          .map((line) => JSON.stringify(line));
        writeFileSync(path, `${texts.join('\n')}\n`);
        return path;
      });
    });
  }

  entry(tenant: string, seq: number): string {
    const { dice } = this;
    return jcs({
      tenantId: tenant,
      seq,
      id: dice.uuid(),
      type: dice.of(['document.queued', 'document.signed', 'auth.login', 'sequence.registered']),
      subjectId: dice.of([null, dice.uuid()]),
      actor: dice.of(['billing', `user:${dice.uuid()}`]),
      payload: this.payload(),
      occurredAt: new Date(Date.UTC(2026, 10, 21) + dice.below(10 ** 9)).toISOString(),
    });
  }

  /** What jsonb can hold and JSON readers get wrong. */
  private payload(): Value {
    const { dice } = this;
    return dice.of<Value>([
      {},
      { encf: 'E310000000001', from: 'QUEUED', to: 'SIGNED' },
      { text: 'ñandú «€» \u2028\u2029 \u0007 \\" 😀', empty: '', list: [1, [], null, true] },
      { 10: 'a', 9: 'b', '01': 'c', nested: { '2': {}, '1': [] } },
      { number: 1e21, small: 1e-7, negative: -0.5, big: 9007199254740991 },
      { before: { rate: '18' }, after: { rate: '16' }, ['ü'.repeat(dice.between(1, 40))]: 1 },
      { long: 'x'.repeat(dice.below(5_000)) },
    ]);
  }
}

/** An installation of a few tenants, sealed at random moments, with a little not sealed yet. */
export function randomLedger(dice: Dice): Ledger {
  const ledger = new Ledger(dice);
  const tenants = Array.from({ length: dice.between(2, 4) }, () => dice.uuid());
  for (const tenant of tenants) ledger.append(tenant, dice.between(6, 12));
  for (let seals = dice.between(2, 7); seals > 0; seals -= 1) {
    ledger.seal();
    for (const tenant of tenants) if (dice.below(3) > 0) ledger.append(tenant, dice.between(1, 6));
  }
  return ledger;
}
