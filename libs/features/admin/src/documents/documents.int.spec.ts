import type { StuckDocumentList } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID } from '@getupnet/persistence';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { AdminUnderTest, type Person } from '../testing/admin-under-test.js';

let admin: AdminUnderTest;
let operator: Person;
let tenant: TestTenant;
let other: TestTenant;
afterAll(() => admin.close());
const database = useTestDatabase();
beforeAll(async () => {
  admin = await AdminUnderTest.start(database());
  operator = await admin.person({ platformRole: 'platform_admin' });
  tenant = await createTestTenant(database());
  other = await createTestTenant(database());
});

const MINUTE_MS = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);
const REASON = 'se corrigió el certificado';
let serial = 0;

/** A document that is under way unless told otherwise. */
async function document(owner: TestTenant, overrides: object = {}): Promise<string> {
  serial += 1;
  const id = newId();
  await database().tenantDb.run(owner, async (tx) => {
    const range = await tx.encfRange.findFirstOrThrow({ where: { tipo: 31 } });
    await tx.document.create({
      data: {
        ...{ tenantId: owner.tenantId, id, environment: 'testecf', tipo: 31, rangeId: range.id },
        ...{ encf: `E31${String(serial).padStart(10, '0')}`, state: 'SIGNED', route: 'ecf' },
        ...{ idempotencyKey: id, bodySha256: 'a'.repeat(64), issuerRnc: owner.rnc },
        ...{ montoTotal: '1.00', fechaEmision: new Date('2026-06-15') },
        ...{ fechaHoraFirma: '15-06-2026 10:00:00', artefactMonth: new Date('2026-06-01') },
        ...{ nextAttemptAt: ago(-60), createdAt: ago(1) },
        ...overrides,
      },
    });
  });
  return id;
}

const list = async (query = ''): Promise<StuckDocumentList> => {
  const answer = await admin.call<StuckDocumentList>(operator, 'GET', `/admin/documents${query}`);
  expect(answer.status).toBe(200);
  return answer.body;
};
const idsOf = ({ data }: StuckDocumentList): string[] => data.map(({ id }) => id);
const replay = (id: string, owner: TestTenant, reason = REASON) =>
  admin.call(operator, 'POST', `/admin/documents/${id}/replay`, {
    tenantId: owner.tenantId,
    reason,
  });

describe('EMI-5: documents that are stuck', () => {
  test('dead letters of all companies, longest first, page by page', async () => {
    const parked = { lastError: 'internal', faults: 8, state: 'UNKNOWN' };
    const young = await document(tenant, { ...parked, parkedAt: ago(5) });
    const old = await document(other, { ...parked, parkedAt: ago(50) });
    await document(tenant);
    const all = await list();
    expect(idsOf(all)).toEqual([old, young]);
    expect(all.data[0]).toMatchObject({
      tenantId: other.tenantId,
      state: 'UNKNOWN',
      faults: 8,
      lastError: 'internal',
    });
    const first = await list('?limit=1');
    expect(idsOf(first)).toEqual([old]);
    const cursor = first.nextCursor ?? '';
    expect(idsOf(await list(`?limit=1&cursor=${cursor}`))).toEqual([young]);
    expect(idsOf(await list(`?tenantId=${tenant.tenantId}`))).toEqual([young]);
    expect(idsOf(await list('?state=SIGNED'))).toEqual([]);
    const wrong = await admin.call(
      operator,
      'GET',
      `/admin/documents?stuck=waiting&cursor=${cursor}`,
    );
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'cursor.invalid']);
  });

  test('what is under way for too long, as long as nobody has to look at it', async () => {
    const slow = await document(tenant, { createdAt: ago(30) });
    await document(tenant, { createdAt: ago(30), parkedAt: ago(1) });
    await document(tenant, { createdAt: ago(30), state: 'ACCEPTED', nextAttemptAt: null });
    expect(idsOf(await list('?stuck=waiting'))).toEqual([slow]);
    expect(idsOf(await list('?stuck=waiting&minutes=60'))).toEqual([]);
  });

  test('a replay sends the document back to the workers, and both audits tell why', async () => {
    const trouble = { parkedAt: ago(5), faults: 8, starts: 2, handOvers: 7, lastError: 'internal' };
    const id = await document(tenant, trouble);
    const { status, body } = await replay(id, tenant);
    expect([status, body['id'], body['faults'], body['state']]).toEqual([202, id, 0, 'SIGNED']);
    expect(idsOf(await list())).not.toContain(id);
    const row = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findFirstOrThrow({ where: { id } }),
    );
    expect(row).toMatchObject({ parkedAt: null, faults: 0, starts: 0, handOvers: 0 });
    expect(row.nextAttemptAt?.getTime()).toBeLessThan(Date.now());
    for (const chain of [tenant.tenantId, PLATFORM_TENANT_ID]) {
      const events = (await admin.audit(chain)).filter(({ subject_id }) => subject_id === id);
      expect(events).toMatchObject([
        {
          type: 'document.replay_requested',
          actor: `operator:${operator.userId}`,
          payload: { reason: REASON, faults: 8, state: 'SIGNED' },
        },
      ]);
    }
  });

  test('no replay of another company’s document, of one that ended, or without a reason', async () => {
    const id = await document(tenant, { parkedAt: ago(5) });
    const final = await document(tenant, { state: 'REJECTED', nextAttemptAt: null });
    const before = (await admin.audit(PLATFORM_TENANT_ID)).length;
    const refusals = [
      await replay(id, other),
      await replay(final, tenant),
      await replay(id, tenant, 'x'),
    ];
    expect(refusals.map(({ status, body }) => [status, body['code']])).toEqual([
      [404, 'resource.not_found'],
      [409, 'document.state'],
      [400, 'validation.failed'],
    ]);
    expect(await admin.audit(PLATFORM_TENANT_ID)).toHaveLength(before);
    expect(idsOf(await list())).toContain(id);
  });
});
