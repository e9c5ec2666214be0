import { randomUUID } from 'node:crypto';
import {
  contingencyListSchema,
  contingencyResourceSchema,
  paperListSchema,
  type ContingencyResource,
  type DocumentResource,
} from '@getupnet/contracts';
import { ecf31, ecf32, waitFor } from '@getupnet/testkit';
import { deliveries, expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

const LEGEND = 'setenta y dos (72) horas';
const SUMMARISED = ecf32().withLine({ billing: '4' });
const JSON_TYPE = { 'content-type': 'application/json' };

/** DGII is away, a till sends later, and a shop hands out paper. */
export function contingency(platform: () => Platform): void {
  const episodesOf = async (tenant: E2eTenant): Promise<readonly ContingencyResource[]> => {
    const { text } = await tenant.api.call('GET', '/tenant/contingencies');
    return contingencyListSchema.parse(JSON.parse(text)).data;
  };
  const pageOf = async (tenant: E2eTenant, document: DocumentResource): Promise<string> =>
    (await tenant.api.call('GET', `${document.links.ri}?format=html`)).text;

  describe('contingency', () => {
    afterEach(() => platform().simulator.control.clearFaults());

    test('without DGII documents are issued, marked, and sent in order when it is back', async () => {
      const { control } = platform().simulator;
      // Nobody else issues there, so that the outage is this tenant's alone.
      const tenant = await platform().createTenant({ environment: 'certecf' });
      const down = control.addFault({ kind: 'down', environment: 'certecf' });
      const { document: first } = await tenant.api.emit(ecf31().body());
      await tenant.api.reaches(first.id, 'CONTINGENCY');
      const issued = [first];
      for (const body of [ecf31().body(), SUMMARISED.body(), SUMMARISED.body()]) {
        issued.push((await tenant.api.emit(body)).document);
      }
      const startedMs = performance.now();
      const waited = await tenant.api.emit(ecf31().body(), { wait: 20 });
      // Whoever waits is told at once that no verdict will come.
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(waited).toMatchObject({ status: 202, document: { state: 'CONTINGENCY' } });
      expect(waited.document.codigoSeguridad).toMatch(/^.{6}$/);
      issued.push(waited.document);
      for (const { id } of issued) await tenant.api.reaches(id, 'CONTINGENCY');
      expect(await pageOf(tenant, first)).toContain(LEGEND);
      const [open] = await episodesOf(tenant);
      expect(open).toMatchObject({
        ...{ kind: 'NO_CONNECTION', scope: 'TOTAL', endedAt: null },
        documents: { issued: 5, waiting: 5, unanswered: 0, received: 0 },
      });
      const notice = await tenant.api.call('GET', open?.links.notice ?? '');
      expect(notice.text).toContain('INICIO DE CONTINGENCIA');
      expect(notice.text).toContain(tenant.rnc);

      control.removeFault(down);
      for (const { id } of issued) expect((await tenant.api.final(id)).state).toBe('ACCEPTED');
      const arrived = await deliveries(platform(), { rnc: tenant.rnc });
      for (const service of ['recepcion', 'recepcionfc']) {
        const encfs = arrived.flatMap((one) => (one.service === service ? [one.encf] : []));
        expect(encfs).toEqual([...encfs].sort());
      }
      expect(arrived).toHaveLength(issued.length);
      for (const document of issued) await expectAcceptedOnce(platform(), tenant, document);
      const closed = await waitFor(
        async () => (await episodesOf(tenant)).find(({ endedAt }) => endedAt !== null) ?? null,
        { what: 'the end of the contingency' },
      );
      expect(closed).toMatchObject({ id: open?.id, documents: { received: 5, waiting: 0 } });
      expect(await pageOf(tenant, first)).toContain(LEGEND);
      const types = (await tenant.api.timeline(first.id)).map(({ type }) => type);
      expect(types).toContain('document.contingency');
      const later = await tenant.api.issue(ecf31().body());
      expect(await pageOf(tenant, later)).not.toContain(LEGEND);
      expect(await episodesOf(tenant)).toHaveLength(1);
    });

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
        tenant.api.call('POST', path, { headers: JSON_TYPE, body: JSON.stringify(body) });
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
