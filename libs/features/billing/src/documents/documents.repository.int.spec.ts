import { newId } from '@getupnet/kernel';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { DocumentsRepository } from './documents.repository.js';

/** A document that was set aside, its troubles counted to the end. */
const deadLetter = ({ tenantId, rnc }: TestTenant, id: string, rangeId: string) => ({
  ...{ tenantId, id, rangeId, environment: 'testecf', tipo: 31, encf: 'E310000000001' },
  ...{ state: 'UNKNOWN', route: 'ecf', idempotencyKey: id, bodySha256: 'a'.repeat(64) },
  ...{ issuerRnc: rnc, montoTotal: '1.00', fechaEmision: new Date('2026-06-15') },
  ...{ fechaHoraFirma: '15-06-2026 10:00:00', artefactMonth: new Date('2026-06-01') },
  ...{ nextAttemptAt: new Date('2099-01-01'), parkedAt: new Date() },
  ...{ faults: 8, starts: 10, handOvers: 9 },
});

describe('DocumentsRepository', () => {
  const database = useTestDatabase();
  const documents = new DocumentsRepository();

  it('a document that is woken has all its tries again', async () => {
    const tenant = await createTestTenant(database());
    const id = newId();
    const woken = await database().tenantDb.run(tenant, async (tx) => {
      const range = await tx.encfRange.findFirstOrThrow({ where: { tipo: 31 } });
      await tx.document.create({ data: deadLetter(tenant, id, range.id) });
      await documents.wake(tx, id);
      return tx.document.findFirstOrThrow({ where: { id } });
    });
    expect(woken).toMatchObject({ parkedAt: null, faults: 0, starts: 0, handOvers: 0 });
    expect(woken.nextAttemptAt?.getTime()).toBeLessThan(Date.now());
  });

  it('of more events than it shows, it shows the latest', async () => {
    const tenant = await createTestTenant(database());
    const subjectId = newId();
    const began = Date.now() - 3_600_000;
    const count = 503;
    const events = await database().tenantDb.run(tenant, async (tx) => {
      await tx.auditEvent.createMany({
        data: Array.from({ length: count }, (_, at) => ({
          ...{ tenantId: tenant.tenantId, id: newId(), month: new Date('2026-11-01'), subjectId },
          ...{ type: at === count - 1 ? 'document.accepted' : 'document.sending', actor: 'test' },
          ...{ payload: { at }, occurredAt: new Date(began + at) },
        })),
      });
      return documents.events(tx, subjectId);
    });
    expect(events).toHaveLength(500);
    expect(events.at(-1)?.type).toBe('document.accepted');
    const times = events.map(({ occurredAt }) => occurredAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
