import { ecf31, ecf32 } from '@getupnet/testkit';
import { expectAcceptedOnce } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import type { E2eTenant } from '../harness/tenants.js';

const DOCUMENTS = 16;
/** A job that is lost is made again after 30 s (relay and accept). */
const SWEPT_WITHIN_MS = 60_000;

/**
 * The queues may be emptied at any moment: that costs time, never a document (PR-1). The documents
 * are posted first and looked at in the end, so that the other scenarios fill the time it costs.
 */
export function lostJobs(platform: () => Platform): { readonly inTheEnd: () => void } {
  let tenant: E2eTenant | undefined;
  const ids: string[] = [];

  describe('queues emptied', () => {
    test('while documents wait in them', async () => {
      const owner = (tenant = await platform().createTenant());
      const { control } = platform().simulator;
      // DGII is slow, so that there are jobs under way; what is above its share waits in the tables.
      const slow = control.addFault({ kind: 'delay', ms: 1_000, rnc: owner.rnc });
      let forgotten = 0;
      for (let at = 0; at < DOCUMENTS; at += 1) {
        const body = (at % 3 === 0 ? ecf32() : ecf31()).body();
        ids.push((await owner.api.emit(body)).document.id);
        if (at % 4 === 3) forgotten += await platform().flushQueues();
      }
      control.removeFault(slow);
      expect(forgotten).toBeGreaterThan(0);
    });
  });

  return {
    inTheEnd: () => {
      describe('queues emptied', () => {
        test('cost no document', async () => {
          if (!tenant) throw new Error('no documents were posted');
          expect(ids).toHaveLength(DOCUMENTS);
          for (const id of ids) {
            const final = await tenant.api.final(id, SWEPT_WITHIN_MS);
            expect(final.state).toBe('ACCEPTED');
            await expectAcceptedOnce(platform(), tenant, final);
          }
        }, 90_000);
      });
    },
  };
}
