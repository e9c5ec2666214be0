import { randomUUID } from 'node:crypto';
import { documentResourceSchema, isFinalState, type DocumentResource } from '@getupnet/contracts';
import { ecf31, ecf32 } from '@getupnet/testkit';
import type { Answer } from '../harness/api.js';
import { deliveries, expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

const AT_ONCE = 50;

const documentIn = ({ text }: Answer): DocumentResource =>
  documentResourceSchema.parse(JSON.parse(text));

/** Whether the answer says that it repeats an earlier one. */
const isReplay = ({ headers }: { readonly headers: Headers }): boolean =>
  headers.get('idempotency-replayed') === 'true';

/** One key, one document, whatever the network does in between. */
export function idempotency(platform: () => Platform): void {
  describe('idempotency', () => {
    let tenant: E2eTenant;
    const next31 = async () => (await tenant.api.nextNumbers())['31'];

    beforeEach(async () => {
      tenant = await platform().createTenant();
    });

    test('a repeat answers the same document, whatever the order of keys and white space', async () => {
      const key = randomUUID();
      const item = '"NombreItem":"Servicio","CantidadItem":1,"PrecioUnitarioItem":"1000.00"';
      const buyer = '"RNCComprador":"131880681","RazonSocialComprador":"Cliente SRL"';
      const first =
        `{"ECF":{"Encabezado":{"IdDoc":{"TipoeCF":"31"},"Comprador":{${buyer}}},` +
        `"DetallesItems":{"Item":[{${item},"IndicadorFacturacion":1}]}},"externalRef":"A-1"}`;
      const again =
        `{ "externalRef": "\\u0041-1",\n "ECF": {"DetallesItems": {"Item": [ {` +
        `"IndicadorFacturacion":1.0, ${item} }]},\t"Encabezado":{"Comprador":{${buyer}},` +
        `"IdDoc":{"TipoeCF":"31"} } } }`;
      const original = await tenant.api.emit(first, { key });
      expect([original.status, isReplay(original)]).toEqual([202, false]);
      const repeat = await tenant.api.emit(again, { key, wait: 20 });
      expect(isReplay(repeat)).toBe(true);
      expect(repeat.document).toMatchObject({
        id: original.document.id,
        encf: original.document.encf,
        state: 'ACCEPTED',
      });
      expect(repeat.headers.get('preference-applied')).toBe('wait=20');
      expect(await next31()).toBe('2');
    });

    test('after the verdict a repeat answers 200 at once', async () => {
      const key = randomUUID();
      const body = ecf31().body();
      const document = await tenant.api.issue(body, { key });
      const repeat = await tenant.api.emit(body, { key });
      expect([repeat.status, isReplay(repeat)]).toEqual([200, true]);
      expect(repeat.document).toEqual(document);
      await expectAcceptedOnce(platform(), tenant, document);
    });

    test('a rejection is data: 200, also when repeated', async () => {
      const key = randomUUID();
      const body = ecf31().withHeader('Comprador', { RNCComprador: '999000012' }).body();
      const rejected = await tenant.api.issue(body, { key });
      expect(rejected).toMatchObject({ state: 'REJECTED', dgii: { secuenciaUtilizada: true } });
      const repeat = await tenant.api.emit(body, { key });
      expect([repeat.status, isReplay(repeat)]).toEqual([200, true]);
      expect(repeat.document).toEqual(rejected);
      expect(await deliveries(platform(), { rnc: tenant.rnc })).toHaveLength(1);
    });

    test('another body under the same key is refused and changes nothing', async () => {
      const key = randomUUID();
      const document = await tenant.api.issue(ecf31().body(), { key });
      const other = ecf31().withLine({ price: '1000.01' }).body();
      expectProblem(await tenant.api.post(other, { key }), 'idempotency.key_reused');
      const worse = ecf31().withLine({ price: '-1' }).body();
      expectProblem(await tenant.api.post(worse, { key }), 'idempotency.key_reused');
      expect(await tenant.api.get(document.id)).toEqual(document);
      expect(await next31()).toBe('2');
    });

    test('a refused request binds nothing: corrected, it takes the same key and first number', async () => {
      const key = randomUUID();
      const refused = await tenant.api.post(ecf31().withLine({ price: '-5' }).body(), { key });
      expectProblem(refused, 'ecf.schema_invalid');
      const { document, ...answer } = await tenant.api.emit(ecf31().body(), { key });
      expect([answer.status, isReplay(answer), document.encf]).toEqual([
        202,
        false,
        'E310000000001',
      ]);
    });

    test(`${AT_ONCE} at once with one key make one document and one number`, async () => {
      const key = randomUUID();
      const body = ecf31().with({ externalRef: 'simultáneo' }).body();
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () => tenant.api.post(body, { key })),
      );
      const made = answers.filter(({ status }) => status < 300);
      for (const refused of answers.filter(({ status }) => status >= 300)) {
        expectProblem(refused, 'idempotency.in_progress');
        expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      expect(made.filter((answer) => !isReplay(answer))).toHaveLength(1);
      expect(new Set(made.map((answer) => documentIn(answer).id)).size).toBe(1);
      for (const answer of made) {
        expect(answer.status).toBe(isFinalState(documentIn(answer).state) ? 200 : 202);
      }
      const [document] = await tenant.api.listAll();
      const final = await tenant.api.final(document?.id ?? '');
      expect(await tenant.api.listAll()).toHaveLength(1);
      expect(await next31()).toBe('2');
      await expectAcceptedOnce(platform(), tenant, final);
    });

    test(`${AT_ONCE} at once with a key each get consecutive numbers`, async () => {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () => tenant.api.emit(ecf32().body())),
      );
      const numbers = answers.map(({ document }) => document.encf).sort();
      const expected = Array.from(
        { length: AT_ONCE },
        (_, at) => `E32${String(at + 1).padStart(10, '0')}`,
      );
      expect(numbers).toEqual(expected);
      for (const { document } of answers) {
        expect((await tenant.api.final(document.id)).state).toBe('ACCEPTED');
      }
    });

    test('externalRef names one document of a tenant', async () => {
      const body = ecf31().with({ externalRef: 'F-001' }).body();
      const { document } = await tenant.api.emit(body);
      const key = randomUUID();
      const problem = expectProblem(
        await tenant.api.post(body, { key }),
        'document.duplicate_reference',
      );
      expect(problem.detail).toContain('F-001');
      const corrected = await tenant.api.emit(ecf31().with({ externalRef: 'F-002' }).body(), {
        key,
      });
      expect(corrected.document.encf).toBe('E310000000002');
      expect(await tenant.api.listAll({ externalRef: 'F-001' })).toMatchObject([
        { id: document.id },
      ]);
      const other = await platform().createTenant();
      expect((await other.api.emit(body, { key })).document.encf).toBe('E310000000001');
    });

    test('a dry run neither needs nor binds a key', async () => {
      const key = randomUUID();
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const dry = await tenant.api.call('POST', '/tenant/emit/ecf?dryRun=true', {
        headers,
        body: JSON.stringify(ecf32().body()),
      });
      expect(dry.status).toBe(200);
      const emitted = await tenant.api.emit(ecf31().body(), { key });
      expect([emitted.status, isReplay(emitted)]).toEqual([202, false]);
    });
  });
}
