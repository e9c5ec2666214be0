import { randomUUID } from 'node:crypto';
import type { DocumentState } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { AcceptWriter } from './accept-writer.js';
import type { AcceptOutcome, AcceptRow } from './accept.types.js';
import { EmissionReader } from './emission-reader.js';
import { FIRST_TENANT, RelayStore, type OutboxRow, type Portion } from './relay-store.js';
import { TransitionWriter } from './transition-writer.js';
import { acceptRow as row } from './testing/accept-row.js';
import type { TransitionRow } from './transition.types.js';

const database = useTestDatabase();

/** More than any test of this suite makes. */
const ALL: Portion = { from: FIRST_TENANT, tenants: 1_000, rows: 1_000 };

const encfs = (outcomes: readonly AcceptOutcome[]): string[] =>
  outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.encf] : [])).sort();

describe('AcceptWriter', () => {
  const writer = () => new AcceptWriter(database().batchDb);

  it('numbers without gaps or repeats from several writers at once', async () => {
    const tenant = await createTestTenant(database());
    const writers = [writer(), writer(), writer()];
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, index) => writers[index % 3]?.submit(row(tenant))),
    );
    const numbers = encfs(outcomes.flatMap((outcome) => (outcome ? [outcome] : [])));
    expect(numbers).toEqual(
      Array.from({ length: 300 }, (_, index) => `E31${String(index + 1).padStart(10, '0')}`),
    );
  });

  it('writes number and expiry of the range into the bytes, event and outbox row beside them', async () => {
    const tenant = await createTestTenant(database());
    const accepted = row(tenant);
    await writer().submit(accepted);
    const stored = await database().tenantDb.run(tenant, async (tx) => ({
      artefact: await tx.artefact.findFirst({ where: { documentId: accepted.id } }),
      events: await tx.auditEvent.findMany({ where: { subjectId: accepted.id } }),
    }));
    expect(stored.artefact?.body).toBe(
      '<ECF><eNCF>E310000000001</eNCF><FechaVencimientoSecuencia>31-12-2099' +
        '</FechaVencimientoSecuencia></ECF>',
    );
    expect(stored.events.map((event) => event.type)).toEqual(['document.queued']);
    const relayed: OutboxRow[] = [];
    await new RelayStore(database().pools).drainOutbox('documents', ALL, async (rows) => {
      relayed.push(...rows);
    });
    expect(relayed).toContainEqual({
      tenantId: tenant.tenantId,
      key: accepted.id,
      payload: {},
    });
  });

  it('answers a repeated key with its document and takes no number', async () => {
    const tenant = await createTestTenant(database());
    const first = row(tenant);
    const accepts = writer();
    await accepts.submit(first);
    const again = await accepts.submit(row(tenant, { idempotencyKey: first.idempotencyKey }));
    expect(again).toEqual({
      kind: 'replayed',
      documentId: first.id,
      bodySha256: first.bodySha256,
    });
    expect(encfs([await accepts.submit(row(tenant))])).toEqual(['E310000000002']);
  });

  it('makes one document of fifty simultaneous repeats over several writers', async () => {
    const tenant = await createTestTenant(database());
    const writers = [writer(), writer(), writer(), writer()];
    const idempotencyKey = randomUUID();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        writers[index % 4]?.submit(row(tenant, { idempotencyKey })),
      ),
    );
    const kinds = outcomes.map((outcome) => outcome?.kind);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(49);
    expect(encfs([await writer().submit(row(tenant))])).toEqual(['E310000000002']);
  });

  it('goes on in the next range within one batch, then says the numbers are used up', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [
        { tipo: 31, first: 1, last: 3, expiresOn: '2099-12-31' },
        { tipo: 31, first: 101, last: 102, expiresOn: '2099-12-31' },
      ],
    });
    const accepts = writer();
    const outcomes = await Promise.all(
      Array.from({ length: 7 }, () => accepts.submit(row(tenant))),
    );
    expect(encfs(outcomes).map((encf) => Number(encf.slice(3)))).toEqual([1, 2, 3, 101, 102]);
    expect(outcomes.filter(({ kind }) => kind === 'no_number')).toEqual([
      { kind: 'no_number', expiredOn: null },
      { kind: 'no_number', expiredOn: null },
    ]);
  });

  it('takes no number from a range that has expired, and says when it did', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [{ tipo: 31, first: 1, last: 9, expiresOn: '2026-06-14' }],
    });
    expect(await writer().submit(row(tenant))).toEqual({
      kind: 'no_number',
      expiredOn: '2026-06-14',
    });
    expect((await writer().submit(row(tenant, { today: '2026-06-14' }))).kind).toBe('accepted');
  });

  it('refuses an expiry that is not the range’s, without touching the others of the batch', async () => {
    const tenant = await createTestTenant(database());
    const accepts = writer();
    const [wrong, right] = await Promise.all([
      accepts.submit(row(tenant, { statedExpiry: '2030-12-31' })),
      accepts.submit(row(tenant, { statedExpiry: '2099-12-31' })),
    ]);
    expect(wrong).toEqual({ kind: 'expiry_mismatch', expiresOn: '2099-12-31' });
    expect(encfs([right])).toEqual(['E310000000001']);
  });

  it('honours a prescribed number once, and numbers on behind it', async () => {
    const tenant = await createTestTenant(database());
    const accepts = writer();
    const [one, two] = await Promise.all([
      accepts.submit(row(tenant, { statedEncf: 'E310000000005' })),
      accepts.submit(row(tenant, { statedEncf: 'E310000000005' })),
    ]);
    expect([one.kind, two.kind].sort()).toEqual(['accepted', 'encf_used']);
    expect(encfs([await accepts.submit(row(tenant))])).toEqual(['E310000000006']);
    const outside = row(tenant, { statedEncf: 'E310099999999' });
    expect((await accepts.submit(outside)).kind).toBe('not_in_range');
  });

  it('prescribes no number of a range that has expired', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [{ tipo: 31, first: 1, last: 9, expiresOn: '2026-06-14' }],
    });
    const stated = row(tenant, { statedEncf: 'E310000000005' });
    expect(await writer().submit(stated)).toEqual({ kind: 'no_number', expiredOn: '2026-06-14' });
    expect((await writer().submit({ ...stated, today: '2026-06-14' })).kind).toBe('accepted');
  });

  it('refuses a second document of the same external reference', async () => {
    const tenant = await createTestTenant(database());
    const other = await createTestTenant(database());
    const accepts = writer();
    const outcomes = await Promise.all([
      accepts.submit(row(tenant, { externalRef: 'F-1' })),
      accepts.submit(row(tenant, { externalRef: 'F-1' })),
      accepts.submit(row(other, { externalRef: 'F-1' })),
    ]);
    const kinds = outcomes.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'duplicate_reference')).toHaveLength(1);
    expect(encfs([await accepts.submit(row(tenant))])).toEqual(['E310000000002']);
  });
});

describe('TransitionWriter', () => {
  const accept = async (overrides: Partial<AcceptRow> = {}, owner?: TestTenant) => {
    const tenant = owner ?? (await createTestTenant(database()));
    const accepted = row(tenant, overrides);
    await new AcceptWriter(database().batchDb).submit(accepted);
    return { tenant, accepted };
  };
  const step = (accepted: AcceptRow, overrides: Partial<TransitionRow>): TransitionRow => ({
    tenantId: accepted.tenantId,
    documentId: accepted.id,
    artefactMonth: accepted.artefactMonth,
    from: 'QUEUED',
    to: 'SENDING',
    epoch: 0,
    leaseMs: 60_000,
    nextAttemptInMs: 60_000,
    attempts: 1,
    faults: 0,
    starts: 0,
    parked: false,
    patch: {},
    artefacts: [],
    events: [],
    actor: 'test',
    enqueue: false,
    ...overrides,
  });
  const load = (accepted: AcceptRow) =>
    new EmissionReader(database().batchDb).load({
      tenantId: accepted.tenantId,
      documentId: accepted.id,
    });

  it('lets one of two rivals through, and writes nothing for the other', async () => {
    const { tenant, accepted } = await accept();
    const artefact = { kind: 'signed', sha256: 'b'.repeat(64), body: '<ECF/>' };
    const rivals = ['first', 'second'].map((actor) =>
      new TransitionWriter(database().batchDb).submit(
        step(accepted, {
          actor,
          artefacts: [artefact],
          events: [{ id: newId(), type: 'document.sending', payload: {} }],
        }),
      ),
    );
    expect((await Promise.all(rivals)).sort()).toEqual([false, true]);
    const events = await database().tenantDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ where: { subjectId: accepted.id, type: 'document.sending' } }),
    );
    expect(events).toHaveLength(1);
    const now = await load(accepted);
    expect(now).toMatchObject({ state: 'SENDING', epoch: 1, leased: true, attempts: 1 });
    expect(now?.bodies).toEqual({ signed: '<ECF/>' });
  });

  it('fences off a sender whose lease was taken over', async () => {
    const { accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    await writer.submit(step(accepted, {}));
    await writer.submit(
      step(accepted, { from: 'SENDING', to: 'UNKNOWN', epoch: 1, leaseMs: null }),
    );
    await writer.submit(step(accepted, { from: 'UNKNOWN', to: 'SENDING', epoch: 2 }));
    const late = step(accepted, { from: 'SENDING', to: 'ACCEPTED', epoch: 1, leaseMs: null });
    expect(await writer.submit(late)).toBe(false);
    expect(await load(accepted)).toMatchObject({ state: 'SENDING', epoch: 3 });
  });

  it('EMI-4: fences off who read the document before it left its state and came back to it', async () => {
    const { accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    const then = (from: DocumentState, to: DocumentState, epoch: number) =>
      writer.submit(step(accepted, { from, to, epoch, leaseMs: null }));
    await writer.submit(step(accepted, {}));
    await then('SENDING', 'UNKNOWN', 1);
    const paused = await load(accepted);
    await then('UNKNOWN', 'SUBMITTED', 2);
    await then('SUBMITTED', 'UNKNOWN', 3);
    expect(paused).toMatchObject({ state: 'UNKNOWN', epoch: 2 });
    expect(await then('UNKNOWN', 'SENDING', 2)).toBe(false);
    expect(await load(accepted)).toMatchObject({ state: 'UNKNOWN', epoch: 4 });
  });

  it('INV-5: the in-flight window runs from the end of a send that got no answer', async () => {
    const { tenant, accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    await writer.submit(step(accepted, {}));
    const minuteAgo = new Date(Date.now() - 60_000);
    const sentAt = () =>
      database().tenantDb.run(tenant, (tx) =>
        tx.document.updateMany({
          where: { id: accepted.id },
          data: { sendingSince: minuteAgo },
        }),
      );
    await sentAt();
    const unknown = { from: 'SENDING', to: 'UNKNOWN', epoch: 1, leaseMs: null } as const;
    await writer.submit(step(accepted, { ...unknown, patch: { attemptEnded: true } }));
    expect((await load(accepted))?.sendingForMs).toBeLessThan(30_000);
    await sentAt();
    const adopted = { from: 'UNKNOWN', to: 'SUBMITTED', epoch: 2, leaseMs: null } as const;
    await writer.submit(step(accepted, adopted));
    expect((await load(accepted))?.sendingForMs).toBeGreaterThan(30_000);
  });

  it('a step that stays keeps epoch and lease', async () => {
    const { accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    await writer.submit(step(accepted, {}));
    const stay = step(accepted, { from: 'SENDING', epoch: 1, leaseMs: null, faults: 3 });
    expect(await writer.submit(stay)).toBe(true);
    expect(await load(accepted)).toMatchObject({ epoch: 1, leased: true, faults: 3 });
  });

  it('an alert is an outbox row of the step, or of nobody', async () => {
    const { accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    const alert = { type: 'document.dead_letter', details: { reason: 'internal' } };
    const event = { id: newId(), type: 'document.dead_letter', payload: {}, alert };
    const parked = { parked: true, events: [event] };
    expect(await writer.submit(step(accepted, { ...parked, epoch: 9 }))).toBe(false);
    expect(await writer.submit(step(accepted, parked))).toBe(true);
    const { rows } = await new RelayStore(database().pools).drainOutbox('alerts', ALL, async () =>
      Promise.resolve(),
    );
    expect(rows).toEqual([{ tenantId: accepted.tenantId, key: event.id, payload: alert }]);
  });

  it('ends what a final document leaves behind and wakes the notes that wait for it', async () => {
    const { tenant, accepted } = await accept();
    const { accepted: note } = await accept({ state: 'HELD', heldBy: accepted.id }, tenant);
    const writer = new TransitionWriter(database().batchDb);
    await writer.submit(step(accepted, {}));
    await writer.submit(
      step(accepted, {
        from: 'SENDING',
        to: 'ACCEPTED',
        epoch: 1,
        leaseMs: null,
        nextAttemptInMs: null,
        patch: { dgiiCodigo: '1', dgiiEstado: 'Aceptado', secuenciaUtilizada: true },
      }),
    );
    const rows = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findMany({ where: { id: { in: [accepted.id, note.id] } } }),
    );
    const final = rows.find(({ id }) => id === accepted.id);
    expect(final).toMatchObject({ state: 'ACCEPTED', nextAttemptAt: null, dgiiCodigo: '1' });
    const { rows: due } = await new RelayStore(database().pools).claimDue(ALL, 30_000);
    expect(due).toContainEqual({ tenantId: tenant.tenantId, documentId: note.id });
    expect(due).not.toContainEqual({ tenantId: tenant.tenantId, documentId: accepted.id });
    expect((await load(note))?.heldByState).toBe('ACCEPTED');
  });

  it.each(['REJECTED', 'VOIDED'] as const)(
    'lets a correction take the number of a %s document once, and knows its trackIds',
    async (state) => {
      const { tenant, accepted } = await accept();
      const writer = new TransitionWriter(database().batchDb);
      const ended = { to: state, leaseMs: null, nextAttemptInMs: null, patch: { trackId: 'T1' } };
      await writer.submit(step(accepted, ended));
      const correction = () =>
        row(tenant, { corrects: accepted.id, generation: 2, statedEncf: 'E310000000001' });
      const accepts = new AcceptWriter(database().batchDb);
      const first = correction();
      expect(await accepts.submit(first)).toMatchObject({ kind: 'accepted' });
      expect(await accepts.submit(correction())).toEqual({ kind: 'encf_used' });
      expect(await load(first)).toMatchObject({
        generation: 2,
        earlierTrackIds: ['T1'],
        createdAt: expect.any(Date),
      });
      expect((await load(accepted))?.earlierTrackIds).toEqual([]);
    },
  );

  it('records what DGII said although the database cannot hold every character of it', async () => {
    const { tenant, accepted } = await accept();
    const garbled = 'El campo \u0000 no es válido \ud800';
    const patch = { dgiiMensajes: [{ codigo: '1', valor: garbled }], lastError: garbled };
    const events = [{ id: newId(), type: 'document.rejected', payload: { valor: garbled } }];
    const writer = new TransitionWriter(database().batchDb);
    expect(await writer.submit(step(accepted, { patch, events }))).toBe(true);
    const stored = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findFirst({ where: { id: accepted.id } }),
    );
    const kept = 'El campo \ufffd no es válido \ufffd';
    expect(stored?.lastError).toBe(kept);
    expect(stored?.dgiiMensajes).toEqual([{ codigo: '1', valor: kept }]);
  });

  it('tells whether a send was left unanswered, and whether DGII has echoed it', async () => {
    const { accepted } = await accept();
    const writer = new TransitionWriter(database().batchDb);
    const reader = new EmissionReader(database().batchDb);
    const history = () =>
      reader.sendingHistory({ tenantId: accepted.tenantId, documentId: accepted.id });
    const unknown = (payload: object) => ({
      events: [{ id: newId(), type: 'document.unknown', payload }],
    });
    expect(await history()).toEqual({ unanswered: false, echoed: false });
    await writer.submit(step(accepted, unknown({ reason: 'timeout' })));
    expect(await history()).toEqual({ unanswered: true, echoed: false });
    await writer.submit(
      step(accepted, { from: 'SENDING', epoch: 1, ...unknown({ echo: '1209' }) }),
    );
    expect(await history()).toEqual({ unanswered: true, echoed: true });
  });

  it('moves documents of several tenants in one batch, each fenced by itself', async () => {
    const made = await Promise.all([accept(), accept(), accept()]);
    const writer = new TransitionWriter(database().batchDb);
    const applied = await Promise.all(
      made.map(({ accepted }, index) =>
        writer.submit(step(accepted, { epoch: index === 1 ? 9 : 0 })),
      ),
    );
    expect(applied).toEqual([true, false, true]);
  });
});
