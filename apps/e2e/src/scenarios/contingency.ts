import { randomUUID } from 'node:crypto';
import {
  contingencyResourceSchema,
  paperListSchema,
  type DocumentResource,
} from '@getupnet/contracts';
import { ecf31 } from '@getupnet/testkit';
import { LEGEND } from '../../../../tools/contingency-drill/checks.js';
import { drill } from '../../../../tools/contingency-drill/drill.js';
import { expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

/** The outage is to be noticed and to end, each within a minute, and its line to be drained. */
const DRILL_LIMIT_MS = 180_000;
const JSON_TYPE = { 'content-type': 'application/json' };

/** DGII is away, a till sends later, and a shop hands out paper. */
export function contingency(platform: () => Platform): void {
  const pageOf = async (tenant: E2eTenant, document: DocumentResource): Promise<string> =>
    (await tenant.api.call('GET', `${document.links.ri}?format=html`)).text;

  describe('contingency', () => {
    afterEach(() => platform().simulator.control.clearFaults());

    test(
      'without DGII documents are issued, marked, and sent in order when it is back',
      async () => {
        // Nobody else issues there, so that the outage is this tenant's alone.
        const environment = 'certecf';
        const { gatewayUrl, simulator } = platform();
        const tenant = await platform().createTenant({ environment });
        const target = { gatewayUrl, simulatorUrl: simulator.url, apiKey: tenant.apiKey };
        const report = await drill(target, {
          ...{ environment, documents: 3, timeoutMs: 60_000 },
          onStep: async ({ id }) => {
            if (id === 'logged') await whoeverWaitsIsTold(tenant);
          },
        });
        expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
        for (const { during, afterwards } of report.documents) {
          expect([during, afterwards]).toEqual(['CONTINGENCY', 'ACCEPTED']);
        }
        const [first] = report.documents;
        const document = await tenant.api.get(first?.id ?? '');
        await expectAcceptedOnce(platform(), tenant, document);
        const types = (await tenant.api.timeline(document.id)).map(({ type }) => type);
        expect(types).toContain('document.contingency');
        const later = await tenant.api.issue(ecf31().body());
        expect(await pageOf(tenant, later)).not.toContain(LEGEND);
      },
      DRILL_LIMIT_MS,
    );

    /** No verdict will come within a request: it is answered at once. */
    const whoeverWaitsIsTold = async (tenant: E2eTenant): Promise<void> => {
      const startedMs = performance.now();
      const { document } = await tenant.api.emit(ecf31().body(), { wait: 20 });
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(document.state).toBe('CONTINGENCY');
      expect(document.codigoSeguridad).toMatch(/^.{6}$/);
    };

    test('a document of deferred sending says so, and is sent in time', async () => {
      const tenant = await platform().createTenant();
      const body = ecf31().withHeader('IdDoc', { IndicadorEnvioDiferido: '1' }).body();
      const document = await tenant.api.issue(body);
      expect(document.state).toBe('ACCEPTED');
      expect(await pageOf(tenant, document)).toContain('veinticuatro (24) horas');
      const types = (await tenant.api.timeline(document.id)).map(({ type }) => type);
      expect(types.slice(0, 4)).toEqual([
        ...['document.queued', 'document.signed', 'document.deferred', 'document.sending'],
      ]);
    });

    test('paper handed out meanwhile is replaced by one e-CF each', async () => {
      const tenant = await platform().createTenant();
      const post = (path: string, body: object) =>
        tenant.api.call('POST', path, {
          headers: { ...JSON_TYPE, 'idempotency-key': randomUUID() },
          body: JSON.stringify(body),
        });
      const opened = await post('/tenant/contingencies', { cause: 'Servidor averiado' });
      expect(opened.status).toBe(201);
      const episode = contingencyResourceSchema.parse(JSON.parse(opened.text));
      const [day = ''] = new Date(Date.parse(episode.begunAt) - 4 * 3_600_000)
        .toISOString()
        .split('T');
      const ncf = 'B0100000001';
      const papers = [{ ncf, fechaEmision: day, montoTotal: '1180.00', totalItbis: '180.00' }];
      const captured = await post(`/tenant/contingencies/${episode.id}/paper`, { papers });
      expect(captured.status).toBe(200);
      const listed = async () => {
        const { text } = await tenant.api.call('GET', episode.links.paper);
        return paperListSchema.parse(JSON.parse(text)).data;
      };
      const [paper] = await listed();
      expect(paper).toMatchObject({ ncf, tipo: '31', state: 'PENDING', replacedBy: null });

      const plain = ecf31().body();
      const replacing = (NCFModificado = ncf) => ({
        ...plain,
        ECF: { ...plain.ECF, InformacionReferencia: { ...paper?.reference, NCFModificado } },
      });
      const wrongType = expectProblem(
        await tenant.api.post(replacing('B0200000001')),
        'ecf.rule_failed',
      );
      expect(wrongType.errors?.map(({ code }) => code)).toContain('ECF-NOT-10');
      const key = randomUUID();
      const document = await tenant.api.issue(replacing(), { key });
      expect(document.state).toBe('ACCEPTED');
      expect(await listed()).toMatchObject([
        { state: 'REPLACED', replacedBy: { id: document.id, encf: document.encf } },
      ]);
      const again = expectProblem(await tenant.api.post(replacing()), 'ecf.rule_failed');
      expect(again.errors?.map(({ code }) => code)).toEqual(['BIL-CTG-01']);
      expect((await tenant.api.emit(replacing(), { key })).document.id).toBe(document.id);
      const closed = await post(`/tenant/contingencies/${episode.id}/close`, {});
      expect(closed.status).toBe(200);
      expectProblem(
        await post(`/tenant/contingencies/${episode.id}/close`, {}),
        'contingency.state',
      );
    });
  });
}
