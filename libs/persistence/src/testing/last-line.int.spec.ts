import { newId } from '@getupnet/kernel';
import { createTestTenant, type TestTenant, useTestDatabase } from '@getupnet/testkit';
import type { Client } from 'pg';
import { AcceptWriter } from '../emission/accept-writer.js';
import { acceptRow } from '../emission/testing/accept-row.js';

/**
 * What the schema itself refuses, whoever asks for it: the last line of defence when the code that
 * should never ask has a fault.
 */
describe('the last line', () => {
  const database = useTestDatabase();
  let writer: AcceptWriter;
  let tenant: TestTenant;
  let documentId: string;

  beforeAll(async () => {
    writer = new AcceptWriter(database().batchDb);
    tenant = await createTestTenant(database());
    const row = acceptRow({ tenantId: tenant.id, rnc: tenant.rnc }, { externalRef: 'F-1' });
    expect(await writer.submit(row)).toMatchObject({ kind: 'accepted' });
    documentId = row.id;
  });
  afterAll(() => writer.onApplicationShutdown());

  const asOwner = <T>(work: (owner: Client) => Promise<T>): Promise<T> =>
    database().asOwner(async (owner) => {
      await owner.query(`SELECT set_config('app.tenant_id', $1, false)`, [tenant.id]);
      return work(owner);
    });

  /** A copy of a row with other values in some columns. */
  const copy = (table: string, key: string, id: string, changes: object): Promise<unknown> =>
    asOwner((owner) =>
      owner.query(
        `INSERT INTO ${table} SELECT (jsonb_populate_record(t, $2::jsonb)).* FROM ${table} t
         WHERE ${key} = $1`,
        [id, JSON.stringify(changes)],
      ),
    );
  const another = () => ({ id: newId(), idempotency_key: newId(), external_ref: null });

  test('EMI-3: a second living document of a number', async () => {
    await expect(
      copy('document', 'id', documentId, { ...another(), generation: 2 }),
    ).rejects.toMatchObject({ constraint: 'document_living_encf_key' });
  });

  test('EMI-3: a second document of the same generation, living or not', async () => {
    await expect(
      copy('document', 'id', documentId, { ...another(), state: 'VOIDED' }),
    ).rejects.toMatchObject({
      constraint: 'document_tenant_id_encf_generation_environment_key',
    });
  });

  const otherNumber = { encf: 'E310000000999' };

  test('EMI-1: a second document of a key', async () => {
    const { idempotency_key: _, ...changes } = another();
    await expect(
      copy('document', 'id', documentId, { ...changes, ...otherNumber }),
    ).rejects.toMatchObject({ constraint: 'document_tenant_id_idempotency_key_key' });
  });

  test('EMI-1: a second document of a reference', async () => {
    const { external_ref: _, ...changes } = another();
    await expect(
      copy('document', 'id', documentId, { ...changes, ...otherNumber }),
    ).rejects.toMatchObject({ constraint: 'document_external_ref_key' });
  });

  test('EMI-3: a range over numbers of another', async () => {
    await expect(
      asOwner((owner) =>
        owner.query(
          `INSERT INTO encf_range SELECT (jsonb_populate_record(r, $1::jsonb)).* FROM encf_range r
         WHERE tipo = 31`,
          [JSON.stringify({ id: newId(), first: 2, next: 2 })],
        ),
      ),
    ).rejects.toMatchObject({ constraint: 'encf_range_overlap_excl' });
  });

  test('KEY-4: other bytes under a document’s name', async () => {
    await expect(
      copy('artefact', 'document_id', documentId, { body: '<b/>' }),
    ).rejects.toMatchObject({ code: '23505' });
  });

  test('AUD-1: a fork of the chain, and an event chained twice', async () => {
    const bytes = (byte: string) => `\\x${byte.repeat(64)}`;
    const link = (seq: number, eventId: string, prev: string, hash: string) =>
      asOwner((owner) =>
        owner.query(
          `INSERT INTO audit_link (tenant_id, seq, event_month, event_id, prev, hash)
         VALUES ($1, $2, '2026-06-01', $3, $4, $5)`,
          [tenant.id, seq, eventId, bytes(prev), bytes(hash)],
        ),
      );
    const eventId = newId();
    await link(1, eventId, '00', '11');
    await expect(link(1, newId(), '11', '22')).rejects.toMatchObject({ code: '23505' });
    await expect(link(2, newId(), '00', '22')).rejects.toMatchObject({ code: '23505' });
    await expect(link(2, eventId, '11', '22')).rejects.toMatchObject({ code: '23505' });
    await link(2, newId(), '11', '22');
  });
});
