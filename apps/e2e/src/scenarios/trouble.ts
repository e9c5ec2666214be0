import { randomUUID } from 'node:crypto';
import type { Fault } from '@getupnet/dgii-simulator';
import type { DocumentResource } from '@getupnet/contracts';
import { ecf31, ecf32, type EcfBuilder } from '@getupnet/testkit';
import {
  accepted,
  deliveries,
  expectAcceptedOnce,
  expectCarefulResends,
  sentBytes,
  sha256,
} from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant, TenantWishes } from '../harness/tenants.js';

/** Distributes over the kinds of fault, which a plain Omit would not. */
type OwnFault = Fault extends infer F ? (F extends Fault ? Omit<F, 'rnc'> : never) : never;

interface Trouble {
  readonly name: string;
  readonly fault: OwnFault;
  readonly body?: EcfBuilder;
  readonly wishes?: TenantWishes;
  /** Uploads that DGII's reception sees, processed or not. */
  readonly uploads: number;
}

interface Run {
  readonly tenant: E2eTenant;
  readonly document: DocumentResource;
}

const SUMMARISED = ecf32().withLine({ billing: '4' });

const TROUBLES: readonly Trouble[] = [
  {
    name: 'the answer is lost after DGII processed the document',
    fault: { kind: 'answer-lost', operation: 'recepcion', times: 1 },
    uploads: 1,
  },
  {
    name: 'the answer to a summary is lost after DGII processed it',
    fault: { kind: 'answer-lost', operation: 'recepcionfc', times: 1 },
    body: SUMMARISED,
    uploads: 1,
  },
  {
    name: 'the answer is lost where nobody can be asked (certification): same bytes again',
    fault: { kind: 'answer-lost', operation: 'recepcion', times: 1 },
    wishes: { environment: 'certecf' },
    uploads: 2,
  },
  {
    name: 'DGII answers an HTML error page twice',
    fault: { kind: 'status', status: 503, operation: 'recepcion', times: 2 },
    uploads: 3,
  },
  {
    name: 'DGII answers 200 and HTML to a summary',
    fault: { kind: 'html', operation: 'recepcionfc', times: 1 },
    body: SUMMARISED,
    uploads: 2,
  },
  {
    name: 'the connection breaks before anything was processed',
    fault: { kind: 'reset', operation: 'recepcion', times: 1 },
    uploads: 2,
  },
  {
    name: 'DGII takes its time to answer',
    fault: { kind: 'delay', ms: 1_200, operation: 'recepcion', times: 1 },
    uploads: 1,
  },
  {
    name: 'DGII takes its time to judge',
    fault: { kind: 'en-proceso', polls: 4, times: 1 },
    uploads: 1,
  },
  {
    name: 'the result cannot be asked for at first',
    fault: { kind: 'status', status: 500, operation: 'consultaresultado', times: 1 },
    uploads: 1,
  },
];

/**
 * Whatever DGII and the network do, each document ends once, with the bytes of the first time. All are
 * posted at once and looked at later, for most of their time is waiting; each fault hits one tenant.
 */
export function trouble(platform: () => Platform): { readonly later: () => void } {
  const runs = new Map<Trouble, Promise<Run>>();

  const begin = async (row: Trouble): Promise<Run> => {
    const tenant = await platform().createTenant(row.wishes);
    platform().simulator.control.addFault({ ...row.fault, rnc: tenant.rnc } as Fault);
    return { tenant, ...(await tenant.api.emit((row.body ?? ecf31()).body())) };
  };

  describe('documents in trouble', () => {
    test('are taken like all others', async () => {
      for (const row of TROUBLES) runs.set(row, begin(row));
      await Promise.all(runs.values());
    });
  });

  return { later: () => exactlyOnce(platform, (row) => runs.get(row) ?? begin(row)) };
}

function exactlyOnce(platform: () => Platform, begun: (row: Trouble) => Promise<Run>): void {
  describe('exactly once when', () => {
    afterAll(() => platform().simulator.control.clearFaults());

    test.each(TROUBLES.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
      const { tenant, document: posted } = await begun(row);
      const document = await tenant.api.final(posted.id);
      expect(document.state).toBe('ACCEPTED');
      await expectAcceptedOnce(platform(), tenant, document);
      const seen = await deliveries(platform(), { rnc: tenant.rnc, encf: document.encf });
      expect(seen).toHaveLength(row.uploads);
      const hash = sha256(await sentBytes(platform(), tenant, document));
      for (const entry of seen) expect([hash, null]).toContain(entry.sha256);
      const lines = await platform().simulator.control.ledger({
        rnc: tenant.rnc,
        encf: document.encf,
      });
      expectCarefulResends(lines, tenant.environment !== 'certecf');
    });

    test('every state was entered once, however often DGII was asked', async () => {
      const tenant = await platform().createTenant();
      const slow = ecf31().withHeader('Comprador', { RNCComprador: '999000047' });
      const document = await tenant.api.issue(slow.body());
      expect(document.state).toBe('ACCEPTED');
      const types = (await tenant.api.timeline(document.id)).map(({ type }) => type);
      expect(types).toEqual([
        'document.queued',
        'document.signed',
        'document.sending',
        'document.submitted',
        'document.accepted',
      ]);
    });
  });
}

/** What DGII's verdicts make of a document and of its number. */
export function verdicts(platform: () => Platform): void {
  describe('verdicts', () => {
    const REJECTED_BURNED = '999000012';
    const REJECTED_FREE = '999000022';
    const CONDITIONAL = '999000039';
    const to = (RNCComprador: string) => ecf31().withHeader('Comprador', { RNCComprador });
    let tenant: E2eTenant;

    beforeEach(async () => {
      tenant = await platform().createTenant();
    });

    const rejectFree = async (): Promise<DocumentResource> => {
      const document = await tenant.api.issue(to(REJECTED_FREE).body());
      expect(document).toMatchObject({ state: 'REJECTED', dgii: { secuenciaUtilizada: false } });
      return document;
    };

    test('conditional acceptance is final, with DGII’s words', async () => {
      const document = await tenant.api.issue(to(CONDITIONAL).body());
      expect(document).toMatchObject({
        state: 'CONDITIONALLY_ACCEPTED',
        dgii: { codigo: '4', estado: 'Aceptado Condicional', secuenciaUtilizada: true },
      });
      expect(document.dgii.mensajes[0]?.valor).toMatch(/\S/);
    });

    test('a rejection that burned the number cannot be corrected under it', async () => {
      const document = await tenant.api.issue(to(REJECTED_BURNED).body());
      expect(document).toMatchObject({
        state: 'REJECTED',
        dgii: { codigo: '2', estado: 'Rechazado', secuenciaUtilizada: true },
      });
      const body = ecf31().with({ corrects: document.id }).body();
      const problem = expectProblem(await tenant.api.post(body), 'document.state');
      expect(problem.detail).toContain('REJECTED');
      expect((await tenant.api.issue(ecf31().body())).encf).toBe('E310000000002');
    });

    test('a correction takes the freed number, and both generations stay', async () => {
      const rejected = await rejectFree();
      const corrected = await tenant.api.issue(ecf31().with({ corrects: rejected.id }).body());
      expect(corrected).toMatchObject({ encf: rejected.encf, state: 'ACCEPTED' });
      expect(corrected.id).not.toBe(rejected.id);
      const generations = await tenant.api.listAll({ encf: rejected.encf });
      expect(generations.map(({ id, state }) => [id, state])).toEqual([
        [corrected.id, 'ACCEPTED'],
        [rejected.id, 'REJECTED'],
      ]);
      expect((await tenant.api.nextNumbers())['31']).toBe('2');
      await expectAcceptedOnce(platform(), tenant, corrected);
      const seen = await deliveries(platform(), { rnc: tenant.rnc, encf: rejected.encf });
      expect(seen.map(({ codigo }) => codigo)).toEqual(['2', '1']);
      expect(seen[0]?.sha256).toBe(sha256(await tenant.api.xml(rejected.id)));
    });

    test('a correction that is rejected too is corrected by a third generation', async () => {
      const first = await rejectFree();
      const second = await tenant.api.issue(to(REJECTED_FREE).with({ corrects: first.id }).body());
      expect(second).toMatchObject({ encf: first.encf, state: 'REJECTED' });
      const third = await tenant.api.issue(ecf31().with({ corrects: second.id }).body());
      expect(third).toMatchObject({ encf: first.encf, state: 'ACCEPTED' });
      const [generation] = (await tenant.api.timeline(third.id)).map(
        ({ detail }) => detail['generation'],
      );
      expect(generation).toBe(3);
    });

    test('of corrections that race, one takes the number', async () => {
      const rejected = await rejectFree();
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, at) =>
          tenant.api.post(
            ecf31()
              .withLine({ price: `${at + 1}.00` })
              .with({ corrects: rejected.id })
              .body(),
          ),
        ),
      );
      const refused = answers.filter(({ status }) => status !== 202);
      expect(refused).toHaveLength(answers.length - 1);
      for (const answer of refused) expectProblem(answer, 'sequence.used');
      const [winner] = await tenant.api.listAll({ encf: rejected.encf });
      expect((await tenant.api.final(winner?.id ?? '')).state).toBe('ACCEPTED');
      const seen = await deliveries(platform(), { rnc: tenant.rnc });
      expect(accepted(seen)).toHaveLength(1);
      expect((await tenant.api.nextNumbers())['31']).toBe('2');
    });

    test('a correction is of the same type, of the number itself, of one’s own, once', async () => {
      const rejected = await rejectFree();
      const corrects = { corrects: rejected.id };
      const otherType = ecf32().with(corrects).body();
      expectProblem(await tenant.api.post(otherType), 'sequence.not_assignable');
      const otherNumber = ecf31().withHeader('IdDoc', { eNCF: 'E310000000009' }).with(corrects);
      expectProblem(await tenant.api.post(otherNumber.body()), 'sequence.not_assignable');
      const stranger = await platform().createTenant();
      const body = ecf31().with(corrects).body();
      expectProblem(await stranger.api.post(body), 'resource.not_found');
      const key = randomUUID();
      const corrected = await tenant.api.issue(body, { key });
      const repeat = await tenant.api.emit(body, { key });
      expect(repeat.document).toEqual(corrected);
      expectProblem(await tenant.api.post(body), 'sequence.used');
    });
  });
}
