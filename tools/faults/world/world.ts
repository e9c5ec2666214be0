import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { TcpProxy } from '../weather/tcp-proxy.js';
import type { Seeded } from '../seeded.js';
import { EVIDENCE } from '../evidence-files.js';
import { Database } from './database.js';
import { openQueueStore, type QueueStore } from './queue-store.js';
import { Replica, type Ending } from './replica.js';
import { serviceKinds } from './services.js';
import { makeTenants, rangeExpiry, type FaultTenant } from './tenants.js';
import { Turnstile } from './turnstile.js';

/** Time a worker owns what it sends, and after which "DGII does not know it" is believed. */
export const LEASE_MS = 5_000;
export const WINDOW_MS = 9_000;

/** Short waits: a run sees hundreds of leases run out. Calls to DGII end well before a lease. */
const TIMINGS = {
  BILLING_LEASE_MS: String(LEASE_MS),
  BILLING_IN_FLIGHT_WINDOW_MS: String(WINDOW_MS),
  BILLING_FIRST_POLL_MS: '40',
  BILLING_POLL_MS: '250',
  BILLING_SWEEP_MS: '250',
  BILLING_HAND_OVER_MS: '5000',
  DGII_CALL_TIMEOUT_MS: '2000',
  DGII_CONNECT_TIMEOUT_MS: '1000',
  DGII_BREAKER_FAILURES: '8',
  DGII_BREAKER_OPEN_MS: '1500',
  DATABASE_CONNECT_TIMEOUT_MS: '3000',
  DATABASE_STATEMENT_TIMEOUT_MS: '5000',
  RATE_LIMIT_REPLICAS: '2',
};

/** Often, so that a run of minutes has many. */
const CHECKPOINT_MS = 2_000;

export interface WorldOptions {
  readonly dir: string;
  readonly tenants: number;
  readonly replicas: number;
  readonly draw: Seeded;
  /** Environment of a new life: crash points. */
  readonly crashEnv: (replica: string, kind: string) => Readonly<Record<string, string>>;
  readonly onEnd: (ending: Ending) => void;
  readonly progress: (text: string) => void;
}

/** Doors of the run: `postgres`, `redis` and `dgii` have weather; the others share out replicas. */
export interface Doors {
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy;
  readonly dgii: TcpProxy;
  readonly sign: TcpProxy;
  readonly 'dgii-client': TcpProxy;
  readonly 'billing-http': TcpProxy;
  readonly audit: TcpProxy;
}

/** Everything that runs, and everything that can be done to it. */
export interface World {
  readonly doors: Doors;
  readonly database: Database;
  readonly queue: QueueStore;
  readonly simulator: Simulator;
  readonly replicas: readonly Replica[];
  readonly tenants: readonly FaultTenant[];
  /** What must never be in a log. */
  readonly secrets: readonly string[];
  /** Ends the services and DGII; the database stays for the checker. */
  stopServices(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts database, queue, DGII, two processes of every service, and makes the taxpayers. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse().splice(0)) await end();
  };
  try {
    return await build(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  options: WorldOptions,
  started: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<World> {
  const { dir, progress } = options;
  const doors = await openDoors(started);
  const databaseDir = join(dir, 'database');
  // Open to the server's own account, which is not ours when we are root.
  await mkdir(databaseDir, { recursive: true });
  await chmod(dir, 0o755);
  progress('PostgreSQL');
  const database = await Database.open(databaseDir, doors.postgres);
  started.push(() => database.destroy());
  const queue = await openQueueStore(join(dir, 'redis'), () => database.superuserUrl);
  started.push(() => queue.stop());
  const simulator = await openSimulator(dir, options.draw, doors.dgii);
  const stopServices: (() => Promise<void>)[] = [() => simulator.close()];
  const endServices = async (): Promise<void> => {
    for (const end of stopServices.reverse().splice(0)) await end();
  };
  started.push(endServices);
  if (queue.port !== null) doors.redis.aim([queue.port]);
  const kek = randomBytes(32).toString('base64');
  const logDir = join(dir, 'logs');
  await mkdir(logDir, { recursive: true });
  const urlOf = (door: TcpProxy): string => `http://127.0.0.1:${door.port}`;
  const { specs, keyToSign } = serviceKinds(
    {
      databaseUrl: database.serviceUrl,
      dgiiUrl: urlOf(doors.dgii),
      kek,
      signUrl: urlOf(doors.sign),
      dgiiClientUrl: urlOf(doors['dgii-client']),
      env: {
        ...TIMINGS,
        ...(queue.port === null ? {} : { REDIS_URL: `redis://127.0.0.1:${doors.redis.port}` }),
      },
      auditEnv: await auditEnv(dir),
      replicas: options.replicas,
    },
    options.crashEnv,
  );
  const turnstile = new Turnstile(2);
  const replicas: Replica[] = [];
  const onUp = ({ kind }: Replica): void => aim(doors, replicas, kind);
  replicas.push(
    ...specs.map((spec) => new Replica(spec, { turnstile, logDir, onUp, onEnd: options.onEnd })),
  );
  stopServices.push(async () => void (await Promise.all(replicas.map((one) => one.retire()))));
  process.once('exit', () => replicas.forEach((one) => one.abandon()));
  progress(`${replicas.length} procesos`);
  await Promise.all(replicas.map((replica) => replica.start()));
  progress(`${options.tenants} contribuyentes`);
  const { tenants, secrets } = await makeTenants({
    ownerUrl: database.ownerUrl,
    signUrl: urlOf(doors.sign),
    keyToSign,
    count: options.tenants,
    draw: options.draw,
  });
  return {
    doors,
    database,
    queue,
    simulator,
    replicas,
    tenants,
    secrets: [kek, ...secrets],
    stopServices: endServices,
    stop,
  };
}

async function openDoors(started: (() => Promise<void>)[]): Promise<Doors> {
  const open = async (name: string): Promise<TcpProxy> => {
    const proxy = await TcpProxy.open(name);
    started.push(() => proxy.close());
    return proxy;
  };
  return {
    postgres: await open('postgres'),
    redis: await open('redis'),
    dgii: await open('dgii'),
    sign: await open('sign'),
    'dgii-client': await open('dgii-client'),
    'billing-http': await open('billing-http'),
    audit: await open('audit'),
  };
}

/** A key that signs checkpoints, and where they are kept for ever; the public half is evidence. */
async function auditEnv(dir: string): Promise<Record<string, string>> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(join(dir, EVIDENCE.checkpointKey), publicPem);
  return {
    AUDIT_CHECKPOINT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    AUDIT_CHECKPOINT_MS: String(CHECKPOINT_MS),
    WORM_DIRECTORY: join(dir, EVIDENCE.worm),
  };
}

async function openSimulator(dir: string, draw: Seeded, door: TcpProxy): Promise<Simulator> {
  const fechaVencimientoSecuencia = rangeExpiry().dgii;
  const simulator = await startSimulator({
    dataDir: join(dir, 'dgii'),
    trust: 'any',
    seed: String(draw.below(2 ** 30)),
    environments: {
      testecf: { fechaVencimientoSecuencia },
      certecf: { fechaVencimientoSecuencia },
    },
  });
  door.aim([Number(new URL(simulator.url).port)]);
  return simulator;
}

/** Internal services are called at their internal listener, the others at the public one. */
const INTERNAL: ReadonlySet<string> = new Set(['sign', 'dgii-client']);

function aim(doors: Doors, replicas: readonly Replica[], kind: string): void {
  if (!Object.hasOwn(doors, kind)) return;
  const ports = replicas
    .filter((replica) => replica.kind === kind)
    .map(({ urls }) => (INTERNAL.has(kind) ? urls?.internalUrl : urls?.publicUrl))
    .filter((url) => url !== undefined)
    .map((url) => Number(new URL(url).port));
  doors[kind as keyof Doors].aim(ports);
}
