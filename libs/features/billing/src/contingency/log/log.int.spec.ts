import type { CapturePaper, ContingencyResource, Paper, PaperResource } from '@getupnet/contracts';
import type { EcfDocument } from '@getupnet/ecf';
import { isAppError, newId, type AppError } from '@getupnet/kernel';
import { AuditLog, CursorCodec } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { request } from '../../testing/sequences-under-test.js';
import { PaperReplacements, replacedPaper } from '../paper/paper-replacements.js';
import { PaperRepository } from '../paper/paper.repository.js';
import { PaperService } from '../paper/paper.service.js';
import { LineBench } from '../testing/line-bench.js';
import { ContingenciesRepository } from './contingencies.repository.js';
import { ContingenciesService } from './contingencies.service.js';

const database = useTestDatabase();
const NOW = '2026-11-21T15:00:00.000Z';

const contextOf = (tenant: TestTenant): TenantContext => ({
  ...{ tenantId: tenant.id, environment: 'testecf', productionEnabled: false, rnc: tenant.rnc },
  ...{ tenantName: tenant.name, profile: {}, permissions: new Set(), requestId: 'prueba' },
  actor: { kind: 'api-key', id: tenant.apiKeyId, name: 'prueba' },
});
const paper = (ncf: string, more: Partial<Paper> = {}): Paper => ({
  ...{ ncf, fechaEmision: '2026-11-21', buyerRnc: '131880681', buyerName: 'Quisqueya, SRL' },
  ...{ montoTotal: '1180.00', totalItbis: '180.00', branch: null, ...more },
});
const replacing = (ncf: string, date = '21-11-2026', total = '1180.00') =>
  ({
    Encabezado: { IdDoc: { TipoeCF: '31' }, Totales: { MontoTotal: total } },
    InformacionReferencia: {
      ...{ NCFModificado: ncf, FechaNCFModificado: date, CodigoModificacion: '4' },
    },
  }) as unknown as EcfDocument;

const claimOf = (documentId: string) => ({ documentId, key: documentId });

async function refusal(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the contingency log', () => {
  let tenant: TestTenant;
  let context: TenantContext;
  let log: ContingenciesService;
  let papers: PaperService;
  let replacements: PaperReplacements;
  let bench: LineBench;

  beforeAll(() => {
    const { tenantDb, pools } = database();
    const clock = new FakeClock(NOW);
    const repository = new ContingenciesRepository();
    const paperRepository = new PaperRepository();
    const audit = new AuditLog(clock);
    const cursors = new CursorCodec(pools);
    log = new ContingenciesService(tenantDb, repository, audit, cursors, clock);
    papers = new PaperService(tenantDb, paperRepository, repository, audit, cursors);
    replacements = new PaperReplacements(tenantDb, paperRepository);
    bench = new LineBench(database(), clock);
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    tenant = await createTestTenant(database());
    context = contextOf(tenant);
  });

  const open = async (more: object = {}, asked = request()): Promise<ContingencyResource> =>
    (await log.open(context, { cause: 'Servidor averiado', branches: [], ...more }, asked)).episode;
  const capture = async (
    id: string,
    list: CapturePaper['papers'],
  ): Promise<readonly PaperResource[]> =>
    (await papers.capture(context, id, { papers: list })).data;
  const page = { limit: 50 };

  it('while one is open another has to wait for its end, be it word for word the same', async () => {
    const first = await open();
    expect(first).toMatchObject({ kind: 'CANNOT_ISSUE', scope: 'TOTAL', endedAt: null });
    const isOpen = { code: 'contingency.open', params: { id: first.id } };
    expect(await refusal(open())).toMatchObject(isOpen);
    expect(await refusal(open({ cause: 'Otra cosa' }))).toMatchObject(isOpen);
    const branch = await open({ branches: ['Santiago'] });
    expect(branch).toMatchObject({ scope: 'PARTIAL', branches: ['Santiago'] });
    const closed = await log.close(context, first.id, {});
    expect(closed.endedAt).toBe(NOW);
    expect((await open({ cause: 'Otra cosa' })).id).not.toBe(first.id);
    const again = await refusal(log.close(context, first.id, {}));
    expect(again.code).toBe('contingency.state');
    const listed = await log.list(context, { ...page, open: 'false' });
    expect(listed.data.map(({ id }) => id)).toEqual([first.id]);
  });

  it.each([{ branches: [] }, { branches: ['Norte', 'Sur'] }])(
    'of declarations that race, one opens: %j',
    async (where) => {
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => open(where)));
      const [one, ...more] = all.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      expect(more).toEqual([]);
      const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(refused).toHaveLength(7);
      for (const reason of refused) expect(reason).toMatchObject({ code: 'contingency.open' });
      expect((await log.list(context, page)).data.map(({ id }) => id)).toEqual([one?.id]);
    },
  );

  it('a repeated request answers what it declared, even when that has ended', async () => {
    const asked = request();
    const [first, ...others] = await Promise.all(
      Array.from({ length: 4 }, () => open({ branches: ['Norte'] }, asked)),
    );
    const { id = '' } = first ?? {};
    expect(others.map((one) => one.id)).toEqual([id, id, id]);
    await log.close(context, id, {});
    const command = { cause: 'Servidor averiado', branches: ['Norte'] };
    const again = await log.open(context, command, asked);
    expect(again).toMatchObject({ replayed: true, episode: { id, endedAt: NOW } });
    const other = { ...asked, sha256: 'cd'.repeat(32) };
    expect(await refusal(open({}, other))).toMatchObject({ code: 'idempotency.key_reused' });
    expect((await log.list(context, page)).data).toHaveLength(1);
  });

  it('what one key was answered is not declared again by the repeat of another', async () => {
    const [first, second] = [request(), request()];
    const { id } = await open({}, first);
    expect((await refusal(open({}, second))).code).toBe('contingency.open');
    await log.close(context, id, {});
    expect((await open({}, first)).id).toBe(id);
    // The second one was refused, and said so: it declares what it asks for, and does so once.
    const other = await open({}, second);
    expect(other.id).not.toBe(id);
    expect((await open({}, second)).id).toBe(other.id);
    expect((await log.list(context, page)).data).toHaveLength(2);
  });

  it.each([{ begunAt: '2026-11-21T15:06:00Z' }, { begunAt: '2026-10-01T00:00:00Z' }])(
    'a begin that cannot be is refused: %j',
    async (more) => {
      expect((await refusal(open(more))).code).toBe('contingency.state');
    },
  );

  it('without connection: what was issued, what waits, and by when', async () => {
    const ids = [await bench.signed(tenant, 1), await bench.signed(tenant, 2)];
    bench.dgii.down();
    await bench.tryToSend(tenant, ids);
    const [episode] = (await log.list(context, page)).data;
    expect(episode).toMatchObject({
      kind: 'NO_CONNECTION',
      documents: { issued: 2, waiting: 2, unanswered: 0, received: 0 },
    });
    expect(episode?.documents.sendBy).not.toBeNull();
    const refused = await refusal(log.close(context, episode?.id ?? '', {}));
    expect(refused.code).toBe('contingency.state');
    const onPaper = await refusal(capture(episode?.id ?? '', [paper('B0100000001')]));
    expect(onPaper.code).toBe('contingency.state');
    const text = await log.notice(context, episode?.id ?? '');
    expect(text).toMatch(/INICIO DE CONTINGENCIA/);
    for (const part of [
      tenant.rnc,
      tenant.name,
      'E310000000001 y E310000000002',
      'por remitir 2',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('that DGII was told stays with it, with its reference', async () => {
    const { id } = await open();
    const told = await log.notified(context, id, { reference: 'OFV-1' });
    expect(told.notified).toEqual({ at: NOW, reference: 'OFV-1' });
    expect((await log.get(context, id)).notified).toEqual(told.notified);
  });

  describe('paper', () => {
    it('is captured once, all or none, and says how it is replaced', async () => {
      const { id } = await open();
      const list = [paper('B0100000001'), paper('B0200000001', { buyerRnc: null })];
      const captured = await capture(id, list);
      expect(captured).toMatchObject([
        { ncf: 'B0100000001', tipo: '31', state: 'PENDING', montoTotal: '1180.00' },
        { ncf: 'B0200000001', tipo: '32', state: 'PENDING' },
      ]);
      expect(captured[0]?.reference).toEqual({
        NCFModificado: 'B0100000001',
        FechaNCFModificado: '21-11-2026',
        CodigoModificacion: '4',
      });
      expect(await capture(id, list)).toEqual(captured);
      const faults = await refusal(
        capture(id, [
          paper('B0100000002'),
          paper('B0100000002'),
          paper('B0100000001', { montoTotal: '1.00' }),
          paper('B0100000003', { fechaEmision: '2026-11-20' }),
        ]),
      );
      expect(faults.code).toBe('contingency.paper_invalid');
      expect(faults.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
        ['/papers/1/ncf', 'CTG-PAP-01'],
        ['/papers/2/ncf', 'CTG-PAP-03'],
        ['/papers/3/fechaEmision', 'CTG-PAP-02'],
      ]);
      expect((await log.get(context, id)).paper).toMatchObject({ captured: 2, pending: 2 });
      expect(await log.notice(context, id)).toContain('Tipo B01: 1, B0100000001');
    });

    it('of an episode of another environment is neither captured nor taken back', async () => {
      const { id } = await open();
      await capture(id, [paper('B0100000001')]);
      const environments = ['certecf', 'ecf'] as const;
      for (const environment of environments) {
        const moved: TenantContext = { ...context, environment };
        const late = papers.capture(moved, id, { papers: [paper('B0100000002')] });
        expect((await refusal(late)).code).toBe('resource.not_found');
        const back = papers.remove(moved, await onlyPaper());
        expect((await refusal(back)).code).toBe('resource.not_found');
        expect((await papers.list(moved, page)).data).toEqual([]);
      }
      expect((await papers.list(context, page)).data).toMatchObject([{ ncf: 'B0100000001' }]);
      expect((await log.get(context, id)).paper).toMatchObject({ captured: 1 });
    });

    it('is taken by one document; its verdict decides what became of it', async () => {
      const { id } = await open();
      await capture(id, [paper('B0100000001')]);
      const documents = await Promise.all(
        Array.from({ length: 6 }, (_, at) => bench.signed(tenant, at + 1)),
      );
      const all = await Promise.allSettled(
        documents.map((one) => replacements.take(context, 'B0100000001', claimOf(one))),
      );
      const winners = documents.filter((_, at) => all[at]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      const document = replacing('B0100000001');
      const taken = await replacements.check(context, document, 'B0100000001', null);
      expect(taken).toMatchObject({ code: 'BIL-CTG-01', severity: 'error' });
      const state = async (to: string) => {
        await database().tenantDb.run(tenant, (tx) =>
          tx.document.updateMany({ where: { id: winners[0] ?? '' }, data: { state: to } }),
        );
        const { data } = await papers.list(context, page);
        return data.map((one) => [one.state, one.replacedBy?.id ?? null]);
      };
      expect(await state('SUBMITTED')).toEqual([['IN_PROGRESS', winners[0]]]);
      expect(await state('REJECTED')).toEqual([['PENDING', winners[0]]]);
      expect(await replacements.check(context, document, 'B0100000001', null)).toBeNull();
      expect(await state('ACCEPTED')).toEqual([['REPLACED', winners[0]]]);
      expect((await papers.list(context, { ...page, state: 'PENDING' })).data).toEqual([]);
      const refused = await refusal(papers.remove(context, await onlyPaper()));
      expect(refused.code).toBe('contingency.state');
    });

    it('that nobody captured is known by its replacement, and may be captured afterwards', async () => {
      const { id } = await open();
      const document = replacing('B0100000009');
      const finding = await replacements.check(context, document, 'B0100000009', null);
      expect(finding).toMatchObject({ code: 'BIL-CTG-04', severity: 'warning' });
      const documentId = newId();
      const claim = await replacements.take(context, 'B0100000009', claimOf(documentId));
      expect((await papers.list(context, page)).data).toMatchObject([
        { ncf: 'B0100000009', contingencyId: null, state: 'IN_PROGRESS' },
      ]);
      expect(await capture(id, [paper('B0100000009')])).toMatchObject([{ contingencyId: id }]);
      await replacements.giveBack(context, claim);
      expect(await capture(id, [paper('B0100000009')])).toMatchObject([{ state: 'PENDING' }]);
      await papers.remove(context, await onlyPaper());
      expect((await papers.list(context, page)).data).toEqual([]);
    });

    it('is taken once by all requests with one key, whatever becomes of one of them', async () => {
      const [ncf, key] = ['B0100000001', 'caja-1'];
      const take = (more: object = {}) =>
        replacements.take(context, ncf, { documentId: newId(), key, ...more });
      const first = await take();
      const joined = await take();
      expect(joined).toEqual({ documentId: first.documentId, since: null });
      const document = replacing(ncf);
      expect(await replacements.check(context, document, ncf, key)).toBeNull();
      const code = async (of: string | null) =>
        (await replacements.check(context, document, ncf, of))?.code;
      // Either may still become the document: neither frees the number.
      for (const claim of [first, joined]) {
        await replacements.giveBack(context, claim);
        expect([await code('caja-2'), await code(null)]).toEqual(['BIL-CTG-01', 'BIL-CTG-01']);
      }
      expect((await refusal(take({ key: 'caja-2' }))).code).toBe('ecf.rule_failed');
      expect((await take()).documentId).toBe(first.documentId);
    });

    it('is held against what its replacement says', async () => {
      const { id } = await open();
      await capture(id, [paper('B0100000001')]);
      const codeOf = async (document: EcfDocument) =>
        (await replacements.check(context, document, 'B0100000001', null))?.code;
      expect(await codeOf(replacing('B0100000001', '20-11-2026'))).toBe('BIL-CTG-02');
      expect(await codeOf(replacing('B0100000001', '21-11-2026', '1.00'))).toBe('BIL-CTG-03');
      expect(await codeOf(replacing('B0100000001'))).toBeUndefined();
      expect(replacedPaper(replacing('B0100000001'))).toBe('B0100000001');
      expect(replacedPaper(replacing('E310000000001'))).toBeNull();
    });

    const onlyPaper = async (): Promise<string> => {
      const [one] = (await papers.list(context, page)).data;
      return one?.id ?? '';
    };
  });
});
