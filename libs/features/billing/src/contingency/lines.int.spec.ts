import { AuditLog, Outbox, type ContingencyLine } from '@getupnet/persistence';
import { SystemClock } from '@getupnet/kernel';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { DeadlineWatch } from './deadline-watch.js';
import { LineBench } from './testing/line-bench.js';

const database = useTestDatabase();
const LEASE_MS = 60_000;

describe('DGI-5: contingency', () => {
  const clock = new FakeClock(new SystemClock().now());
  const newBench = (): LineBench => new LineBench(database(), clock);
  let bench: LineBench;
  let tenant: TestTenant;

  beforeEach(async () => {
    bench = newBench();
    tenant = await createTestTenant(database());
  });
  afterEach(() => bench.close());

  const waiting = async (numbers: readonly number[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const number of numbers) ids.push(await bench.signed(tenant, number));
    bench.dgii.down();
    await bench.tryToSend(tenant, ids);
    return ids;
  };
  const lineOf = async (): Promise<ContingencyLine> => {
    const [episode] = await episodes();
    if (episode === undefined) throw new Error('there is no episode');
    const { id: contingencyId } = episode;
    const claim = new Date().toISOString();
    return { tenantId: tenant.id, contingencyId, environment: 'testecf', tries: 0, claim };
  };
  /** Of this taxpayer, taken by as many processes at once. */
  const claimed = async (processes = 1): Promise<ContingencyLine[]> => {
    const claims = Array.from({ length: processes }, () =>
      bench.store.claimLines('testecf', 16, LEASE_MS),
    );
    return (await Promise.all(claims)).flat().filter(({ tenantId }) => tenantId === tenant.id);
  };
  const episodes = () =>
    database().tenantDb.run(tenant, (tx) => tx.contingency.findMany({ orderBy: { id: 'asc' } }));
  const events = async (type: string) => {
    const rows = await database().tenantDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ where: { type } }),
    );
    return rows.map(({ payload }) => payload);
  };
  const alerts = async (type: string): Promise<Record<string, unknown>[]> => {
    const { rows } = await database().pools.query<{ details: Record<string, unknown> }>(
      'relay',
      `SELECT payload->'details' AS details FROM outbox
       WHERE tenant_id = $1 AND topic = 'alerts' AND payload->>'type' = $2 ORDER BY id`,
      [tenant.id, type],
    );
    return rows.map(({ details }) => details);
  };
  /** As the owner, who may write what no role may. */
  const asOwner = (text: string, values: unknown[] = []): Promise<void> =>
    database().asOwner(async (owner) => {
      await owner.query('BEGIN');
      await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant.id]);
      await owner.query(text, values);
      await owner.query('COMMIT');
    });
  /** Moves a document's issue, and so its term, into the past. */
  const age = (id: string, hours: number) =>
    asOwner(
      `UPDATE document SET created_at = created_at - make_interval(hours => $2),
         send_by = send_by - make_interval(hours => $2) WHERE id = $1`,
      [id, hours],
    );

  it('an outage marks what waits with one episode and a term of 72 hours', async () => {
    const ids = await waiting([1, 2, 3]);
    expect(await bench.states(tenant, ids)).toEqual(Array(3).fill('CONTINGENCY'));
    // Only the first one tried: the others met a closed way.
    expect(bench.dgii.sent).toHaveLength(1);
    const rows = await database().tenantDb.run(tenant, (tx) => tx.document.findMany());
    const [episode, ...more] = await episodes();
    expect(more).toEqual([]);
    for (const { contingencyId, sendBy, createdAt } of rows) {
      expect(contingencyId).toBe(episode?.id);
      expect((sendBy?.getTime() ?? 0) - createdAt.getTime()).toBe(72 * 3_600_000);
    }
    expect(await events('contingency.opened')).toHaveLength(1);
    expect(await alerts('contingency.opened')).toMatchObject([
      { tenantId: tenant.id, environment: 'testecf', reason: 'maintenance' },
    ]);
  });

  it('documents of one moment, in several processes, open one episode', async () => {
    const outage = { since: clock.now(), reason: 'breaker.open' };
    const taxpayer = { tenantId: tenant.id, environment: 'testecf' } as const;
    const ids = await Promise.all(
      Array.from({ length: 12 }, () => bench.episodes.current(taxpayer, outage)),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await events('contingency.opened')).toHaveLength(1);
    // Whoever writes: the table has no second one.
    const second = asOwner(
      `INSERT INTO contingency (tenant_id, id, environment, kind, cause, opened_by, begun_at)
       SELECT tenant_id, gen_random_uuid(), environment, kind, cause, opened_by, begun_at
       FROM contingency`,
    );
    await expect(second).rejects.toThrow('contingency_open_key');
  });

  it('while DGII is away one document of the line is tried, and keeps its place', async () => {
    const ids = await waiting([1, 2, 3]);
    // Another process, which does not know that the way is closed.
    const other = newBench();
    other.dgii.down();
    const turn = await other.lines.run(await lineOf(), { actor: 'test' });
    await other.close();
    expect(turn).toEqual({ sent: 0, end: 'failed' });
    expect(other.dgii.sent).toEqual(['E310000000001']);
    expect(await bench.states(tenant, ids)).toEqual(Array(3).fill('CONTINGENCY'));
    expect((await episodes())[0]).toMatchObject({ endedAt: null, drainedAt: null });
    expect(await bench.lines.run(await lineOf(), { actor: 'test' })).toEqual({
      sent: 0,
      end: 'closed',
    });
  });

  it('when it is back everything goes in the order of its issue, and the episode ends', async () => {
    const ids = await waiting([1, 2, 3, 4, 5, 6, 7, 8]);
    const other = newBench();
    other.dgii.up();
    const turn = await other.lines.run(await lineOf(), { actor: 'test' });
    await other.close();
    expect(turn).toEqual({ sent: 8, end: 'drained' });
    expect(other.dgii.sent).toEqual(ids.map((_, at) => `E31000000000${at + 1}`));
    expect(await bench.states(tenant, ids)).toEqual(Array(8).fill('SUBMITTED'));
    const [episode] = await episodes();
    expect(episode).toMatchObject({ endedAt: expect.any(Date), nextTryAt: null });
    expect(episode?.drainedAt).toEqual(expect.any(Date));
    expect(await alerts('contingency.closed')).toHaveLength(1);
  });

  it('a document without an answer ends the turn, is in doubt, and is not sent again', async () => {
    const ids = await waiting([1, 2, 3]);
    const other = newBench();
    other.dgii.answer = ({ encf }) =>
      encf.endsWith('2')
        ? { kind: 'unknown', reason: 'answer.empty' }
        : { kind: 'received', trackId: 'track-1' };
    expect(await other.lines.run(await lineOf(), { actor: 'test' })).toEqual({
      sent: 1,
      end: 'failed',
    });
    expect(await bench.states(tenant, ids)).toEqual(['SUBMITTED', 'UNKNOWN', 'CONTINGENCY']);
    expect(await other.lines.run(await lineOf(), { actor: 'test' })).toEqual({
      sent: 1,
      end: 'drained',
    });
    await other.close();
    expect(other.dgii.sent).toEqual(['E310000000001', 'E310000000002', 'E310000000003']);
  });

  it('DGI-5: that nothing waits any more is no sign of DGII: one in doubt keeps the episode', async () => {
    const [id = ''] = await waiting([1]);
    const other = newBench();
    other.dgii.answer = () => ({ kind: 'unknown', reason: 'timeout' });
    const turn = async () => other.lines.run(await lineOf(), { actor: 'test' });
    expect(await turn()).toEqual({ sent: 0, end: 'failed' });
    expect(await bench.states(tenant, [id])).toEqual(['UNKNOWN']);
    expect(await turn()).toEqual({ sent: 0, end: 'more' });
    expect((await episodes())[0]?.endedAt).toBeNull();
    expect(await alerts('contingency.closed')).toEqual([]);
    // It was asked about, and DGII has it.
    await asOwner(`UPDATE document SET state = 'ACCEPTED' WHERE id = $1`, [id]);
    expect(await turn()).toEqual({ sent: 0, end: 'drained' });
    await other.close();
    expect((await episodes())[0]?.endedAt).toEqual(expect.any(Date));
    expect(await alerts('contingency.closed')).toHaveLength(1);
  });

  it('DGI-5: a document somebody else moved in the same moment says nothing of DGII', async () => {
    const ids = await waiting([1, 2]);
    const other = newBench();
    // The way closes between the look at it and the intent.
    other.dgii.down();
    other.send.intend = () => Promise.resolve([]);
    const turn = await other.lines.run(await lineOf(), { actor: 'test' });
    await other.close();
    expect(turn).toEqual({ sent: 0, end: 'more' });
    expect(other.dgii.sent).toEqual([]);
    expect(await bench.states(tenant, ids)).toEqual(['CONTINGENCY', 'CONTINGENCY']);
    expect((await episodes())[0]?.endedAt).toBeNull();
    expect(await alerts('contingency.closed')).toEqual([]);
  });

  it('of several episodes a turn that sent nothing ends its own at the most', async () => {
    const taxpayer = { tenantId: tenant.id, environment: 'testecf' } as const;
    await waiting([1]);
    await bench.episodes.returned(taxpayer);
    await asOwner(`UPDATE document SET state = 'ACCEPTED'`);
    // Opened, and its first document has not joined it yet.
    await bench.episodes.current(taxpayer, { since: clock.now(), reason: 'breaker.open' });
    expect(await bench.lines.run(await lineOf(), { actor: 'test' })).toMatchObject({
      end: 'drained',
    });
    expect(await episodes()).toMatchObject([{ endedAt: expect.any(Date) }, { endedAt: null }]);
  });

  it('summaries have their own way: one that is closed does not hold up the other', async () => {
    const ids = await waiting([1]);
    bench.dgii.down();
    const summary = await bench.signed(tenant, 1, { tipo: 32, route: 'rfce' });
    await bench.tryToSend(tenant, [summary]);
    const other = newBench();
    other.dgii.answer = ({ route }) =>
      route === 'rfce'
        ? { kind: 'received', trackId: 'track-1' }
        : { kind: 'unavailable', reason: 'breaker.open', retryAfterMs: 60_000 };
    expect(await other.lines.run(await lineOf(), { actor: 'test' })).toEqual({
      sent: 1,
      end: 'failed',
    });
    await other.close();
    expect(await bench.states(tenant, [...ids, summary])).toEqual(['CONTINGENCY', 'SUBMITTED']);
    expect((await episodes())[0]?.endedAt).toBeNull();
  });

  it('a turn ends with the document under way when its process is to end', async () => {
    const ids = await waiting([1, 2, 3]);
    const other = newBench();
    other.dgii.up();
    const stopped = (): boolean => other.dgii.sent.length > 0;
    const turn = await other.lines.run(await lineOf(), { actor: 'test', stopped });
    await other.close();
    expect(turn).toEqual({ sent: 1, end: 'more' });
    expect(await bench.states(tenant, ids)).toEqual(['SUBMITTED', 'CONTINGENCY', 'CONTINGENCY']);
  });

  it('a refused document goes to a person and the line goes on', async () => {
    const ids = await waiting([1, 2]);
    const other = newBench();
    other.dgii.answer = ({ encf }) =>
      encf.endsWith('1')
        ? { kind: 'refused', httpStatus: 400, mensajes: [{ codigo: '', valor: 'no' }], raw: '' }
        : { kind: 'received', trackId: 'track-1' };
    expect(await other.lines.run(await lineOf(), { actor: 'test' })).toEqual({
      sent: 2,
      end: 'drained',
    });
    await other.close();
    expect(await bench.states(tenant, ids)).toEqual(['SIGNED', 'SUBMITTED']);
  });

  it('a line has one driver at a time; one whose time has not come has none', async () => {
    await waiting([1]);
    await asOwner(`UPDATE contingency SET next_try_at = now()`);
    const [line, ...others] = await claimed(4);
    if (line === undefined) throw new Error('nobody took it');
    expect(others).toEqual([]);
    await bench.store.putOff(line, 3_600_000, 3);
    expect(await claimed()).toEqual([]);
    await bench.store.wake('testecf');
    expect(await claimed()).toMatchObject([{ contingencyId: line.contingencyId, tries: 0 }]);
  });

  it('DGI-5: no wake, nor who had it before, takes a line from its driver', async () => {
    await waiting([1]);
    await asOwner(`UPDATE contingency SET next_try_at = now()`);
    const [first] = await claimed();
    if (first === undefined) throw new Error('nobody took it');
    await bench.store.wake('testecf');
    expect(await claimed()).toEqual([]);
    // Its process stood still for longer than its claim, and another one took the line.
    await asOwner(`UPDATE contingency SET next_try_at = now(), claimed_until = now()`);
    const [second] = await claimed();
    expect(second).toMatchObject({ contingencyId: first.contingencyId });
    await bench.store.putOff(first, 0, 0);
    expect(await claimed()).toEqual([]);
    if (second !== undefined) await bench.store.putOff(second, 0, 0);
    expect(await claimed()).toHaveLength(1);
  });

  it('of a taxpayer’s episodes only the oldest is driven', async () => {
    await waiting([1]);
    await bench.episodes.returned({ tenantId: tenant.id, environment: 'testecf' });
    await bench.tryToSend(tenant, [await bench.signed(tenant, 2)]);
    expect(await episodes()).toHaveLength(2);
    await asOwner(`UPDATE contingency SET next_try_at = now() - interval '1 minute'`);
    const { contingencyId } = await lineOf();
    expect(await claimed(3)).toMatchObject([{ contingencyId }]);
  });

  it('a document left behind wakes its line, also one thought drained', async () => {
    const [id = ''] = await waiting([1]);
    await asOwner(
      `UPDATE contingency SET ended_at = now(), drained_at = now(), next_try_at = NULL`,
    );
    expect(await claimed()).toEqual([]);
    const document = await bench.reader.load({ tenantId: tenant.id, documentId: id });
    if (document === null) throw new Error('it is there');
    await bench.send.leaveToLine([document], bench.stints.begin('test'));
    expect(await bench.states(tenant, [id])).toEqual(['CONTINGENCY']);
    expect(await claimed()).toHaveLength(1);
  });

  it('one that joins an episode in the moment of its end is not forgotten', async () => {
    await waiting([1]);
    const late = await bench.signed(tenant, 2);
    const { current } = bench.episodes;
    // Between the look for the episode and the document's step, another process ends it.
    bench.episodes.current = async (...asked) => {
      const found = await current.apply(bench.episodes, asked);
      await asOwner(`UPDATE contingency SET ended_at = now(), drained_at = now(),
        next_try_at = NULL`);
      return found;
    };
    await bench.tryToSend(tenant, [late]);
    expect(await bench.states(tenant, [late])).toEqual(['CONTINGENCY']);
    expect(await claimed()).toHaveLength(1);
  });

  it('deadlines are told at two thirds, eleven twelfths and the end, once each', async () => {
    const ids = await waiting([1, 2]);
    const { tenantDb } = database();
    const audit = new AuditLog(clock);
    const watch = new DeadlineWatch(bench.store, tenantDb, audit, new Outbox());
    await watch.look();
    expect(await alerts('contingency.deadline')).toEqual([]);
    for (const [hours, urgency] of [
      [49, 'warning'],
      [18, 'urgent'],
      [6, 'overdue'],
    ] as const) {
      for (const id of ids) await age(id, hours);
      await Promise.all([watch.look(), watch.look()]);
      await watch.look();
      const told = await alerts('contingency.deadline');
      expect(told.filter((one) => one['urgency'] === urgency)).toMatchObject([
        { mode: 'contingency', documents: 2, environment: 'testecf' },
      ]);
    }
    expect(await events('contingency.deadline')).toHaveLength(3);
    // One more falls due: of the others was told already.
    const [late = ''] = await waiting([3]);
    await age(late, 80);
    await watch.look();
    const overdue = (await alerts('contingency.deadline')).filter(
      (one) => one['urgency'] === 'overdue',
    );
    expect(overdue.map((one) => one['documents']).sort()).toEqual([1, 2]);
  });

  it('what DGII has received has no deadline', async () => {
    const [id = ''] = await waiting([1]);
    await age(id, 80);
    const other = newBench();
    other.dgii.up();
    await other.lines.run(await lineOf(), { actor: 'test' });
    await other.close();
    const audit = new AuditLog(clock);
    await new DeadlineWatch(bench.store, database().tenantDb, audit, new Outbox()).look();
    expect(await alerts('contingency.deadline')).toEqual([]);
  });
});
