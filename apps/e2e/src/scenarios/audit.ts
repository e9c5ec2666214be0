import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditListSchema, auditVerificationSchema } from '@getupnet/contracts';
import { ecf31, waitFor } from '@getupnet/testkit';
import { auditVerify } from '../../../../tools/audit-verify/audit-verify.mjs';
import type { Platform } from '../harness/platform.js';
import type { E2eTenant } from '../harness/tenants.js';

/** On a busy machine a send may go unanswered in between; that is told too. */
const ENDS = ['document.queued', 'document.signed', 'document.accepted'];
const WITHIN_MS = 60_000;

/** What happened to a document can be proven afterwards, by somebody with files alone (INV-6). */
export function auditTrail(platform: () => Platform): void {
  describe('the audit', () => {
    let dir: string;
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'getupnet-trail-'));
    });
    afterAll(() => rm(dir, { recursive: true, force: true }));

    /** Waits until the chain is whole and its end is in a checkpoint. */
    const sealed = ({ api }: E2eTenant) =>
      waitFor(
        async () => {
          const { text } = await api.call('GET', '/audit/verify');
          const found = auditVerificationSchema.parse(JSON.parse(text));
          const whole = found.ok && found.complete && found.events.pending === 0;
          const isSealed = found.head > 0 && found.checkpoint?.seq === found.head;
          return whole && isSealed && found.checkpoint?.number;
        },
        { what: 'a sealed chain', timeoutMs: WITHIN_MS, everyMs: 100 },
      );

    test('each step of a document is one event of its company’s chain, provable from outside', async () => {
      const tenant = await platform().createTenant();
      const { document } = await tenant.api.emit(ecf31().body(), { wait: 20 });
      await tenant.api.final(document.id);
      const until = await sealed(tenant);
      const path = `/audit/logs?type=document&subjectId=${document.id}`;
      const { text } = await tenant.api.call('GET', path);
      const { data } = auditListSchema.parse(JSON.parse(text));
      const told = data.map(({ type }) => type).reverse();
      const timeline = await tenant.api.timeline(document.id);
      expect(told).toEqual(timeline.map(({ type }) => type));
      expect([told[0], told[1], told.at(-1)]).toEqual(ENDS);

      const headers = { accept: 'application/x-ndjson' };
      const lines = (await tenant.api.call('GET', '/audit/logs', { headers })).text;
      const file = join(dir, 'chain.ndjson');
      const { checkpoints, publicKey } = platform().audit;
      const judge = async (content: string) => {
        await writeFile(file, content);
        // The export is an event too, and a checkpoint made since may seal it.
        const given = { paths: [file], checkpoints, keys: [publicKey], until };
        return auditVerify({ ...given, tenants: [tenant.id] });
      };
      const honest = await judge(lines);
      expect(honest).toMatchObject({ ok: true, findings: [] });
      const forged = await judge(lines.replace(document.encf, 'E319999999999'));
      expect(forged).toMatchObject({ ok: false, chains: [{ firstBad: data.at(-1)?.seq }] });
    });
  });
}
