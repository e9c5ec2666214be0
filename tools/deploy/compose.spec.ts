import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dgiiGatewayClient } from '@getupnet/dgii-gateway-client';
import { admin } from '@getupnet/feature-admin';
import { audit } from '@getupnet/feature-audit';
import { auth } from '@getupnet/feature-auth';
import { billing } from '@getupnet/feature-billing';
import { dgiiClient } from '@getupnet/feature-dgii-client';
import { sign } from '@getupnet/feature-sign';
import { persistenceEnv } from '@getupnet/persistence';
import { loadConfig, platformSpecs, type EnvSpec } from '@getupnet/platform';
import { serviceCallerEnv } from '@getupnet/rbac';
import { signClient, signClientEnv } from '@getupnet/sign-client';
import { readText, repositoryPaths } from '../tidy/repository.js';
import { composeFaults, interpolate, jobsOf, parseCompose, type Compose } from './compose.js';
import { newSecrets } from './secrets.js';
import { writeSecrets } from './write-secrets.js';

const compose = parseCompose(readText('docker-compose.yml'));
const development = parseCompose(readText('deploy/compose/development.yml'));

/** What each entry reads, as its main.ts puts it together. */
const SPECS: Readonly<Record<string, readonly EnvSpec[]>> = {
  'dist/tools/migrate/main.js': [persistenceEnv],
  'dist/apps/sign/src/main.js': sign().env,
  'dist/apps/dgii-client/src/main.js': dgiiClient({ sign: signClient }).env,
  'dist/apps/auth/src/main.js': auth().env,
  'dist/apps/admin/src/main.js': admin().env,
  'dist/apps/audit/src/main.js': audit().env,
  'dist/apps/billing/src/main.js': billing({ sign: signClient, dgii: dgiiGatewayClient }).env,
  'dist/tools/certificate-import/main.js': [signClientEnv, serviceCallerEnv],
};
/** Read by Node itself. */
const NODE_VARIABLES = new Set(['UV_THREADPOOL_SIZE', 'NODE_OPTIONS']);

const own = Object.entries(compose.services).filter(([, { image }]) =>
  image?.startsWith('getupnet-ecf:'),
);
const specsOf = (command: readonly string[] = []): readonly EnvSpec[] => [
  ...platformSpecs,
  ...(SPECS[command[0] ?? ''] ?? []),
];

describe('docker-compose.yml', () => {
  test('DEP-1, NET-1, SUP-1: only the gateway is exposed, every container is hardened', () => {
    expect(composeFaults(compose)).toEqual([]);
    expect(Object.keys(compose.services)).toEqual([
      'traefik',
      'postgres',
      'redis',
      'migrate',
      'sign',
      'dgii-client',
      'auth',
      'admin',
      'audit',
      'billing',
      'billing-worker',
      'certificate-import',
    ]);
  });

  test('publishes to this machine only, unless the operator says otherwise', () => {
    const published = (compose.services['traefik']?.ports ?? []).map(interpolate);
    expect(published).toEqual(['127.0.0.1:80:8080', '127.0.0.1:443:8443']);
  });

  test('everything waits for the migrations, which run once', () => {
    expect([...jobsOf(compose)]).toEqual(['migrate']);
    for (const [name, { depends_on }] of own) {
      if (name !== 'migrate') expect(depends_on).toHaveProperty('migrate');
    }
    expect(compose.services['migrate']?.restart).toBe('no');
  });

  test('what is run by hand is not started with the rest, and reaches the signer only', () => {
    expect(compose.services['certificate-import']).toMatchObject({
      ...{ profiles: ['tools'], restart: 'no', networks: ['signing'] },
      secrets: ['operator_to_sign'],
    });
  });

  test('only the migrations know the owner of the database', () => {
    const holders = Object.entries(compose.services)
      .filter(([, { secrets }]) => secrets?.includes('database_url'))
      .map(([name]) => name);
    expect(holders).toEqual(['migrate']);
  });

  test.each(own)('%s starts an entry that exists', (_, { command }) => {
    const source = command?.[0]?.replace(/^dist\//, '').replace(/\.js$/, '.ts') ?? '';
    expect(repositoryPaths()).toContain(source);
  });

  test.each(own)('%s is given no variable it does not read', (_, { command, environment }) => {
    const known = new Set(specsOf(command).flatMap((spec) => Object.keys(spec.variables)));
    const unread = Object.keys(environment ?? {}).filter(
      (name) => !NODE_VARIABLES.has(name) && !known.has(name.replace(/_FILE$/, '')),
    );
    expect(unread).toEqual([]);
  });
});

describe('the secrets made for it', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'made');
  beforeAll(() => writeSecrets(dir, newSecrets({ apiHost: 'localhost', now: new Date() })));
  afterAll(() => rmSync(join(dir, '..'), { recursive: true }));

  test('are those it names', () => {
    const files = Object.values(compose.secrets ?? {}).map(({ file }) => file);
    const made = [...newSecrets({ apiHost: 'localhost', now: new Date() }).keys()];
    expect(files.sort()).toEqual(made.map((name) => `./deploy/secrets/${name}`).sort());
  });

  test('are never written over', async () => {
    await expect(writeSecrets(dir, new Map([['secrets_kek', 'x']]))).rejects.toThrow('secrets_kek');
  });

  test.each(own)('complete the configuration of %s', (_, { command, environment }) => {
    const source = Object.fromEntries(
      Object.entries(environment ?? {}).map(([name, value]) => [
        name,
        interpolate(value).replace('/run/secrets', dir),
      ]),
    );
    expect(() => loadConfig(specsOf(command), source)).not.toThrow();
  });
});

describe('deploy/compose/development.yml', () => {
  test('DEP-1: binds to this machine only', () => {
    const ports = Object.values(development.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('puts the simulator in DGII’s place', () => {
    const url = new URL(development.services['dgii-client']?.environment?.['DGII_BASE_URL'] ?? '');
    const { command } = development.services[url.hostname] ?? {};
    expect(command).toContain(url.port);
    expect(command).toContain('0.0.0.0');
  });
});

describe('planted mistakes', () => {
  const plant = (name: string, change: object): Compose => ({
    ...compose,
    services: { ...compose.services, [name]: { ...compose.services[name], ...change } },
  });

  test.each<[string, object, string]>([
    ['postgres', { ports: ['5432:5432'] }, 'publishes a port'],
    ['sign', { network_mode: 'host' }, 'shares the host'],
    ['traefik', { volumes: ['/var/run/docker.sock:/x'] }, 'can command the engine'],
    ['sign', { networks: ['data', 'egress'] }, 'network egress leads outside'],
    ['redis', { networks: undefined }, 'on the default network'],
    ['billing', { read_only: false }, 'its root is writable'],
    ['billing', { user: '0:0' }, 'runs as root or as the image says'],
    ['billing', { cap_drop: [] }, 'keeps capabilities'],
    ['billing', { security_opt: [] }, 'may gain privileges (no-new-privileges)'],
    ['redis', { image: 'redis:latest' }, 'image redis:latest is not pinned'],
    ['redis', { image: 'redis:7' }, 'image redis:7 is not pinned'],
    ['billing', { restart: 'no' }, 'is not restarted'],
    ['billing', { healthcheck: { disable: true } }, 'has no health check'],
    ['billing', { mem_limit: undefined }, 'has no memory limit'],
    ['sign', { secrets: ['database_url_signer'] }, 'reads secrets_kek, which it is not given'],
    [
      'redis',
      { environment: { REDIS_PASSWORD: 'x' } },
      'REDIS_PASSWORD is written down; use REDIS_PASSWORD_FILE',
    ],
  ])('%s with %j is found', (name, change, fault) => {
    expect(composeFaults(plant(name, change))).toContain(`${name}: ${fault}`);
  });
});
