import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleUrls } from '@getupnet/persistence';
import { routeTable } from '@getupnet/platform';
import { allServices } from '../../apps/all/src/services.js';
import { compiledEntry } from '../../apps/e2e/src/harness/compiled-entry.js';
import { startPlatformWith, type Platform } from '../../apps/e2e/src/harness/platform.js';
import type { Services, Surroundings } from '../../apps/e2e/src/harness/services.js';
import { startRouteProxy } from '../split/route-proxy.js';
import { startServiceProcess, type ServiceProcess } from '../split/service-process.js';
import { importForTenant } from '../certificate-import/import-certificate.js';
import type { Io } from '../cli/io.js';
import { readText } from '../tidy/repository.js';
import { interpolate, parseCompose } from './compose.js';
import { newSecrets } from './secrets.js';

const START_LIMIT_MS = 120_000;
const INVOICE = {
  Encabezado: {
    IdDoc: { TipoeCF: '31' },
    Comprador: { RNCComprador: '131880681', RazonSocialComprador: 'COMPRADOR SRL' },
  },
  DetallesItems: {
    Item: [
      {
        NombreItem: 'Servicio',
        CantidadItem: 1,
        PrecioUnitarioItem: '1000.00',
        IndicadorFacturacion: 1,
      },
    ],
  },
};
/** Where the secrets of the running composition are, and its signer. */
let running: { readonly dir: string; readonly signUrl: string } | undefined;
const { services } = parseCompose(readText('docker-compose.yml'));

/** The secrets of the compose file, but for a database, a key and a caller that exist here. */
async function secretFiles(around: Surroundings, dir: string): Promise<void> {
  const made = new Map(newSecrets({ apiHost: 'localhost', now: new Date() }));
  for (const [role, url] of Object.entries(roleUrls({ DATABASE_URL: around.databaseUrl }))) {
    made.set(`database_url_${role}`, url);
  }
  made.set('secrets_kek', around.kek);
  made.set('sign_keys_in', `${made.get('sign_keys_in') ?? ''},${around.importKey.entry}`);
  for (const [name, content] of made) await writeFile(join(dir, name), content, { mode: 0o600 });
}

/** Starts the entries with the variables docker-compose.yml gives their containers. */
async function startAsComposed(around: Surroundings): Promise<Services> {
  const started: (() => Promise<unknown>)[] = [];
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-compose-'));
  started.push(() => rm(dir, { recursive: true }));
  await secretFiles(around, dir);
  const run = async (name: string, here: Record<string, string>): Promise<ServiceProcess> => {
    const { command, environment } = services[name] ?? {};
    const given = Object.entries(environment ?? {}).map(
      ([variable, value]) => [variable, interpolate(value).replace('/run/secrets', dir)] as const,
    );
    const service = await startServiceProcess({
      entry: compiledEntry(/apps\/([^/]+)\//.exec(command?.[0] ?? '')?.[1] ?? ''),
      env: {
        ...Object.fromEntries(given),
        ...around.env,
        HOST: '127.0.0.1',
        PUBLIC_HOSTS: '127.0.0.1',
        INTERNAL_HOST: '127.0.0.1',
        // The queues of this test are where the harness keeps them.
        REDIS_URL_FILE: '',
        ...here,
      },
      logFile: join(around.logDir, `${name}.log`),
    });
    started.push(() => service.stop());
    return service;
  };
  const sign = await run('sign', {});
  const toSign = { SIGN_URL: sign.internalUrl };
  const dgii = await run('dgii-client', { ...toSign, DGII_BASE_URL: around.dgiiUrl });
  const toOthers = { ...toSign, DGII_CLIENT_URL: dgii.internalUrl };
  const auth = await run('auth', {});
  const admin = await run('admin', {});
  const audit = await run('audit', { WORM_DIRECTORY: around.audit['WORM_DIRECTORY'] ?? '' });
  const billing = await run('billing', toOthers);
  const worker = await run('billing-worker', toOthers);
  const proxy = await startRouteProxy(routeTable(allServices()), {
    admin: admin.publicUrl,
    audit: audit.publicUrl,
    auth: auth.publicUrl,
    billing: billing.publicUrl,
  });
  started.push(() => proxy.close());
  const processes = [auth, admin, audit, billing, sign, dgii, worker];
  running = { dir, signUrl: sign.internalUrl };
  return {
    gatewayUrl: proxy.url,
    publicUrls: processes.map(({ publicUrl }) => publicUrl),
    internalUrls: processes.map(({ internalUrl }) => internalUrl),
    signUrl: sign.internalUrl,
    stop: async () => {
      for (const end of started.reverse().splice(0)) await end();
    },
  };
}

describe('the services with what docker-compose.yml gives them, and nothing else', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatformWith('compose', startAsComposed);
  }, START_LIMIT_MS);
  afterAll(() => platform.stop(), START_LIMIT_MS);

  test(
    'issue a document, read it and register a sequence',
    async () => {
      const { api } = await platform.createTenant();
      const { status, document } = await api.emit({ ECF: INVOICE }, { wait: 20 });
      expect({ status, state: document.state }).toEqual({ status: 200, state: 'ACCEPTED' });
      const self = `/tenant/invoices/${document.id}`;
      const reads = [self, `${self}/xml`, `${self}/timeline`, '/tenant/invoices'];
      const answers = await Promise.all(reads.map((path) => api.call('GET', path)));
      expect(answers.map((answer) => answer.status)).toEqual(reads.map(() => 200));
      const range = { tipo: '45', first: 9_000_001, last: 9_000_010, expiresOn: '2099-12-31' };
      const added = await api.call('POST', '/tenant/sequences', {
        headers: { 'content-type': 'application/json', 'idempotency-key': 'range-45' },
        body: JSON.stringify(range),
      });
      expect(added.status).toBe(201);
    },
    START_LIMIT_MS,
  );

  test('let the operator hand certificates to the signer', async () => {
    const { dir = '', signUrl = '' } = running ?? {};
    const { id } = await platform.createTenant({ certificate: 'none' });
    const { environment } = services['certificate-import'] ?? {};
    const env = Object.fromEntries(
      Object.entries(environment ?? {}).map(([name, value]) => [
        name,
        value.replace('/run/secrets', dir),
      ]),
    );
    let told = '';
    const args = ['--tenant', id, '--p12', 'a.p12', '--password-file', 'clave'];
    const io = {
      note: (text: string) => void (told += text),
      readFile: () => Promise.resolve(Buffer.from('no certificate')),
    } as unknown as Io;
    await importForTenant(args, { ...env, SIGN_URL: signUrl }, io);
    // Let in, and told that this is none.
    expect(told).toMatch(/certificate import: 422 .*"cert\.invalid"/);
  });
});
