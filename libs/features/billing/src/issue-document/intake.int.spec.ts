import { randomUUID } from 'node:crypto';
import { newId } from '@getupnet/kernel';
import { AcceptWriter, EmissionReader } from '@getupnet/persistence';
import { Lifecycle, type Config } from '@getupnet/platform';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import type { EmissionDocument } from '../emission/emission-document.js';
import { NearWorkers } from '../emission/near-workers.js';
import { DocumentIntake, type IntakeRow } from './intake.js';

const database = useTestDatabase();

describe('DocumentIntake', () => {
  const config = {
    get: () => ({ BILLING_NEAR_DOCUMENTS: 8, BILLING_HAND_OVER_MS: 30_000 }),
  } as unknown as Config;
  const driven: EmissionDocument[] = [];
  let intake: DocumentIntake;
  let reader: EmissionReader;
  let accepts: AcceptWriter;

  beforeAll(() => {
    const near = new NearWorkers(config, new Lifecycle());
    near.attend(async (document) => {
      driven.push(document);
    });
    accepts = new AcceptWriter(database().batchDb);
    reader = new EmissionReader(database().batchDb);
    intake = new DocumentIntake(accepts, near, config);
  });
  afterAll(() => Promise.all([accepts.onApplicationShutdown(), reader.onApplicationShutdown()]));

  const tenantWithRanges = () =>
    createTestTenant(database(), {
      ranges: [
        { tipo: 31, first: 1, last: 100, expiresOn: '2028-12-31' },
        { tipo: 32, first: 1, last: 100, expiresOn: null },
      ],
    });
  const row = (tenant: TestTenant, overrides: Partial<IntakeRow> = {}): IntakeRow => ({
    ...{ tenantId: tenant.id, id: newId(), environment: 'testecf', tipo: 31, route: 'ecf' },
    ...{ state: 'QUEUED', heldBy: null, idempotencyKey: randomUUID(), externalRef: null },
    ...{ bodySha256: 'ab'.repeat(32), branch: null, corrects: null, generation: 1 },
    ...{ statedEncf: null, statedExpiry: null, issuerRnc: tenant.rnc, buyerRnc: '101010632' },
    ...{ buyerName: null, montoTotal: '1180.00', fechaEmision: '2026-03-02' },
    ...{ fechaHoraFirma: '02-03-2026 10:00:00', artefactMonth: '2026-03-01' },
    ...{ today: '2026-03-02', xmlHead: '<a>ñ', xmlMiddle: '<b>', xmlTail: '<c>' },
    ...{ findings: [], actor: 'test', eventId: newId() },
    ...overrides,
  });
  const accept = async (one: IntakeRow) => {
    const place = intake.reserve(one.tenantId);
    const taken = await intake.accept(one, place, 'test');
    await taken.driven;
    place?.release();
    return taken;
  };
  const waitingInOutbox = async (tenant: TestTenant) => {
    const { rows } = await database()
      .pools.get('relay')
      .query<{ key: string }>('SELECT key FROM outbox WHERE tenant_id = $1', [tenant.id]);
    return rows.map(({ key }) => key);
  };

  it.each([
    ['with expiry', {}],
    ['without', { tipo: 32, route: 'rfce' as const, xmlMiddle: null, buyerRnc: null }],
  ])('drives the document exactly as a worker would read it back (%s)', async (_name, type) => {
    const tenant = await tenantWithRanges();
    const one = row(tenant, type);
    expect((await accept(one)).outcome.kind).toBe('accepted');
    const stored = await reader.load({ tenantId: tenant.id, documentId: one.id });
    expect(driven.find(({ id }) => id === one.id)).toEqual(stored);
    expect(await waitingInOutbox(tenant)).toEqual([]);
  });

  it('leaves held notes, corrected numbers and whoever has no place to the outbox', async () => {
    const tenant = await tenantWithRanges();
    const invoice = row(tenant);
    await intake.accept(invoice, null, 'test');
    const note = row(tenant, { state: 'HELD', heldBy: invoice.id });
    const corrected = row(tenant, { generation: 2, statedEncf: 'E310000000050' });
    for (const one of [note, corrected]) {
      expect(await accept(one)).toMatchObject({ outcome: { kind: 'accepted' }, driven: null });
    }
    expect((await waitingInOutbox(tenant)).sort()).toEqual([invoice.id, corrected.id].sort());
  });

  it('lets the sweeper find what nobody moved on', async () => {
    const tenant = await tenantWithRanges();
    const one = row(tenant);
    await accept(one);
    const [stored] = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findMany({ where: { id: one.id } }),
    );
    const waitMs = Number(stored?.nextAttemptAt) - Number(stored?.createdAt);
    expect(waitMs).toBe(30_000);
  });
});
