import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '@getupnet/kernel';
import { newServiceKey } from '@getupnet/rbac';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { createTestDatabase, type TestDatabase } from '@getupnet/testkit';
import { startAll } from './all-mode.js';
import { auditSurroundings, evidenceOf, type AuditEvidence } from './audit-surroundings.js';
import { startQueueStore } from './queue-store.js';
import type { Services, Surroundings } from './services.js';
import { startSplit } from './split-mode.js';
import { TenantMaker, type E2eTenant, type TenantWishes } from './tenants.js';

/** `all`: every service in this process. `split`: compiled entries as processes behind the proxy. */
export type Mode = 'all' | 'split';

/** A running product with its surroundings, as the scenarios see it. */
export interface Platform {
  readonly mode: string;
  /** The only public door; another one after a restart. */
  readonly gatewayUrl: string;
  /** Public listeners of the single processes, which nothing but the gateway should reach. */
  readonly publicUrls: readonly string[];
  /** Internal listeners, which nothing outside may reach. */
  readonly internalUrls: readonly string[];
  readonly simulator: Simulator;
  /** For looking at what no route shows: stored bytes, outbox, queues. */
  readonly database: TestDatabase;
  createTenant(wishes?: TenantWishes): Promise<E2eTenant>;
  /** Imports one through the signer’s internal route, for a company made over the API. */
  giveCertificate(tenantId: string): Promise<void>;
  /** The root certificate behind every tenant's. */
  readonly authorityPem: string;
  /** Where the audit's checkpoints are, and the key they are verified with. */
  readonly audit: AuditEvidence;
  /** Forgets every job, as a crashed Redis would; answers how many nobody had begun. */
  flushQueues(): Promise<number>;
  /** Everything the processes logged so far. */
  logs(): Promise<string>;
  /** What must never be in a log. */
  secrets(): readonly string[];
  /** One more of those. */
  keepSecret(...texts: string[]): void;
  stop(): Promise<void>;
}

type StartServices = (surroundings: Surroundings) => Promise<Services>;

const MODES: Readonly<Record<Mode, StartServices>> = { all: startAll, split: startSplit };

/** After an unanswered send, how long until "DGII does not know it" is believed. */
export const IN_FLIGHT_WINDOW_MS = 11_000;

/**
 * Short waits, so that retries are seen within a test, and jobs that have to queue. The lease is longer
 * than a busy machine takes to sign and send: nobody here waits for one to run out, and a document
 * whose lease does is sent with an intent more than its timeline should tell.
 */
const TIMINGS = {
  BILLING_LEASE_MS: '10000',
  BILLING_IN_FLIGHT_WINDOW_MS: String(IN_FLIGHT_WINDOW_MS),
  BILLING_FIRST_POLL_MS: '40',
  BILLING_POLL_MS: '150',
  BILLING_SWEEP_MS: '100',
  BILLING_CONCURRENCY: '4',
};

/** An outage is one within a second, and over as soon. */
const QUICK_LINK = { DGII_BREAKER_OPEN_MS: '1500', BILLING_CONTINGENCY_AFTER_MS: '1000' };

/** Starts a product of its own: database, DGII, queue store, services. */
export function startPlatform(mode: Mode): Promise<Platform> {
  return startPlatformWith(mode, (around) =>
    MODES[mode]({ ...around, env: { ...around.env, ...QUICK_LINK } }),
  );
}

/** The same with services started in the test's own way. */
export async function startPlatformWith(mode: string, start: StartServices): Promise<Platform> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse().splice(0)) await end();
  };
  try {
    const dir = await mkdtemp(join(tmpdir(), 'getupnet-e2e-'));
    started.push(() => rm(dir, { recursive: true, force: true }));
    const database = await createTestDatabase();
    started.push(() => database.drop());
    const expiry = sequenceExpiry();
    const simulator = await startSimulator({
      trust: 'any',
      seed: 'e2e',
      environments: {
        testecf: { fechaVencimientoSecuencia: expiry.dgii },
        certecf: { fechaVencimientoSecuencia: expiry.dgii },
      },
    });
    started.push(() => simulator.close());
    const store = await startQueueStore(mode, database);
    started.push(() => store.stop());
    const kek = randomBytes(32).toString('base64');
    const importKey = newServiceKey('client', 'sign');
    const audit = auditSurroundings(dir);
    const services = await start({
      databaseUrl: database.ownerUrl,
      dgiiUrl: simulator.url,
      kek,
      importKey,
      audit,
      logDir: dir,
      env: { ...TIMINGS, ...store.env },
    });
    started.push(() => services.stop());
    const tenants = new TenantMaker({ database, services, importKey, expiry: expiry.ours });
    return {
      mode,
      get gatewayUrl() {
        return services.gatewayUrl;
      },
      get publicUrls() {
        return services.publicUrls;
      },
      get internalUrls() {
        return services.internalUrls;
      },
      simulator,
      database,
      authorityPem: tenants.authorityPem,
      audit: evidenceOf(audit),
      createTenant: (wishes) => tenants.create(wishes),
      giveCertificate: (tenantId) => tenants.giveCertificate(tenantId),
      flushQueues: () => store.flush(),
      logs: () => textsIn(dir),
      keepSecret: (...texts) => void tenants.secrets.push(...texts),
      secrets: () => [kek, importKey.out.replace(/^\w+:/, ''), ...tenants.secrets],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function textsIn(dir: string): Promise<string> {
  const entries = await readdir(dir, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map(({ name }) => readFile(join(dir, name), 'utf8')));
  return texts.join('');
}

/** Last day of the year after next: DGII and our ranges must agree on it. */
export function sequenceExpiry(): { readonly dgii: string; readonly ours: string } {
  const year = new SystemClock().now().getUTCFullYear() + 2;
  return { dgii: `31-12-${year}`, ours: `${year}-12-31` };
}
