import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';
import { filesOf, jsonLines } from './evidence.js';
import { Rule, type Finding } from './invariant.js';

/** An entry of a chain with the event it holds; an event without link has no `seq`. */
export interface EntryRow {
  readonly tenant_id: string;
  readonly seq: string | null;
  readonly prev: Buffer | null;
  readonly hash: Buffer | null;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string | null;
  readonly actor: string;
  readonly payload: unknown;
  readonly occurred_at: Date;
}

const ENTRIES = `
SELECT e.tenant_id, l.seq, l.prev, l.hash, e.id, e.type, e.subject_id, e.actor, e.payload,
  e.occurred_at
FROM audit_event e LEFT JOIN audit_link l ON l.tenant_id = e.tenant_id AND l.event_id = e.id
ORDER BY e.tenant_id, l.seq NULLS LAST`;
const LINKS = 'SELECT count(*) AS count FROM audit_link';
const VERSION = Buffer.from([1]);

/** Where a chain's entry is, and what it is worth. */
type Hashes = ReadonlyMap<string, readonly string[]>;

/** Chains, exports and checkpoints, each computed anew; nothing where there is no chain. */
export async function auditChain(dir: string, client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query(`SELECT to_regclass('audit_link') AS found`);
  if ((rows[0] as { found: unknown }).found === null) return [];
  const entries = await client.query<EntryRow>(ENTRIES);
  const links = await client.query<{ count: string }>(LINKS);
  return compareChains(dir, entries.rows, Number(links.rows[0]?.count));
}

/** `entries` company by company in the order of their chains, what has no link behind. */
export async function compareChains(
  dir: string,
  entries: readonly EntryRow[],
  links: number,
): Promise<Finding[]> {
  const chained = new Rule('INV-6', 'every event is in its chain once, and every chain verifies');
  const hashes = chains(entries, links, chained);
  return [chained.finding, await exported(dir, hashes), await checkpoints(dir, hashes)];
}

function chains(entries: readonly EntryRow[], links: number, rule: Rule): Hashes {
  const hashes = new Map<string, string[]>();
  for (const row of entries) {
    const own = hashes.get(row.tenant_id) ?? [];
    hashes.set(row.tenant_id, own);
    const seq = own.length + 1;
    const prev = own.at(-1) ?? genesis(row.tenant_id);
    const hash = hashOf(prev, textOf(row, seq));
    const fits = Number(row.seq) === seq && row.prev?.toString('hex') === prev;
    const place = `${row.tenant_id} ${row.seq ?? 'not chained'} ${row.type}`;
    rule.expect(fits && row.hash?.toString('hex') === hash, () => place);
    if (row.seq !== null) own.push(hash);
  }
  const linked = [...hashes.values()].reduce((sum, own) => sum + own.length, 0);
  rule.expect(links === linked, () => `${links} links for ${linked} events`);
  return hashes;
}

/** What a company exported is a beginning of what its chain is. */
async function exported(dir: string, hashes: Hashes): Promise<Finding> {
  const rule = new Rule('INV-6', 'the exported chains are the chains');
  for (const path of await filesOf(join(dir, 'audit'))) {
    const tenant = basename(path, '.ndjson');
    let prev = genesis(tenant);
    let seq = 0;
    for (const { entry, hash } of await jsonLines<{ entry: string; hash: string }>(path)) {
      seq += 1;
      prev = hashOf(prev, entry);
      const same = prev === hash && hashes.get(tenant)?.[seq - 1] === hash;
      rule.expect(same, () => `${tenant} ${seq}`);
    }
    rule.expect(seq > 0, () => `${tenant}: nothing exported`);
  }
  return rule.finding;
}

interface CheckpointBody {
  readonly number: number;
  readonly previous: string;
  readonly heads: Readonly<Record<string, { readonly seq: number; readonly hash: string }>>;
}

/** Signed, linked, without holes, and each head is an entry of its chain. */
async function checkpoints(dir: string, hashes: Hashes): Promise<Finding> {
  const rule = new Rule('INV-6', 'checkpoints are signed, linked, and beginnings of the chains');
  const key = createPublicKey(await readFile(join(dir, 'checkpoint-key.pem')));
  let previous = '0'.repeat(128);
  let number = 0;
  for (const path of await filesOf(join(dir, 'worm', 'checkpoints'))) {
    const file = JSON.parse(await readFile(path, 'utf8')) as { body: string; signature: string };
    const body = JSON.parse(file.body) as CheckpointBody;
    const signature = Buffer.from(file.signature, 'base64');
    number += 1;
    const signed = verify(null, Buffer.from(file.body), key, signature);
    const linked = body.number === number && body.previous === previous;
    rule.expect(signed && linked, () => `checkpoint ${number}: not signed, or not the next one`);
    for (const [tenant, { seq, hash }] of Object.entries(body.heads)) {
      const same = hashes.get(tenant)?.[seq - 1] === hash;
      rule.expect(same, () => `checkpoint ${number}: ${tenant} ${seq} is not in the chain`);
    }
    previous = sha512(Buffer.from(file.body));
  }
  rule.expect(number > 0, () => 'there is no checkpoint');
  return rule.finding;
}

function genesis(tenant: string): string {
  return sha512(Buffer.from(`getupnet-audit-1:${tenant}`, 'ascii'));
}

function hashOf(prev: string, text: string): string {
  const body = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return sha512(Buffer.concat([VERSION, Buffer.from(prev, 'hex'), length, body]));
}

function sha512(bytes: Buffer): string {
  return createHash('sha512').update(bytes).digest('hex');
}

function textOf(row: EntryRow, seq: number): string {
  return canonical({
    actor: row.actor,
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    payload: row.payload,
    seq,
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    type: row.type,
  });
}

/** RFC 8785 for what JSON can hold: members in the order of their code units, nothing between. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, own]) => `${JSON.stringify(name)}:${canonical(own)}`).join()}}`;
}
