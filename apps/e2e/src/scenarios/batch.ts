import { request } from 'node:http';
import type { BatchResult, DocumentResource } from '@getupnet/contracts';
import { SystemClock, dominicanDate } from '@getupnet/kernel';
import { EcfBuilder, ecf31, ecf32 } from '@getupnet/testkit';
import { deliveries, expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

const BUYER = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente de Prueba SRL' };
/** How long DGII keeps the invoice En Proceso. */
const JUDGING_MS = 6_000;
/** Enough that one turn of everything does not take them all. */
const BUSY_LINES = 300;
/** How long DGII takes for each of them: no more than 48 at once, so all of them take some 15 s. */
const SLOW_MS = 2_500;

const lineOf = (idempotencyKey: string, body: object): object => ({ idempotencyKey, ...body });
const documentsOf = (results: readonly BatchResult[]): DocumentResource[] =>
  results.flatMap(({ document }) => (document === undefined ? [] : [document]));
const outcomesOf = (results: readonly BatchResult[]): unknown[] =>
  results.map(({ line, status, problem }) => [line, problem?.code ?? status]);

/** Many documents in one request (DESIGN of the API: NDJSON in and out). */
export function batches(platform: () => Platform): void {
  describe('a batch', () => {
    let tenant: E2eTenant;

    beforeEach(async () => {
      tenant = await platform().createTenant();
    });

    /** The invoice's verdict must not come before the notes on it have. */
    const judgeSlowly = (): void => {
      const { control } = platform().simulator;
      control.addFault({ kind: 'en-proceso', ms: JUDGING_MS, times: 1, rnc: tenant.rnc });
    };

    test('answers each line for itself and in order; repeating it is safe', async () => {
      const lines = [
        lineOf('a', ecf31().with({ externalRef: 'A-1' }).body()),
        '{"idempotencyKey":"cut',
        lineOf('a', ecf31().with({ externalRef: 'A-1' }).body()),
        '',
        lineOf('a', ecf32().body()),
        lineOf('b', ecf31().withHeader('Comprador', { RNCComprador: '12' }).body()),
        lineOf('c', ecf32().body()),
        lineOf('d', ecf31().with({ externalRef: 'A-1' }).body()),
        lineOf('e', ecf31().body()),
      ];
      const results = await tenant.api.batch(lines);
      expect(outcomesOf(results)).toEqual([
        [1, 202],
        [2, 'request.malformed_json'],
        [3, 202],
        [5, 'idempotency.key_reused'],
        [6, 'ecf.rnc_invalid'],
        [7, 202],
        [8, 'document.duplicate_reference'],
        [9, 202],
      ]);
      expect(results.map(({ replayed }) => replayed === true).indexOf(true)).toBe(2);
      expect(documentsOf(results).map(({ encf }) => encf)).toEqual([
        'E310000000001',
        'E310000000001',
        'E320000000001',
        'E310000000002',
      ]);
      for (const { id } of documentsOf(results)) {
        const final = await tenant.api.final(id);
        expect(final.state).toBe('ACCEPTED');
        await expectAcceptedOnce(platform(), tenant, final);
      }
      const again = await tenant.api.batch(lines);
      expect(outcomesOf(again)[0]).toEqual([1, 200]);
      expect(documentsOf(again).map(({ id }) => id)).toEqual(
        documentsOf(results).map(({ id }) => id),
      );
      expect(await tenant.api.nextNumbers()).toMatchObject({ '31': '3', '32': '2' });
    });

    test('is refused as a whole only for what it is as a whole', async () => {
      const { api } = tenant;
      expectProblem(await api.postLines([]), 'request.malformed_json');
      expectProblem(await api.postLines(['', ' ']), 'request.malformed_json');
      expectProblem(await api.postLines(Array<string>(1_001).fill('{}')), 'request.too_large');
      const json = { headers: { 'content-type': 'application/json' } };
      expectProblem(await api.postLines(['{}'], json), 'request.unsupported_media_type');
      const large = 'x'.repeat(1024 * 1024);
      const results = await api.batch([lineOf(large, {}), lineOf('a', ecf32().body())]);
      expect(outcomesOf(results)).toEqual([
        [1, 'request.too_large'],
        [2, 202],
      ]);
      const tenLarge = Array.from({ length: 11 }, () => large);
      expectProblem(await api.postLines(tenLarge), 'request.too_large');
      expect(await api.listAll()).toHaveLength(1);
    });

    test('a till’s key issues its type 32, line by line', async () => {
      const till = await platform().createTenant({ permissions: ['TENANT_RFCE_SUBMIT'] });
      const results = await till.api.batch([
        lineOf('a', ecf31().body()),
        lineOf('b', ecf32().body()),
      ]);
      expect(outcomesOf(results)).toEqual([
        [1, 'auth.forbidden'],
        [2, 202],
      ]);
    });

    test('may hold an invoice and notes on it, which go out after it', async () => {
      judgeSlowly();
      const results = await tenant.api.batch(invoiceAndNotes());
      expect(documentsOf(results).map(({ state }) => state)).toEqual(['QUEUED', 'HELD', 'HELD']);
      for (const { id } of documentsOf(results)) {
        expect((await tenant.api.final(id)).state).toBe('ACCEPTED');
      }
      const [invoice, ...notes] = await deliveries(platform(), tenant);
      expect(invoice?.encf).toBe('E310000000001');
      expect(notes).toHaveLength(2);
      for (const { time } of notes) {
        expect(Date.parse(time)).toBeGreaterThan(Date.parse(invoice?.visibleAt ?? ''));
      }
    });

    test('a rejected invoice ends every note that waits for it, with advice', async () => {
      judgeSlowly();
      const results = await tenant.api.batch(invoiceAndNotes({ RNCComprador: '999000012' }));
      const [invoice, ...notes] = documentsOf(results);
      expect(notes.map(({ state }) => state)).toEqual(['HELD', 'HELD']);
      for (const { id, encf } of notes) {
        const ended = await tenant.api.final(id);
        expect(ended.state).toBe('VOIDED');
        const [advice] = ended.findings.filter(({ code }) => code === 'BIL-REF-03');
        expect(advice?.message).toContain(invoice?.encf);
        expect(advice?.fix).toContain(encf);
        expect(advice?.fix).toContain('corrects');
      }
      const seen = await deliveries(platform(), tenant);
      expect(new Set(seen.map(({ encf }) => encf))).toEqual(new Set([invoice?.encf]));
    });
  });

  describe('one tenant’s batch', () => {
    test('leaves what was taken when its caller goes, and does not keep others waiting', async () => {
      const [busy, other] = [await platform().createTenant(), await platform().createTenant()];
      const { control } = platform().simulator;
      const slow = control.addFault({ kind: 'delay', ms: SLOW_MS, rnc: busy.rnc });
      const lines = Array.from({ length: BUSY_LINES }, (_, at) => lineOf(`k${at}`, ecf31().body()));
      await hangUpAfterFirstAnswer(busy, lines);
      const results = await busy.api.batch(lines);
      const numbers = documentsOf(results).map(({ encf }) => Number(encf.slice(3)));
      expect([...numbers].sort((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1));
      expect(results.some(({ replayed }) => replayed === true)).toBe(true);
      expect(results.some(({ replayed }) => replayed === undefined)).toBe(true);

      const { document } = await other.api.emit(ecf31().body());
      expect((await other.api.final(document.id)).state).toBe('ACCEPTED');
      // In one queue for all it would come behind most of the busy one's.
      const before = (await deliveries(platform(), busy)).length;
      control.removeFault(slow);
      expect(before).toBeLessThan((BUSY_LINES * 2) / 3);
    });
  });
}

/** An invoice and two notes on the number it will have. */
function invoiceAndNotes(buyer: Readonly<Record<string, string>> = {}): object[] {
  const fecha = dominicanDate(new SystemClock().now());
  const InformacionReferencia = {
    NCFModificado: 'E310000000001',
    FechaNCFModificado: fecha,
    CodigoModificacion: '3',
  };
  const note = (tipo: string) =>
    EcfBuilder.of(tipo, { Comprador: BUYER }, { InformacionReferencia }).withLine({ price: '50' });
  return [
    lineOf('invoice', ecf31().withHeader('Comprador', buyer).body()),
    lineOf('debit', note('33').body()),
    lineOf('credit', note('34').body()),
  ];
}

/** Reads until there is an answer, and closes the connection. */
function hangUpAfterFirstAnswer({ api, apiKey }: E2eTenant, lines: readonly object[]) {
  const call = request(`${api.url}/tenant/emit/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
  });
  return new Promise<void>((resolve, reject) => {
    call.once('error', reject);
    call.once('response', (answer) => {
      answer.once('error', () => undefined);
      answer.once('data', () => {
        answer.destroy();
        resolve();
      });
    });
    call.end(lines.map((one) => JSON.stringify(one)).join('\n'));
  });
}
