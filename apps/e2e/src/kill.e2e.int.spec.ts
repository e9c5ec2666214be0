import { createHash, randomBytes } from 'node:crypto';
import { documentResourceSchema, type DocumentResource } from '@getupnet/contracts';
import { ecf31, ecf32, waitFor } from '@getupnet/testkit';
import { startKillable, type KillableServices } from './harness/killable-mode.js';
import { accepted, deliveries, expectCarefulResends, sentBytes, sha256 } from './harness/ledger.js';
import { startPlatformWith, type Platform } from './harness/platform.js';
import type { E2eTenant } from './harness/tenants.js';

const SEED = process.env['E2E_KILL_SEED'] ?? randomBytes(6).toString('hex');
const DOCUMENTS = 60;
const CLIENTS = 6;
const KILLS = 6;
/** The longest a new process is left alone before it is killed. */
const LONGEST_LIFE_MS = 900;
/** Leases, in-flight windows and lost jobs (30 s), one after the other. */
const FINAL_WITHIN_MS = 100_000;
const LIMIT_MS = 240_000;

/** The n-th number of the seed's sequence, 0 ≤ x < 1, so that a run can be repeated. */
function random(n: number): number {
  return createHash('sha256').update(`${SEED}|${n}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** In progress, or a dependency that went away with the process: to be posted again. */
const AGAIN: ReadonlySet<number> = new Set([409, 503, 504]);

/** Posts until there is an answer, with one key, as an integrator is told to. */
async function postUntilTold(tenant: E2eTenant, at: number): Promise<DocumentResource | string> {
  // Driven at once by the process that accepts it, or through outbox and queue: both are killed.
  const waits = at % 4 < 2;
  const body = (at % 2 === 0 ? ecf31() : ecf32()).with({ externalRef: `K-${at}` }).body();
  return waitFor(
    async () => {
      const answer = await tenant.api.post(body, {
        key: `kill-${at}`,
        ...(waits ? { wait: 1 } : {}),
      });
      if (answer.status === 200 || answer.status === 202) {
        return documentResourceSchema.parse(JSON.parse(answer.text));
      }
      return AGAIN.has(answer.status) ? null : `${answer.status} ${answer.text}`;
    },
    { what: `an answer to K-${at}`, timeoutMs: LIMIT_MS },
  );
}

describe('kill -9 at any moment', () => {
  let platform: Platform;
  let services: KillableServices;
  let tenant: E2eTenant;

  beforeAll(async () => {
    process.stderr.write(`kill test: E2E_KILL_SEED=${SEED}\n`);
    platform = await startPlatformWith('kill', async (around) => {
      services = await startKillable(around);
      return services;
    });
    tenant = await platform.createTenant();
  }, 90_000);

  afterAll(async () => {
    await platform?.stop();
  }, 60_000);

  test(
    `${DOCUMENTS} documents, ${KILLS} kills: each final once, numbers without gaps`,
    async () => {
      const waiting = Array.from({ length: DOCUMENTS }, (_, at) => at);
      const told: DocumentResource[] = [];
      const refused: string[] = [];
      const client = async (): Promise<void> => {
        for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
          const answer = await postUntilTold(tenant, at);
          if (typeof answer === 'string') refused.push(answer);
          else told.push(answer);
        }
      };
      const clients = Promise.all(Array.from({ length: CLIENTS }, client));
      for (let kill = 1; kill <= KILLS; kill += 1) {
        // Spread over the posting, each at a moment of its own.
        const enough = Math.floor(((kill - 1) / KILLS) * DOCUMENTS);
        await waitFor(() => told.length + refused.length >= enough, {
          what: 'progress',
          timeoutMs: LIMIT_MS,
        });
        const moment = performance.now() + random(kill) * LONGEST_LIFE_MS;
        await waitFor(() => performance.now() >= moment, { what: 'the moment of the kill' });
        await services.restart();
      }
      await clients;
      expect(refused).toEqual([]);

      const finals = [];
      for (const { id } of told) finals.push(await tenant.api.final(id, FINAL_WITHIN_MS));
      expect(finals.map(({ state }) => state)).toEqual(finals.map(() => 'ACCEPTED'));
      expect(told.map(({ id }) => id).sort()).toEqual(
        (await tenant.api.listAll()).map(({ id }) => id).sort(),
      );
      let interrupted = 0;
      for (const { id } of finals) {
        const timeline = await tenant.api.timeline(id);
        if (timeline.some(({ type }) => type === 'document.unknown')) interrupted += 1;
      }
      process.stderr.write(`kill test: ${interrupted} documents were cut off while being sent\n`);
      for (const tipo of ['31', '32']) {
        const numbers = finals.filter((document) => document.tipo === tipo);
        const expected = Array.from(
          { length: DOCUMENTS / 2 },
          (_, at) => `E${tipo}${String(at + 1).padStart(10, '0')}`,
        );
        expect(numbers.map(({ encf }) => encf).sort()).toEqual(expected);
        expect((await tenant.api.nextNumbers())[tipo]).toBe(String(DOCUMENTS / 2 + 1));
      }
      const ledger = await deliveries(platform, tenant);
      for (const document of finals) {
        const seen = ledger.filter(({ encf }) => encf === document.encf);
        const hash = sha256(await sentBytes(platform, tenant, document));
        expect(new Set(seen.map((entry) => entry.sha256))).toEqual(new Set([hash]));
        expect([document.encf, accepted(seen).length]).toEqual([document.encf, 1]);
        const { rnc } = tenant;
        const lines = await platform.simulator.control.ledger({ rnc, encf: document.encf });
        expectCarefulResends(lines, true);
      }
      expect(new Set(ledger.map(({ encf }) => encf)).size).toBe(DOCUMENTS);
    },
    LIMIT_MS,
  );
});
