import type { DocumentResource } from '@getupnet/contracts';
import { ecf31, ecf34 } from '@getupnet/testkit';
import { deliveries, expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

/** How long DGII keeps an invoice En Proceso here; long enough to post a note, however busy we are. */
const JUDGING_MS = 6_000;

/** Notes that arrive before their invoice's verdict, and documents that wait for a person. */
export function notesAndRetries(platform: () => Platform): void {
  describe('notes and retries', () => {
    let tenant: E2eTenant;

    beforeEach(async () => {
      tenant = await platform().createTenant();
    });

    interface Retried {
      readonly own: E2eTenant;
      readonly document: DocumentResource;
    }
    const runs = new Map<'waiting' | 'parked', Promise<Retried>>();
    const retried = (how: 'waiting' | 'parked'): Promise<Retried> => runs.get(how) ?? retry(how);

    /** A document whose sending was lost, and that a person has tried again. */
    const retry = async (how: 'waiting' | 'parked'): Promise<Retried> => {
      const { control } = platform().simulator;
      const own = await platform().createTenant();
      const fault = control.addFault({ kind: 'reset', operation: 'recepcion', rnc: own.rnc });
      const { document } = await own.api.emit(ecf31().body());
      await own.api.reaches(document.id, 'UNKNOWN');
      if (how === 'parked') await becomesDeadLetter(own, document);
      control.removeFault(fault);
      expect((await own.api.retry(document.id)).status).toBe(202);
      return { own, document };
    };

    // While the notes wait: what was lost goes again once it can no longer be under way.
    beforeAll(() => {
      for (const how of ['waiting', 'parked'] as const) {
        const run = retry(how);
        runs.set(how, run);
        // Its own test says so.
        run.catch(() => undefined);
      }
    });

    const noteOn = (invoice: DocumentResource, members: object = {}) =>
      ecf34({ encf: invoice.encf, fecha: invoice.fechaHoraFirma.slice(0, 10) })
        .withLine({ price: '100.00' })
        .with({ ...members })
        .body();

    const invoiceUnderJudgement = async (buyer: object = {}): Promise<DocumentResource> => {
      const { control } = platform().simulator;
      control.addFault({ kind: 'en-proceso', ms: JUDGING_MS, times: 1, rnc: tenant.rnc });
      const body = ecf31()
        .withHeader('Comprador', { ...buyer })
        .body();
      return (await tenant.api.emit(body)).document;
    };

    test('a note waits for its invoice and goes out after it', async () => {
      const invoice = await invoiceUnderJudgement();
      const held = await tenant.api.emit(noteOn(invoice), { wait: 0 });
      expect(held.document).toMatchObject({ state: 'HELD', encf: 'E340000000001' });
      expectProblem(await tenant.api.call('GET', held.document.links.xml), 'document.state');
      const note = await tenant.api.final(held.document.id);
      expect(note.state).toBe('ACCEPTED');
      const final = await tenant.api.get(invoice.id);
      expect(final.state).toBe('ACCEPTED');
      for (const document of [final, note]) await expectAcceptedOnce(platform(), tenant, document);
      const [first, second] = await deliveries(platform(), tenant);
      expect([first?.encf, second?.encf]).toEqual([invoice.encf, note.encf]);
      expect(Date.parse(second?.time ?? '')).toBeGreaterThan(Date.parse(first?.visibleAt ?? ''));
      const types = (await tenant.api.timeline(note.id)).map(({ type }) => type);
      expect(types.slice(0, 3)).toEqual(['document.held', 'document.queued', 'document.signed']);
    });

    test('a note whose invoice is rejected is voided, unseen by DGII, its number free', async () => {
      const invoice = await invoiceUnderJudgement({ RNCComprador: '999000012' });
      const held = await tenant.api.emit(noteOn(invoice));
      expect(held.document.state).toBe('HELD');
      const voided = await tenant.api.final(held.document.id);
      expect(voided).toMatchObject({ state: 'VOIDED', codigoSeguridad: null });
      const seen = await deliveries(platform(), { rnc: tenant.rnc, encf: voided.encf });
      expect(seen).toEqual([]);
      const last = (await tenant.api.timeline(voided.id)).at(-1);
      expect(last?.type).toBe('document.voided');
      expect(last?.detail['reason']).toContain(invoice.id);

      const other = await tenant.api.issue(ecf31().body());
      const again = await tenant.api.issue(noteOn(other, { corrects: voided.id }));
      expect(again).toMatchObject({ encf: voided.encf, state: 'ACCEPTED' });
      await expectAcceptedOnce(platform(), tenant, again);
    });

    test('a note on a number outside our ranges goes out with a warning; DGII judges it', async () => {
      const { document } = await tenant.api.emit(
        ecf34({ encf: 'E310009999999', fecha: '01-02-2026' }).body(),
        { wait: 20 },
      );
      expect(document.findings).toContainEqual(
        expect.objectContaining({ code: 'BIL-REF-02', severity: 'warning' }),
      );
      expect(document.state).toBe('REJECTED');
    });

    test('retry drives a waiting document on, and never a final one', async () => {
      const { own, document } = await retried('waiting');
      const final = await own.api.final(document.id);
      expect(final).toMatchObject({ id: document.id, encf: document.encf, state: 'ACCEPTED' });
      await expectAcceptedOnce(platform(), own, final);
      const types = (await own.api.timeline(document.id)).map(({ type }) => type);
      expect(types).toContain('document.retry_requested');
      expectProblem(await own.api.retry(document.id), 'document.state');
      expect(await own.api.listAll()).toHaveLength(1);
    });

    test('retry gives a dead letter all its tries again', async () => {
      const { own, document } = await retried('parked');
      expect((await own.api.final(document.id)).state).toBe('ACCEPTED');
      const types = (await own.api.timeline(document.id)).map(({ type }) => type);
      expect(types).not.toContain('document.dead_letter');
    });

    const becomesDeadLetter = async (own: E2eTenant, document: DocumentResource): Promise<void> => {
      await platform().database.tenantDb.run({ tenantId: own.id }, (tx) =>
        tx.document.updateMany({
          where: { id: document.id },
          data: {
            ...{ parkedAt: new Date(), faults: 8, starts: 10, handOvers: 9 },
            leaseEpoch: { increment: 1 },
          },
        }),
      );
    };
  });
}
