import type { AckEntry, DocumentRow, Evidence } from './evidence.js';
import { Rule, groupBy, type Finding } from './invariant.js';

const FINAL: ReadonlySet<string> = new Set([
  'ACCEPTED',
  'CONDITIONALLY_ACCEPTED',
  'REJECTED',
  'VOIDED',
]);
const FINAL_WITHIN_MS = 120_000;

const keyOf = (tenantId: string | undefined, key: string): string => `${tenantId}/${key}`;

/** What the client was told is what there is: nothing lost, nothing twice, everything ended. */
export function acknowledged(evidence: Evidence): Finding[] {
  const posts = new Map(
    evidence.acks.filter(({ t }) => t === 'post').map((line) => [line.key, line]),
  );
  const byKey = groupBy(evidence.documents, (row) => keyOf(row.tenant_id, row.idempotency_key));
  const told = groupBy(
    evidence.acks.filter(({ t }) => t === 'ack'),
    ({ key }) => key,
  );
  return [
    exactlyOnce(posts, told, byKey),
    ...final(evidence, posts),
    everyoneTold(evidence, posts, told),
    noStrangers(evidence, posts),
    races(posts, told),
  ];
}

function exactlyOnce(
  posts: ReadonlyMap<string, AckEntry>,
  told: ReadonlyMap<string, AckEntry[]>,
  byKey: ReadonlyMap<string, DocumentRow[]>,
): Finding {
  const rule = new Rule('INV-1', 'every acknowledged emission exists exactly once, as it was told');
  for (const [key, answers] of told) {
    const rows = byKey.get(keyOf(posts.get(key)?.tenantId, key)) ?? [];
    rule.expect(rows.length === 1, () => `${key}: acknowledged, ${rows.length} documents`);
    for (const { id, encf } of answers) {
      const same = rows[0]?.id === id && rows[0]?.encf === encf;
      rule.expect(same, () => `${key}: told ${id} ${encf}, is ${rows[0]?.id} ${rows[0]?.encf}`);
    }
  }
  return rule.finding;
}

function final(
  { documents, events, run }: Evidence,
  posts: ReadonlyMap<string, AckEntry>,
): Finding[] {
  const ended = new Rule('INV-1', 'every document is final within 120 s of the last fault');
  const right = new Rule('INV-1', 'and ended as its content deserves');
  const limit = Date.parse(run.faultsEndedAt) + FINAL_WITHIN_MS;
  const last = new Map(events.map((event) => [event.subject_id, event.occurred_at.getTime()]));
  for (const row of documents) {
    const inTime = (last.get(row.id) ?? Infinity) <= limit;
    ended.expect(
      FINAL.has(row.state) && inTime,
      () => `${row.encf} ${row.id}: ${row.state}, ${row.last_error ?? 'no error'}`,
    );
    const expected = posts.get(row.idempotency_key)?.expect ?? [];
    right.expect(
      expected.includes(row.state),
      () => `${row.encf} ${row.id} (${row.idempotency_key}): ${row.state}, not ${expected.join()}`,
    );
  }
  return [ended.finding, right.finding];
}

function everyoneTold(
  { acks }: Evidence,
  posts: ReadonlyMap<string, AckEntry>,
  told: ReadonlyMap<string, AckEntry[]>,
): Finding {
  const rule = new Rule('INV-1', 'every post got a yes or a no; a no only where one was due');
  const refusals = new Map(acks.filter(({ t }) => t === 'refused').map((line) => [line.key, line]));
  for (const [key, { race, expect }] of posts) {
    const refusal = refusals.get(key);
    const due = race !== undefined || expect?.includes('REFUSED') === true;
    const lost = due && refusal !== undefined;
    rule.expect(
      told.has(key) || lost,
      () => `${key}: ${refusal ? `${refusal.status} ${refusal.code}` : 'never told'}`,
    );
  }
  return rule.finding;
}

function noStrangers({ documents }: Evidence, posts: ReadonlyMap<string, AckEntry>): Finding {
  const rule = new Rule('INV-1', 'no document that nobody posted, none with another tenant');
  for (const row of documents) {
    const post = posts.get(row.idempotency_key);
    rule.expect(post?.tenantId === row.tenant_id, () => `${row.encf} ${row.id}: nobody's`);
  }
  return rule.finding;
}

function races(
  posts: ReadonlyMap<string, AckEntry>,
  told: ReadonlyMap<string, AckEntry[]>,
): Finding {
  const rule = new Rule('INV-2', 'of corrections that race for a number exactly one has it');
  const racing = groupBy(
    [...posts.values()].filter(({ race }) => race !== undefined),
    ({ race }) => race ?? '',
  );
  for (const [race, runners] of racing) {
    const winners = runners.filter(({ key }) => told.has(key));
    rule.expect(winners.length === 1, () => `${race}: ${winners.length} of ${runners.length}`);
  }
  return rule.finding;
}
