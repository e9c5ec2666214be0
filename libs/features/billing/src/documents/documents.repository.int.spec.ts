import { newId } from '@getupnet/kernel';
import { createTestTenant, useTestDatabase } from '@getupnet/testkit';
import { DocumentsRepository } from './documents.repository.js';

describe('DocumentsRepository', () => {
  const database = useTestDatabase();
  const documents = new DocumentsRepository();

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
