import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { newId } from '@getupnet/kernel';
import { migrate, registerTenant } from '@getupnet/persistence';
import { newApiKey, newServiceKey } from '@getupnet/rbac';
import { issueCertificate } from '@getupnet/xmldsig';
import pg from 'pg';
import { startEmbeddedPostgres } from '../tools/embedded-postgres/index.js';
import { importCertificate } from '../tools/certificate-import/hand-over.js';
import { startServiceProcess } from '../tools/split/service-process.js';

export interface BenchTenant {
  readonly id: string;
  readonly apiKey: string;
}

export interface Stack {
  readonly gatewayUrl: string;
  readonly ownerUrl: string;
  readonly tenants: readonly BenchTenant[];
  readonly pid: number;
  /** For the processor times. */
  readonly processNames: ReadonlyMap<number, string>;
  stop(): Promise<void>;
}

const dist = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The real thing on one machine: PostgreSQL, simulator and platform, each a process of its own. */
export async function startStack(tenantCount: number, queue: QueueStore): Promise<Stack> {
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-bench-'));
  const started: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(dir, { tenantCount, queue }, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  dir: string,
  { tenantCount, queue }: { readonly tenantCount: number; readonly queue: QueueStore },
  started: (() => Promise<unknown>)[],
) {
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres') });
  started.push(() => postgres.destroy());
  await migrate(postgres.ownerUrl);
  const simulator = await startSimulatorProcess(['--temporary']);
  started.push(async () => simulator.process.kill('SIGTERM'));
  const redisUrl = queue === 'redis' ? await startRedis(dir, started) : '';
  const key = newServiceKey('client', 'sign');
  const platform = await startServiceProcess({
    entry: join(dist, 'apps/all/src/main.js'),
    env: {
      DATABASE_URL: postgres.ownerUrl,
      REDIS_URL: redisUrl,
      DGII_BASE_URL: simulator.url,
      SECRETS_KEK: randomBytes(32).toString('base64'),
      SERVICE_KEYS_IN: key.entry,
      AUDIT_CHECKPOINT_KEY: checkpointKey(),
      WORM_DIRECTORY: join(dir, 'worm'),
      // The simulator judges in 20 ms; DGII itself takes some 200.
      BILLING_FIRST_POLL_MS: '25',
    },
    logFile: join(dir, 'platform.log'),
  });
  started.push(() => platform.stop());
  const tenants = await makeTenants(postgres.ownerUrl, tenantCount, {
    internalUrl: platform.internalUrl,
    serviceKeyToSign: key.out,
  });
  return {
    gatewayUrl: platform.publicUrl,
    ownerUrl: postgres.ownerUrl,
    tenants,
    pid: platform.process.pid ?? 0,
    processNames: new Map([
      [process.pid, 'driver'],
      [simulator.process.pid ?? 0, 'simulator'],
      [platform.process.pid ?? 0, 'platform'],
    ]),
  };
}

function checkpointKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Where the jobs travel: in PostgreSQL unless told otherwise, Redis in production. */
export type QueueStore = 'postgres' | 'redis';

export function redisIsThere(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

async function startRedis(dir: string, started: (() => Promise<unknown>)[]): Promise<string> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const child = spawn('redis-server', [...options, '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(async () => child.kill('SIGTERM'));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Ready to accept connections')) break;
  }
  return `redis://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startSimulatorProcess(
  flags: readonly string[] = [],
): Promise<{ url: string; process: ChildProcess }> {
  const entry = join(dist, 'apps/dgii-simulator/src/main.js');
  const child = spawn(process.execPath, [entry, '--port', '0', '--trust', 'any', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve) => lines.once('line', resolve));
  return { url, process: child };
}

async function makeTenants(
  ownerUrl: string,
  count: number,
  signer: { readonly internalUrl: string; readonly serviceKeyToSign: string },
): Promise<BenchTenant[]> {
  const issued = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
  });
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const tenants: BenchTenant[] = [];
  for (let index = 0; index < count; index += 1) {
    const { key, hash, prefix } = newApiKey();
    const { id } = await registerTenant(owner, {
      id: newId(),
      rnc: String(101_000_000 + index),
      name: `Empresa ${index + 1}, SRL`,
      profile: { DireccionEmisor: 'Calle El Conde 1, Santo Domingo' },
      apiKeys: [
        {
          name: 'bench',
          prefix,
          hash,
          permissions: ['TENANT_INVOICE_EMIT', 'TENANT_INVOICE_READ'],
        },
      ],
      ranges: [{ tipo: 31, first: 1, last: 10_000_000, expiresOn: '2028-12-31' }],
    });
    await importCertificate(signer, id, issued.p12, issued.password);
    tenants.push({ id, apiKey: key });
  }
  await owner.end();
  return tenants;
}
