import { MOST_VOID_RANGES, type DgiiVoidOutcome, type VoidResource } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { armCrashPoints } from '@getupnet/platform';
import { createTestTenant, useTestDatabase, waitFor, type TestTenant } from '@getupnet/testkit';
import {
  alertsOf,
  become,
  contextOf,
  request,
  row,
  sequencesUnderTest,
  shown,
} from '../../testing/sequences-under-test.js';

const database = useTestDatabase();
let under: ReturnType<typeof sequencesUnderTest>;
beforeAll(() => {
  under = sequencesUnderTest(database());
});
beforeEach(() => {
  under.sign.fails = null;
  under.sign.requests.length = 0;
  under.dgii.sent.length = 0;
  under.dgii.answers = [];
});
afterEach(() => armCrashPoints(undefined));
afterAll(() => under.writer.onApplicationShutdown());

const tenantWith = (...ranges: [first: number, last: number][]) =>
  createTestTenant(database(), {
    ranges: ranges.map(([first, last]) => ({ tipo: 31, first, last, expiresOn: '2099-12-31' })),
  });
const numbers = (first: number, last = first) => ({ tipo: '31', first, last }) as const;
const encf = (number: number): string => `E31${String(number).padStart(10, '0')}`;
const accept = async (tenant: TestTenant, count: number, more: object = {}) =>
  (
    await Promise.all(Array.from({ length: count }, () => under.writer.submit(row(tenant, more))))
  ).map(shown);
const voided = async (tenant: TestTenant, ...ranges: ReturnType<typeof numbers>[]) =>
  (await under.voids.create(contextOf(tenant), { ranges, request: request() })).request;
const drive = async (tenant: TestTenant, { id }: VoidResource, times = 1) => {
  for (let at = 0; at < times; at += 1) await under.drive.run(tenant.id, id, 'test');
  return under.voids.get(contextOf(tenant), id);
};
const says = (status: 'ACCEPTED' | 'REJECTED', ...texts: string[]): DgiiVoidOutcome => ({
  kind: 'answered',
  verdict: {
    ...{ codigo: status === 'ACCEPTED' ? '1' : '2', estado: null, status },
    mensajes: texts.map((valor) => ({ codigo: '0', valor })),
  },
});
const UNKNOWN: DgiiVoidOutcome = { kind: 'unknown', reason: 'http.timeout', raw: null };
const outcomes = (resource: VoidResource) =>
  resource.ranges.map(
    (range) => `${range.first.slice(-3)}-${range.last.slice(-3)} ${range.outcome}`,
  );
const statesOf = async (tenant: TestTenant, id: string) => {
  const events = await database().tenantDb.run(tenant, (tx) =>
    tx.auditEvent.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } }),
  );
  return events.map(({ type }) => type.replace('sequence.void_', ''));
};

describe('numbers taken out of use', () => {
  it('are never given, and those around them are, whatever DGII says', async () => {
    const tenant = await tenantWith([1, 20]);
    await accept(tenant, 2);
    const asked = await voided(tenant, numbers(5, 6), numbers(19, 20));
    expect(asked).toMatchObject({ state: 'QUEUED', count: '4' });
    under.dgii.answers = [says('REJECTED', 'No se pudo anular.')];
    expect((await drive(tenant, asked)).state).toBe('REJECTED');
    const given = (await accept(tenant, 20)).filter((one) => one !== 'no_number').sort();
    const rest = [3, 4, ...Array.from({ length: 12 }, (_, at) => at + 7)];
    expect(given).toEqual(rest.map(encf));
    // They stay ours: nobody registers them again.
    await expect(
      under.sequences.add(
        contextOf(tenant),
        { tipo: '31', first: 19, last: 30, expiresOn: '2099-12-31', branch: null },
        request(),
      ),
    ).rejects.toMatchObject({ code: 'sequence.overlap' });
  });

  it('lose no race against documents that are accepted meanwhile', async () => {
    const tenant = await tenantWith([1, 200]);
    const issuing = accept(tenant, 150);
    const asking = Promise.allSettled(
      [60, 90, 120, 160].map((first) => voided(tenant, numbers(first, first + 9))),
    );
    const given = [...(await issuing), ...(await accept(tenant, 200))];
    const taken = (await asking).flatMap((one) =>
      one.status === 'fulfilled' ? one.value.ranges : [],
    );
    const out = taken.flatMap(({ first }) =>
      Array.from({ length: 10 }, (_, at) => encf(Number(first.slice(3)) + at)),
    );
    const all = [...given.filter((one) => one !== 'no_number'), ...out].sort();
    expect(all).toEqual(Array.from({ length: 200 }, (_, at) => encf(at + 1)));
  });

  it('are those no document needs: unused, freed or never sent, and of a range of ours', async () => {
    const tenant = await tenantWith([1, 20]);
    await accept(tenant, 5);
    await become(database(), tenant, [encf(2)], { state: 'REJECTED', secuenciaUtilizada: false });
    await become(database(), tenant, [encf(3)], { state: 'VOIDED' });
    await become(database(), tenant, [encf(4)], { state: 'REJECTED', secuenciaUtilizada: true });
    for (const wrong of [numbers(1), numbers(2, 4), numbers(5, 6), numbers(20, 21)]) {
      await expect(voided(tenant, wrong)).rejects.toMatchObject({ code: 'sequence.not_voidable' });
    }
    await expect(voided(tenant, numbers(2), numbers(2))).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
    expect((await voided(tenant, numbers(2, 3), numbers(6))).count).toBe('3');
    await expect(voided(tenant, numbers(3))).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
    const [first] = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findMany({ where: { encf: encf(2) } }),
    );
    const correction = { statedEncf: encf(2), generation: 2, corrects: first?.id };
    expect(await accept(tenant, 1, correction)).toEqual(['encf_voided']);
    expect(await accept(tenant, 1)).toEqual([encf(7)]);
  });

  it('lose no race against the correction of a freed number: one of the two gets it', async () => {
    const tenant = await tenantWith([1, 100]);
    await accept(tenant, 12);
    const encfs = Array.from({ length: 12 }, (_, at) => encf(at + 1));
    await become(database(), tenant, encfs, { state: 'REJECTED', secuenciaUtilizada: false });
    const documents = await database().tenantDb.run(tenant, (tx) => tx.document.findMany());
    const [corrected, asked] = await Promise.all([
      Promise.all(
        documents.map(({ id, encf: statedEncf }) =>
          under.writer.submit(row(tenant, { statedEncf, generation: 2, corrects: id })),
        ),
      ),
      Promise.allSettled(encfs.map((_, at) => voided(tenant, numbers(at + 1)))),
    ]);
    const byEncf = new Map(documents.map((one, at) => [one.encf, corrected[at]?.kind]));
    encfs.forEach((one, at) => {
      const [has, gone] = [byEncf.get(one) === 'accepted', asked[at]?.status === 'fulfilled'];
      expect([one, has !== gone]).toEqual([one, true]);
    });
  });

  it('are asked for once, however often the request arrives', async () => {
    const tenant = await tenantWith([1, 20]);
    const command = { ranges: [numbers(5)], request: request() };
    const context = contextOf(tenant);
    const made = await Promise.all(
      Array.from({ length: 5 }, () => under.voids.create(context, command)),
    );
    expect(new Set(made.map((one) => one.request.id)).size).toBe(1);
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const other = { ...command, request: { ...command.request, sha256: 'cd'.repeat(32) } };
    await expect(under.voids.create(context, other)).rejects.toMatchObject({
      code: 'idempotency.key_reused',
    });
  });

  it('are many at once', async () => {
    const tenant = await tenantWith([1, 3_000]);
    const ranges = Array.from({ length: MOST_VOID_RANGES }, (_, at) => numbers(at * 2 + 1));
    const asked = await voided(tenant, ...ranges);
    expect(asked.count).toBe(String(MOST_VOID_RANGES));
    expect(await accept(tenant, 3)).toEqual([encf(2), encf(4), encf(6)]);
    under.dgii.answers = [says('ACCEPTED', 'Secuencias anuladas.')];
    expect((await drive(tenant, asked)).state).toBe('ACCEPTED');
    expect(under.dgii.sent[0]).toContain(
      `<CantidadeNCFAnulados>${MOST_VOID_RANGES}</CantidadeNCFAnulados>`,
    );
  });

  it('bring no warning again that was given of their range', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [{ tipo: 31, first: 1, last: 100, expiresOn: '2026-03-20' }],
    });
    await accept(tenant, 92);
    await under.watch().pass();
    const once = await alertsOf(database(), tenant);
    expect([...once].sort()).toEqual(['sequence.expiring', 'sequence.low']);
    await voided(tenant, numbers(95), numbers(97));
    await under.watch().pass();
    expect(await alertsOf(database(), tenant)).toEqual(once);
  });

  it('exist in no environment where DGII has no such service', async () => {
    const tenant = await createTestTenant(database(), { environment: 'certecf' });
    await expect(voided(tenant, numbers(5))).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
  });
});

const leaseEnds = (tenant: TestTenant) =>
  database().tenantDb.run(
    tenant,
    (tx) => tx.$executeRaw`UPDATE encf_void SET lease_until = now() WHERE state = 'SENDING'`,
  );

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('the request', () => {
  it('is signed, sent and answered, each state one event, and its bytes can be read', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5, 9));
    await expect(under.voids.xml(contextOf(tenant), asked.id)).rejects.toMatchObject({
      code: 'document.state',
    });
    under.dgii.answers = [says('ACCEPTED', 'Secuencias anuladas.')];
    const done = await drive(tenant, asked, 2);
    expect(done).toMatchObject({
      ...{ state: 'ACCEPTED', advice: null, unanswered: false },
      dgii: { codigo: '1', mensajes: [{ codigo: '0', valor: 'Secuencias anuladas.' }] },
    });
    expect(outcomes(done)).toEqual(['005-009 VOIDED']);
    expect(await statesOf(tenant, asked.id)).toEqual(['queued', 'signed', 'sending', 'accepted']);
    const { body } = await under.voids.xml(contextOf(tenant), asked.id);
    expect(under.dgii.sent).toEqual([body]);
    expect(await alertsOf(database(), tenant)).toEqual([]);
    expect(body).toContain(`<RncEmisor>${tenant.rnc}</RncEmisor>`);
    await expect(under.voids.retry(contextOf(tenant), asked.id, request())).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
  });

  it('keeps what DGII excepted apart, for a person, who may ask again for just that', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5, 9));
    const texts = ['Anuladas con excepción de:', `Secuencias ya utilizadas: ${encf(7)}.`];
    under.dgii.answers = [says('ACCEPTED', ...texts), says('REJECTED', texts[1] ?? '')];
    const done = await drive(tenant, asked);
    expect(done.state).toBe('PARTIALLY_ACCEPTED');
    expect(done.dgii.mensajes.map(({ valor }) => valor)).toEqual(texts);
    expect(outcomes(done)).toEqual(['005-006 VOIDED', '007-007 UNCLEAR', '008-009 VOIDED']);
    const again = await under.voids.retry(contextOf(tenant), asked.id, request());
    expect(again.request).toMatchObject({ count: '1', retries: asked.id });
    const found = { outcome: 'VOIDED', note: '-' } as const;
    await expect(under.voids.settle(contextOf(tenant), asked.id, found)).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
    expect((await drive(tenant, again.request)).state).toBe('REJECTED');
    const alert = 'sequence.void_unsettled';
    expect(await alertsOf(database(), tenant)).toEqual([alert, alert]);
  });

  it('is not repeated once the company issues in another environment', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5, 9));
    under.dgii.answers = [says('REJECTED', 'No se pudo anular.')];
    expect((await drive(tenant, asked)).state).toBe('REJECTED');
    const moved = { ...contextOf(tenant), environment: 'ecf' } as const;
    const range = {
      tipo: '31',
      first: 1,
      last: 20,
      expiresOn: '2099-12-31',
      branch: null,
    } as const;
    await under.sequences.add(moved, range, request());
    const before = await under.sequences.list(moved, { limit: 50 });
    await expect(under.voids.retry(moved, asked.id, request())).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    expect(await under.sequences.list(moved, { limit: 50 })).toEqual(before);
    expect((await under.voids.retry(contextOf(tenant), asked.id, request())).replayed).toBe(false);
  });

  it('sends the same bytes again after no answer, and then believes no rejection', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5), numbers(7));
    under.dgii.answers = [UNKNOWN, UNKNOWN, says('REJECTED', 'Secuencias ya utilizadas.')];
    expect(await drive(tenant, asked)).toMatchObject({ state: 'UNKNOWN', unanswered: true });
    const done = await drive(tenant, asked, 2);
    expect(done.state).toBe('REVIEW');
    expect(outcomes(done)).toEqual(['005-005 UNCLEAR', '007-007 UNCLEAR']);
    expect(new Set(under.dgii.sent).size).toBe(1);
    expect(under.dgii.sent).toHaveLength(3);
    expect(under.sign.requests).toHaveLength(1);
    expect(await accept(tenant, 6)).toEqual([1, 2, 3, 4, 6, 8].map(encf));
    const found = { outcome: 'VOIDED', note: 'Consulta en la OFV' } as const;
    const settled = await under.voids.settle(contextOf(tenant), asked.id, found);
    expect(outcomes(settled)).toEqual(['005-005 VOIDED', '007-007 VOIDED']);
    expect((await statesOf(tenant, asked.id)).at(-1)).toBe('settled');
    await expect(under.voids.settle(contextOf(tenant), asked.id, found)).rejects.toMatchObject({
      code: 'sequence.not_voidable',
    });
  });

  it('waits while DGII or the signer cannot be used, without an attempt being held against it', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5));
    under.sign.fails = 'cert.expired';
    expect(await drive(tenant, asked)).toMatchObject({
      ...{ state: 'QUEUED', lastError: 'cert.expired' },
    });
    under.sign.fails = null;
    under.dgii.answers = [
      { kind: 'unavailable', reason: 'breaker.open', retryAfterMs: 1 },
      new AppError('env.forbidden', { environment: 'ecf' }),
      { kind: 'refused', httpStatus: 400, mensajes: [{ codigo: '', valor: 'No' }], raw: 'No' },
    ];
    expect(await drive(tenant, asked)).toMatchObject({
      ...{ state: 'SIGNED', lastError: 'breaker.open', unanswered: false },
    });
    expect(await drive(tenant, asked)).toMatchObject({ lastError: 'env.forbidden' });
    expect((await drive(tenant, asked)).state).toBe('REJECTED');
  });

  it('is found by the sweeper until it is settled', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5));
    const due = async () =>
      (await under.store.claimVoids(100, 0)).filter(({ voidId }) => voidId === asked.id).length;
    expect(await due()).toBe(1);
    expect(await due()).toBe(1);
    under.dgii.answers = [says('ACCEPTED')];
    await drive(tenant, asked);
    expect(await due()).toBe(0);
  });

  it.each([
    ['void.after_sign', 1],
    ['void.after_intent', 1],
    ['void.after_answer', 2],
    ['void.after_commit', 1],
  ])('survives a failure at %s', async (point, sendings) => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5));
    under.dgii.answers = [says('ACCEPTED'), says('ACCEPTED')];
    armCrashPoints(`${point}:exception`);
    await drive(tenant, asked, 3);
    // A dead sender's lease ends; whoever comes then takes it for unanswered.
    await leaseEnds(tenant);
    const done = await drive(tenant, asked, 3);
    expect(done.state).toBe('ACCEPTED');
    expect(under.dgii.sent).toHaveLength(sendings);
    expect(new Set(under.dgii.sent).size).toBe(1);
    const states = await statesOf(tenant, asked.id);
    expect(states.filter((state) => state === 'accepted')).toHaveLength(1);
  });

  it('is not settled by a worker that comes back after its lease', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5));
    const [late, second] = [deferred<DgiiVoidOutcome>(), deferred<DgiiVoidOutcome>()];
    under.dgii.answers = [late.promise, second.promise];
    const sendings = [drive(tenant, asked)];
    await waitFor(async () => under.dgii.sent.length === 1 || null, { what: 'the first POST' });
    await leaseEnds(tenant);
    expect((await drive(tenant, asked)).state).toBe('UNKNOWN');
    sendings.push(drive(tenant, asked));
    await waitFor(async () => under.dgii.sent.length === 2 || null, { what: 'the second POST' });
    late.resolve(says('ACCEPTED'));
    expect((await sendings[0])?.state).toBe('SENDING');
    second.resolve(says('REJECTED', 'Secuencias ya utilizadas.'));
    expect((await sendings[1])?.state).toBe('REVIEW');
  });

  it('is sent by one of two workers', async () => {
    const tenant = await tenantWith([1, 20]);
    const asked = await voided(tenant, numbers(5));
    under.dgii.answers = [says('ACCEPTED'), says('ACCEPTED')];
    await Promise.all([drive(tenant, asked), drive(tenant, asked)]);
    expect(under.dgii.sent).toHaveLength(1);
    expect((await drive(tenant, asked)).state).toBe('ACCEPTED');
    expect(await statesOf(tenant, asked.id)).toEqual(['queued', 'signed', 'sending', 'accepted']);
  });
});

test('another tenant’s request is not there', async () => {
  const [a, b] = [await tenantWith([1, 20]), await tenantWith([1, 20])];
  const asked = await voided(a, numbers(5));
  await expect(under.voids.get(contextOf(b), asked.id)).rejects.toMatchObject({
    code: 'resource.not_found',
  });
  expect((await under.voids.list(contextOf(b), { limit: 50 })).data).toEqual([]);
  expect((await under.voids.list(contextOf(a), { limit: 50, state: 'QUEUED' })).data).toHaveLength(
    1,
  );
});
