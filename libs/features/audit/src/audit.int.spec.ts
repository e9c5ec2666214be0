import { spawn } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditList, AuditVerification, CheckpointList } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { createTestTenant, useTestDatabase, waitFor, type TestTenant } from '@getupnet/testkit';
import { AuditUnderTest, CHAINED_MS } from './testing/audit-under-test.js';

/** What the separate program says of an export. */
async function auditVerify({
  service,
  seals,
  tenant,
  file,
}: {
  readonly service: AuditUnderTest;
  readonly seals: string;
  readonly tenant: TestTenant;
  readonly file: string;
}) {
  const key = join(service.dir, 'public.pem');
  await writeFile(key, service.publicKey.export({ type: 'spki', format: 'pem' }));
  const child = spawn(process.execPath, [
    'tools/audit-verify/audit-verify.mjs',
    ...['--json', '--checkpoints', seals, '--key', key],
    ...['--tenant', tenant.id, file],
  ]);
  return JSON.parse((await child.stdout.toArray()).join('')) as object;
}

describe('service audit', () => {
  let service: AuditUnderTest;
  // Before the database goes, hence declared first.
  afterAll(() => service.close());
  const database = useTestDatabase();
  beforeAll(async () => {
    service = await AuditUnderTest.start(database());
  });

  const newTenant = (): Promise<TestTenant> => createTestTenant(database());
  const verify = (tenant: TestTenant, query = ''): Promise<AuditVerification> =>
    service.json(tenant.apiKey, `/audit/verify${query}`);

  test('AUD-4: a company reads its own log, newest first, in pages and by filter', async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    await service.write(one.id, 'document.queued', 'document.signed', 'key.created');
    await service.write(other.id, 'secret.thing');
    await service.chained(one.id, 3);
    await service.chained(other.id, 1);
    const page = await service.json<AuditList>(one.apiKey, '/audit/logs?limit=2');
    expect(page.data.map(({ seq, type }) => [seq, type])).toEqual([
      [3, 'key.created'],
      [2, 'document.signed'],
    ]);
    const rest = await service.json<AuditList>(
      one.apiKey,
      `/audit/logs?limit=2&cursor=${String(page.nextCursor)}`,
    );
    expect(rest).toMatchObject({ data: [{ seq: 1 }], nextCursor: null });
    const documents = await service.json<AuditList>(one.apiKey, '/audit/logs?type=document');
    expect(documents.data.map(({ seq }) => seq)).toEqual([2, 1]);
    const future = '/audit/logs?from=2999-01-01T00:00:00Z';
    expect((await service.json<AuditList>(one.apiKey, future)).data).toEqual([]);
    const forged = `/audit/logs?cursor=${String(page.nextCursor)}`;
    expect((await service.get(other.apiKey, forged)).status).toBe(400);
  });

  test('AUD-2: the export and the store prove themselves to a program that shares no code', async () => {
    const tenant = await newTenant();
    await service.write(tenant.id, 'a.one', 'a.two', 'a.three');
    await service.sealed(tenant, 3);
    // Seals first, entries afterwards: later seals would speak of entries the export lacks.
    const seals = join(service.dir, 'kept-checkpoints');
    await cp(service.checkpoints, seals, { recursive: true });
    const response = await service.get(tenant.apiKey, '/audit/logs', 'application/x-ndjson');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const file = join(service.dir, 'export.ndjson');
    const lines = await response.text();
    await writeFile(file, lines);
    const check = () => auditVerify({ service, seals, tenant, file });
    expect(await check()).toMatchObject({ ok: true, chains: [{ sealed: 3 }] });
    await writeFile(file, lines.split('\n').slice(0, 2).join('\n'));
    expect(await check()).toMatchObject({ ok: false, chains: [{ firstBad: 3 }] });
    const part = await service.get(tenant.apiKey, '/audit/logs?after=2', 'application/x-ndjson');
    expect((await part.text()).split('\n')[0]).toBe(lines.split('\n')[2]);
    // AUD-3: exports are events themselves.
    await service.chained(tenant.id, 5);
  });

  test('an export takes no filter, a list no place to begin', async () => {
    const { apiKey } = await newTenant();
    const filtered = await service.get(apiKey, '/audit/logs?type=a', 'application/x-ndjson');
    expect([filtered.status, (await service.get(apiKey, '/audit/logs?after=1')).status]).toEqual([
      400, 400,
    ]);
  });

  test('AUD-2: checkpoints are shown to a company without the others’ heads', async () => {
    const tenant = await newTenant();
    await service.write(tenant.id, 'a.one');
    await service.sealed(tenant, 1);
    const list = await service.json<CheckpointList>(tenant.apiKey, '/audit/checkpoints');
    expect(list.data[0]).toMatchObject({ seq: 1 });
    expect(Object.keys(list.data[0] ?? {}).sort()).toEqual(
      ['at', 'bodySha512', 'hash', 'number', 'seq'].sort(),
    );
  });

  test('verify follows a chain, and looks for every event in it', async () => {
    const tenant = await newTenant();
    await service.write(tenant.id, 'a.one', 'a.two', 'a.three');
    await service.sealed(tenant, 3);
    expect(await verify(tenant)).toMatchObject({
      ...{ ok: true, complete: true, from: 1, to: 3, head: 3, firstBad: null },
      ...{ events: { checked: 3, pending: 0 }, checkpoint: { seq: 3 } },
    });
    expect(await verify(tenant, '?from=2&to=2')).toMatchObject({ ok: true, from: 2, to: 2 });
  });

  test('a chain that lost what was sealed is told in it, and sealed where it is', async () => {
    const tenant = await newTenant();
    await service.write(tenant.id, 'a.one');
    await service.sealed(tenant, 1);
    await service.write(tenant.id, 'a.two');
    await service.sealed(tenant, 2);
    await service.tamper(`DELETE FROM audit_link WHERE tenant_id = '${tenant.id}' AND seq = 2;
      DELETE FROM audit_event WHERE tenant_id = '${tenant.id}' AND type = 'a.two'`);
    await service.write(PLATFORM_TENANT_ID, 'a.wake');
    const types = async (): Promise<readonly string[]> => {
      const { data } = await service.json<AuditList>(tenant.apiKey, '/audit/logs');
      return data.map(({ type }) => type);
    };
    const told = async () => (await types()).includes('audit.recovery');
    await waitFor(told, { what: 'a recovery', timeoutMs: CHAINED_MS });
    expect(await types()).toEqual(['audit.recovery', 'a.one']);
    // Checkpoints made of what is left fit; the one from before goes on contradicting.
    await service.write(tenant.id, 'a.later');
    const stated = async () =>
      (await service.json<CheckpointList>(tenant.apiKey, '/audit/checkpoints')).data[0]?.seq;
    const what = 'a checkpoint of what is left';
    await waitFor(async () => (await stated()) === 3, { what, timeoutMs: CHAINED_MS });
    expect(await verify(tenant)).toMatchObject({
      ...{ ok: false, complete: true, checkpoint: { seq: 2 } },
      firstBad: { seq: 2, reason: 'checkpoint' },
    });
  });

  test('a loss that was told but is not in the chain yet is no intact chain', async () => {
    const tenant = await newTenant();
    await service.write(tenant.id, 'a.one', 'a.two', 'a.three');
    await service.sealed(tenant, 3);
    const firstBad = { seq: 3, reason: 'checkpoint' };
    let begun: AuditVerification;
    // Nothing is chained behind a transaction that is under way.
    const open = await database().pools.get('batch').connect();
    try {
      await open.query('BEGIN; SELECT pg_current_xact_id()');
      await service.tamper(`DELETE FROM audit_link WHERE tenant_id = '${tenant.id}' AND seq = 3;
        DELETE FROM audit_event WHERE tenant_id = '${tenant.id}' AND type = 'a.three'`);
      const wake = 'UPDATE audit_cursor SET links = links + 1';
      await database().pools.query('audit_append', wake);
      const stated = async () =>
        (await service.json<CheckpointList>(tenant.apiKey, '/audit/checkpoints')).data[0]?.seq;
      await waitFor(async () => (await stated()) === 2, { what: 'a checkpoint of what is left' });
      expect(await verify(tenant)).toMatchObject({
        ...{ ok: false, complete: true, head: 2, events: { checked: 3, pending: 1 } },
        ...{ checkpoint: { seq: 3 }, firstBad },
      });
      begun = await verify(tenant, '?limit=1');
      expect(begun).toMatchObject({ ok: true, complete: false, to: 1, head: 2 });
    } finally {
      await open.query('ROLLBACK');
      open.release();
    }
    // It comes into the chain behind what a verification under way looks at.
    await service.write(tenant.id, 'a.later');
    await service.chained(tenant.id, 4);
    const ended = await verify(tenant, `?cursor=${String(begun.nextCursor)}`);
    expect(ended).toMatchObject({ ok: false, complete: true, to: 2, checkpoint: { seq: 3 } });
  });

  test('POST /audit/logs takes an event once, for a service with the key of the pair', async () => {
    const tenant = await newTenant();
    const event = { id: newId(), type: 'thing.done', actor: 'job:1', payload: { n: 1 } };
    expect(await post(service, tenant.id, event)).toEqual([200, { id: event.id, created: true }]);
    expect(await post(service, tenant.id, event)).toEqual([200, { id: event.id, created: false }]);
    const other = await post(service, tenant.id, { ...event, actor: 'job:2' });
    expect(other).toEqual([422, expect.objectContaining({ code: 'idempotency.key_reused' })]);
    await service.chained(tenant.id, 1);
    const page = await service.json<AuditList>(tenant.apiKey, '/audit/logs');
    expect(page.data).toMatchObject([{ ...event, seq: 1 }]);
  });

  test('OBS-3: the age of the chain is a metric', async () => {
    const text = await (await fetch(`${service.internalUrl}/metrics`)).text();
    expect(text).toMatch(/^audit_head_age_seconds \d/m);
  });
});

async function post(
  service: AuditUnderTest,
  tenantId: string,
  event: object,
): Promise<[number, unknown]> {
  const body = JSON.stringify(event);
  const response = await fetch(`${service.internalUrl}/audit/logs`, {
    method: 'POST',
    headers: { ...service.serviceHeaders(tenantId, body), 'content-type': 'application/json' },
    body,
  });
  return [response.status, await response.json()];
}
