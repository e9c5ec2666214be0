import { readFile } from 'node:fs/promises';
import { allServices } from '../../../all/src/index.js';
import { expectedOf, sweepAccess, sweepListeners } from './access-sweep.js';
import type { Caller } from './callers.js';
import { sweepForeign, sweepOwn, type Strangers } from './foreign-sweep.js';
import { startInstallation, type Installation } from './installation.js';
import { sweepOperator } from './operator-sweep.js';
import { markersOf, oneOfEachColumn, rowsOf } from './planted.js';

// TEN-1, TEN-2, TEN-6, TEN-7: every route of the running application, as everybody.

let one: Installation;
let everybody: readonly Caller[];
/** As planted, before anybody called. */
let rowsOfA: readonly string[];
let rowsOfB: readonly string[];

beforeAll(async () => {
  one = await startInstallation(allServices());
  rowsOfA = await rowsOf(one.database, one.a.id);
  rowsOfB = await rowsOf(one.database, one.b.id);
  everybody = await one.callers.everybody(one.a.id);
});
afterAll(() => one?.stop());

test('the routes registered are those declared, and those are the committed ones', async () => {
  const declared = one.routes.map(({ endpoint: { method, path, listener } }) =>
    [method, path, listener].join(' '),
  );
  const registered = [...one.registered].filter((line) => !line.startsWith('HEAD '));
  expect(registered.sort()).toEqual(declared.sort());
  const committed: unknown = JSON.parse(await readFile('docs/reference/routes.json', 'utf8'));
  expect(one.running.routes).toEqual(committed);
});

test('TEN-1: whoever calls whichever route gets as far as its declaration says', async () => {
  expect(await sweepAccess(one, everybody)).toEqual([]);
});

test('TEN-1: every declared permission lets somebody in and keeps somebody out', () => {
  const guarded = one.routes.filter(({ endpoint }) => endpoint.permissions.length > 0);
  const lonely = guarded.filter((route) => {
    const people = everybody.filter(({ kind, refused }) => kind === 'session' && !refused);
    const outcomes = new Set(people.map((caller) => expectedOf(route, caller) === 'handler'));
    return outcomes.size < 2;
  });
  expect(lonely.map(({ endpoint }) => endpoint.path)).toEqual([]);
});

test('NET: no route of one listener answers on the other', async () => {
  expect(await sweepListeners(one, everybody)).toEqual([]);
}, 30_000);

describe('A, who knows every value of B’s rows', () => {
  let strangers: Strangers;

  beforeAll(async () => {
    const { a, b, callers } = one;
    const admin = (tenantId: string) => ({ tenantId, role: 'tenant_admin' });
    const markers = markersOf(rowsOfB, rowsOfA);
    strangers = {
      a: [
        await callers.apiKey('API key of A', a.id),
        await callers.person('administrator of A', admin(a.id)),
        callers.service('sign', a.id),
        callers.service('dgii-client', a.id),
      ],
      b: await callers.person('administrator of B', admin(b.id)),
      aId: a.id,
      bId: b.id,
      markers,
      tried: oneOfEachColumn(rowsOfB, markers),
    };
  });

  test('has enough of them to try', () => {
    expect(strangers.markers.length).toBeGreaterThan(60);
    expect(strangers.tried.length).toBeGreaterThan(25);
  });

  test('TEN-2, TEN-6, TEN-7: gets nothing of B’s out of any route', async () => {
    expect(await sweepForeign(one, strangers)).toEqual([]);
  });

  test('TEN-2: has its own found where B’s was not there', async () => {
    const [, admin] = strangers.a;
    expect(await sweepOwn(one, admin, oneOfEachColumn(rowsOfA))).toEqual([]);
  });

  test('TEN-2: nor do the operator’s people see its business without acting for it', async () => {
    const who = { tenantId: null, platformRole: 'super_admin' };
    const operator = await one.callers.person('super_admin', who);
    const { bId: id, markers, tried } = strangers;
    expect(await sweepOperator(one, operator, { id, rows: rowsOfB, markers, tried })).toEqual([]);
  }, 30_000);

  test('TEN-3: changed nothing of B’s', async () => {
    const { callers, database, b } = one;
    const after = new Set(await rowsOf(database, b.id));
    expect(rowsOfB.filter((row) => !after.has(row))).toEqual([]);
    for (const row of rowsOfB) after.delete(row);
    // The session with which B looked at its own pages.
    expect([...after].filter((row) => !callers.madeFor(row))).toEqual([]);
  });

  test('TEN-5: the log names the tenant of each call by its credential', () => {
    const [key] = strangers.a;
    const lines = one
      .logs()
      .split('\n')
      .filter((line) => line.includes(`"caller":"api-key:${key?.id}"`))
      .map((line) => JSON.parse(line) as { readonly tenant_id?: string });
    expect(lines.length).toBeGreaterThan(100);
    expect(new Set(lines.map((line) => line.tenant_id))).toEqual(new Set([one.a.id]));
  });
});
