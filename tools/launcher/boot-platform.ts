import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createServices, type RunningServices } from '@getupnet/platform';
import { migrate } from '@getupnet/persistence';
import { newServiceKey, type NewServiceKey } from '@getupnet/rbac';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { allServices } from '../../apps/all/src/services.js';
import { startEmbeddedPostgres } from '../embedded-postgres/index.js';
import { keepSecret, openDataDir, randomSecret, writePrivate, type DataDir } from './data-dir.js';
import { demoFile, type DemoFile } from './demo-file.js';
import { authorityAt, authorityOf } from './demo-certificates.js';
import { ensurePeople, inventPerson } from './demo-people.js';
import { makeDemoTenants, renewCertificates } from './demo-tenants.js';
import type { Progress } from './progress.js';
import type { LaunchSettings } from './settings.js';

export interface Platform {
  readonly demo: DemoFile;
  readonly dir: DataDir;
  /** Makes the accounts of the demonstration's people, once; hashing passwords takes its time. */
  people(): Promise<void>;
  /** Stops everything in the opposite order of starting it. */
  stop(): Promise<void>;
}

/** Starts what one machine needs to try the product: database, simulator, services, two tenants. */
export async function bootPlatform(
  settings: LaunchSettings,
  progress: Progress,
): Promise<Platform> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.reverse().splice(0)) await end();
  };
  try {
    const dir = await openDataDir(settings.dataDir);
    const ownerUrl = await database(settings, dir, progress, started);
    await progress.step('Migraciones', () => migrate(ownerUrl));
    const simulator = await simulate(settings, dir, progress, started);
    const secrets = await developmentSecrets(dir);
    const services = await progress.step('Servicios', () =>
      createServices(allServices(), {
        env: {
          DATABASE_URL: ownerUrl,
          REDIS_URL: settings.redisUrl ?? '',
          DGII_BASE_URL: settings.dgiiBaseUrl ?? simulator?.url ?? '',
          PORT: String(settings.port),
          INTERNAL_PORT: String(settings.internalPort),
          SECRETS_KEK: secrets.kek,
          SERVICE_KEYS_IN: secrets.keyToSign.entry,
          AUDIT_CHECKPOINT_KEY: secrets.checkpointKey,
          WORM_DIRECTORY: dir.audit,
          ...(simulator === null ? {} : { SIGN_AUTHORITIES: simulator.rootPem }),
        },
        logStream: createWriteStream(dir.log, { flags: 'a', mode: 0o600 }),
      }),
    );
    started.push(() => services.close());
    const demo = await tenants(settings, dir, progress, { ownerUrl, services, simulator, secrets });
    let making: Promise<void> | undefined;
    const people = () => (making ??= ensurePeople({ ownerUrl, kek: secrets.kek }, demo));
    started.push(async () => void (await Promise.allSettled([making])));
    return { demo, dir, people, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function database(
  settings: LaunchSettings,
  dir: DataDir,
  progress: Progress,
  started: (() => Promise<void>)[],
): Promise<string> {
  if (settings.databaseUrl !== null) return settings.databaseUrl;
  const embedded = await progress.step('PostgreSQL', () =>
    startEmbeddedPostgres({ dataDir: dir.database, onNotice: (text) => progress.note(text) }),
  );
  started.push(() => embedded.stop());
  return embedded.ownerUrl;
}

async function simulate(
  settings: LaunchSettings,
  dir: DataDir,
  progress: Progress,
  started: (() => Promise<void>)[],
): Promise<Simulator | null> {
  if (settings.dgiiBaseUrl !== null) return null;
  const simulator = await progress.step('Simulador de la DGII', () =>
    startSimulator({
      dataDir: dir.simulator,
      trust: 'authorities',
      onNotice: (text) => progress.note(text),
    }),
  );
  started.push(() => simulator.close());
  return simulator;
}

interface DevelopmentSecrets {
  readonly kek: string;
  /** Good for this process's life; tools on this machine find it beside the other secrets. */
  readonly keyToSign: NewServiceKey;
  /** Signs the audit's checkpoints; PEM. */
  readonly checkpointKey: string;
}

/** Invented once and kept; production gets its secrets from its operator. */
async function developmentSecrets(dir: DataDir): Promise<DevelopmentSecrets> {
  const kek = await keepSecret(join(dir.secrets, 'kek'), () => randomSecret(32, 'base64'));
  const keyToSign = newServiceKey('client', 'sign');
  await writePrivate(join(dir.secrets, 'client_to_sign'), `${keyToSign.out}\n`);
  const checkpointKey = await keepSecret(join(dir.secrets, 'audit_checkpoint_key'), () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const publicKey = createPublicKey(checkpointKey).export({ type: 'spki', format: 'pem' });
  await writePrivate(join(dir.audit, 'checkpoint_public_key.pem'), publicKey.toString());
  return { kek, keyToSign, checkpointKey };
}

async function tenants(
  settings: LaunchSettings,
  dir: DataDir,
  progress: Progress,
  running: {
    readonly ownerUrl: string;
    readonly services: RunningServices;
    readonly simulator: Simulator | null;
    readonly secrets: DevelopmentSecrets;
  },
): Promise<DemoFile> {
  const { services, simulator } = running;
  const addresses = {
    gatewayUrl: services.publicUrl,
    internalUrl: services.internalUrl,
    simulatorUrl: simulator?.url ?? settings.dgiiBaseUrl ?? '',
  };
  const setup = {
    ownerUrl: running.ownerUrl,
    internalUrl: services.internalUrl,
    gatewayUrl: services.publicUrl,
    serviceKeyToSign: running.secrets.keyToSign.out,
    dir,
    authority:
      simulator === null ? await authorityAt(addresses.simulatorUrl) : authorityOf(simulator),
  };
  const mark = demoFile.databaseMark(running.ownerUrl, dir);
  const known = await demoFile.read(dir.demoFile);
  const list = await progress.step('Empresas de demostración y sus certificados', () =>
    known?.database === mark ? renewCertificates(setup, known.tenants) : makeDemoTenants(setup),
  );
  const demo: DemoFile = {
    ...addresses,
    platformAdmin:
      known?.database === mark ? known.platformAdmin : inventPerson('operador', 'plataforma'),
    tenants: list,
    database: mark,
  };
  await demoFile.write(dir.demoFile, demo);
  return demo;
}
