import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import {
  createServices,
  declaredRoutes,
  type RunningServices,
  type ServiceDefinition,
} from '@getupnet/platform';
import { createTestDatabase, type TestDatabase } from '@getupnet/testkit';
import { auditSurroundings } from '../harness/audit-surroundings.js';
import { CallerMaker, serviceKeys } from './callers.js';
import { Door } from './door.js';
import { Observer } from './observer.js';
import { plantTenant, type PlantedTenant } from './planted.js';
import type { Route, Target } from './target.js';

/** Services of one process with two tenants' rows in their database, and a way to call them. */
export interface Installation extends Target {
  readonly running: RunningServices;
  readonly database: TestDatabase;
  readonly callers: CallerMaker;
  /** As Fastify registered them. */
  readonly registered: ReadonlySet<string>;
  readonly a: PlantedTenant;
  readonly b: PlantedTenant;
  /** Everything logged so far. */
  logs(): string;
  stop(): Promise<void>;
}

/** Requests are not what is counted here, and one wrong password is: hashing more takes minutes. */
const UNLIMITED = '9999999:9999999';
const LIMITS = {
  RATE_LIMIT_ADDRESS: UNLIMITED,
  RATE_LIMIT_KEY: UNLIMITED,
  RATE_LIMIT_USER: UNLIMITED,
  RATE_LIMIT_TENANT_TIERS: `standard=${UNLIMITED}`,
  AUTH_ADDRESS_FAILURES: '1',
};

/** Only the routes: no worker touches a planted row. */
export async function startInstallation(
  definitions: readonly ServiceDefinition[],
): Promise<Installation> {
  const ends: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse().splice(0)) await end();
  };
  try {
    const routes: readonly Route[] = declaredRoutes(definitions);
    const database = await createTestDatabase();
    ends.push(() => database.drop());
    const simulator: Simulator = await startSimulator({ trust: 'any', seed: 'wall' });
    ends.push(() => simulator.close());
    const observer = new Observer();
    observer.start();
    ends.push(() => observer.stop());
    const dir = await mkdtemp(join(tmpdir(), 'getupnet-wall-'));
    ends.push(() => rm(dir, { recursive: true, force: true }));
    const keys = serviceKeys();
    const lines: string[] = [];
    const running = await createServices(definitions, {
      env: {
        ...{ ROLE: 'http', PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: database.ownerUrl },
        ...{ DGII_BASE_URL: simulator.url, SECRETS_KEK: randomBytes(32).toString('base64') },
        SERVICE_KEYS_IN: [...keys.values()].map(({ entry }) => entry).join(),
        ...auditSurroundings(dir),
        ...LIMITS,
      },
      logStream: { write: (line: string) => void lines.push(line) },
    });
    ends.push(() => running.close());
    const door = new Door(running, observer);
    ends.push(() => door.close());
    const callers = new CallerMaker(database, keys);
    await callers.prepare();
    const [a, b] = [await plantTenant(database, 1), await plantTenant(database, 2)];
    const { registered } = observer;
    return {
      routes,
      door,
      running,
      database,
      callers,
      registered,
      a,
      b,
      stop,
      logs: () => lines.join(''),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
