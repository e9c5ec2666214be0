import { entryText, genesisHash, linkHash, type WalkedLink } from '@getupnet/persistence';
import { follow, type Archive, type Walk } from './walk.js';

const TENANT = '0190a0b0-0000-7000-8000-000000000001';
const OLDEST = '2026-02-01';
/** Everything is old enough. */
const ARCHIVE = { before: OLDEST, upTo: 100 };
const START: Walk = { seq: 0, hash: genesisHash(TENANT), archived: 0, beyond: false };

/** A chain whose entries are of these months. */
function chainOf(...months: readonly string[]): WalkedLink[] {
  let prev = genesisHash(TENANT);
  return months.map((eventMonth, at) => {
    const event = {
      ...{ id: `0190a0b0-0000-7000-8000-00000000000${at}`, type: 'a.b', subjectId: null },
      ...{ actor: 'test', payload: { at }, occurredAt: new Date(`${eventMonth}T00:00:00Z`) },
    };
    const hash = linkHash(prev, entryText({ tenantId: TENANT, seq: at + 1, ...event }));
    const link = { seq: at + 1, prev, hash, eventMonth, event };
    prev = hash;
    return link;
  });
}

/** Without these entries' events. */
const without = (links: readonly WalkedLink[], ...seqs: readonly number[]): WalkedLink[] =>
  links.map((link) => (seqs.includes(link.seq) ? { ...link, event: null } : link));

test('a whole chain is followed to its end', () => {
  const { walk, bad } = follow(TENANT, START, chainOf(OLDEST, OLDEST, '2026-03-01'), ARCHIVE);
  expect([walk.seq, walk.archived, bad]).toEqual([3, 0, null]);
});

test('its archived beginning is followed by its links', () => {
  const links = chainOf('2026-01-01', OLDEST, '2026-01-01', '2026-03-01');
  const { walk, bad } = follow(TENANT, START, without(links, 1, 3), ARCHIVE);
  expect([walk.seq, walk.archived, bad]).toEqual([4, 2, null]);
});

test('a beginning that no old checkpoint vouches for was not archived, whatever its month says', () => {
  const links = without(chainOf('2000-01-01', '2000-01-01', OLDEST), 1, 2);
  const bad = (archive: Archive | null) => follow(TENANT, START, links, archive).bad;
  expect(bad(null)).toMatchObject({ seq: 1, reason: 'event_missing' });
  expect(bad({ before: OLDEST, upTo: 1 })).toMatchObject({ seq: 2, reason: 'event_missing' });
  expect(bad({ before: OLDEST, upTo: 2 })).toBeNull();
});

test('an event taken out of the middle does not pass for an archived one', () => {
  const links = without(chainOf(OLDEST, '2026-03-01', '2026-03-01'), 3);
  const pretended = links.map((one) =>
    one.seq === 3 ? { ...one, eventMonth: '2020-01-01' } : one,
  );
  for (const some of [links, pretended]) {
    expect(follow(TENANT, START, some, ARCHIVE).bad).toMatchObject({
      seq: 3,
      reason: 'event_missing',
    });
  }
});

test('each fault has its name and its first place', () => {
  const [one, two, three] = chainOf(OLDEST, OLDEST, OLDEST) as [WalkedLink, WalkedLink, WalkedLink];
  const changed = { ...two, event: two.event && { ...two.event, actor: 'other' } };
  const bad = (...links: readonly WalkedLink[]) => follow(TENANT, START, links, ARCHIVE).bad;
  expect(bad(one, changed, three)).toMatchObject({ seq: 2, reason: 'changed' });
  expect(bad(one, three)).toMatchObject({ seq: 2, reason: 'missing' });
  expect(bad(one, { ...two, prev: three.hash })).toMatchObject({ seq: 2, reason: 'order' });
  expect(bad(one, one)).toMatchObject({ reason: 'missing' });
});
