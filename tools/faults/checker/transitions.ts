import type { Evidence } from './evidence.js';
import { Rule, groupBy, type Finding } from './invariant.js';

const VERDICTS = ['ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED'] as const;

/** What may follow what, written down a second time on purpose. */
const MAY_FOLLOW: Readonly<Record<string, readonly string[]>> = {
  '': ['QUEUED', 'HELD'],
  HELD: ['QUEUED', 'VOIDED'],
  QUEUED: ['SIGNED'],
  SIGNED: ['SENDING', 'CONTINGENCY', 'DEFERRED'],
  CONTINGENCY: ['SENDING'],
  DEFERRED: ['SENDING', 'CONTINGENCY'],
  SENDING: ['SUBMITTED', 'UNKNOWN', 'SIGNED', 'CONTINGENCY', ...VERDICTS],
  UNKNOWN: ['SUBMITTED', 'SENDING', ...VERDICTS],
  SUBMITTED: ['UNKNOWN', ...VERDICTS],
};

/** Each transition is one event: read in their order, a document's events walk the table. */
export function transitions({ documents, events }: Evidence): Finding[] {
  const rule = new Rule('INV-6', 'each transition has exactly one event, up to the present state');
  const known = new Set([...Object.keys(MAY_FOLLOW), ...VERDICTS, 'VOIDED']);
  const entered = groupBy(
    events.filter(({ type }) => known.has(stateOf(type))),
    ({ tenant_id, subject_id }) => `${tenant_id}/${subject_id}`,
  );
  for (const row of documents) {
    let state = '';
    for (const { type } of entered.get(`${row.tenant_id}/${row.id}`) ?? []) {
      const to = stateOf(type);
      const from = state;
      const allowed = (MAY_FOLLOW[from] ?? []).includes(to);
      rule.expect(allowed, () => `${row.encf} ${row.id}: ${from || 'nothing'} → ${to}`);
      state = to;
    }
    rule.expect(state === row.state, () => `${row.encf} ${row.id}: ${state}, but is ${row.state}`);
  }
  const ids = new Set(documents.map(({ tenant_id, id }) => `${tenant_id}/${id}`));
  for (const key of entered.keys()) rule.expect(ids.has(key), () => `${key}: events of nobody`);
  return [rule.finding];
}

function stateOf(type: string): string {
  return type.replace(/^document\./, '').toUpperCase();
}
