import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { SIGN_ROUTES, Sign, importedCertificateSchema, type SignItem } from '@getupnet/contracts';
import { sign, signLocal } from '@getupnet/feature-sign';
import { Clock, newId } from '@getupnet/kernel';
import { Config, createServices, loadConfig, type RunningServices } from '@getupnet/platform';
import { newServiceKey, outVariable } from '@getupnet/rbac';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { anyCertificate, issueCertificate, verify } from '@getupnet/xmldsig';
import { ConsoleLogger, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CertificatesClient, signClient } from './index.js';
import { SignerCalls } from './signer-calls.js';

const database = useTestDatabase();
const clock = new FakeClock(new Date());
const pair = newServiceKey('billing', 'sign');
const dgiiClient = newServiceKey('dgii-client', 'sign');
const certificate = issueCertificate({
  holderId: '00112345678',
  name: 'FIRMANTE',
  password: 'clave',
  notAfter: new Date(clock.now().getTime() + 3_600_000),
});

let signer: RunningServices;
let local: RunningServices;
let tenant: TestTenant;
const clients: TestingModule[] = [];

/** A process of another service, which signs over the network. */
async function client(url = signer.internalUrl, key = pair.out): Promise<TestingModule> {
  const config = loadConfig([...signClient.env], { SIGN_URL: url, [outVariable('sign')]: key });
  const surroundings: DynamicModule = {
    module: Surroundings,
    global: true,
    providers: [
      { provide: Config, useValue: config },
      { provide: Clock, useValue: clock },
    ],
    exports: [Config, Clock],
  };
  const made = await Test.createTestingModule({ imports: [surroundings, signClient.module] })
    .setLogger(new ConsoleLogger({ logLevels: [] }))
    .compile();
  clients.push(made);
  return made;
}

@Module({})
class Surroundings {}

const upload = { p12: certificate.p12.toString('base64'), password: certificate.password };
const subject = () => ({
  tenantId: tenant.id,
  actor: 'user:prueba',
  permission: 'TENANT_CERT_UPLOAD' as const,
});
const item = (xml: string): SignItem => ({ documentId: newId(), kind: 'ecf', xml });
const documentOf = (total: string): string =>
  `<ECF><RNCEmisor>${tenant.rnc}</RNCEmisor><Total>${total}</Total></ECF>`;
const request = (items: readonly SignItem[]) => ({
  tenantId: tenant.id,
  requester: 'job:prueba',
  items,
});
const problem = (code: string, params?: object): Error =>
  expect.objectContaining({ code, ...(params === undefined ? {} : { params }) }) as Error;

// Inside, so that the services are closed before the suite's database goes.
describe('sign-client', () => {
  beforeAll(async () => {
    const env = {
      PORT: '0',
      INTERNAL_PORT: '0',
      DATABASE_URL: database().ownerUrl,
      SECRETS_KEK: randomBytes(32).toString('base64'),
      SERVICE_KEYS_IN: `${pair.entry},${dgiiClient.entry}`,
    };
    const logStream = new Writable({ write: (_chunk, _encoding, done) => done() });
    const providers = [{ provide: Clock, useValue: clock }];
    signer = await createServices([sign()], { env, logStream, providers });
    const beside = { name: 'billing' as const, http: [signLocal.module], workers: [] };
    local = await createServices([{ ...beside, env: signLocal.env }], {
      env,
      logStream,
      providers,
    });
  });
  afterAll(async () => {
    await Promise.all([signer.close(), local.close()]);
  });
  beforeEach(async () => {
    tenant = await createTestTenant(database());
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((made) => made.close()));
  });

  describe('the signer over the network', () => {
    it('imports, signs and answers as the one in this process does', async () => {
      const app = await client();
      const imported = await app.get(CertificatesClient).import(subject(), upload);
      const port = app.get(Sign);
      const beside = local.app.get(Sign);
      expect(await port.activeThumbprint(tenant.id)).toBe(imported.thumbprint);
      expect(await beside.activeThumbprint(tenant.id)).toBe(imported.thumbprint);
      const items = ['1.00', '2.00'].map((total) => item(documentOf(total)));
      const results = await port.sign(request(items));
      expect(results.map((result) => result.documentId)).toEqual(
        items.map((one) => one.documentId),
      );
      for (const result of results) {
        const xml = result.ok ? result.xml : '';
        expect(verify(Buffer.from(xml), { trust: anyCertificate }).ok).toBe(true);
      }
      expect(await beside.sign(request(items))).toEqual(results);
      const rows = await database().signerDb.run(tenant, (tx) => tx.signingJournal.findMany());
      expect(new Set(rows.map((row) => row.requester))).toEqual(new Set(['billing/job:prueba']));
    });

    it('splits what is too much for one call', async () => {
      const app = await client();
      await app.get(CertificatesClient).import(subject(), upload);
      const filler = 'A'.repeat(400_000);
      const items = Array.from({ length: 30 }, (_, at) => item(documentOf(`${at}${filler}`)));
      const results = await app.get(Sign).sign(request(items));
      expect(results.filter((result) => result.ok)).toHaveLength(30);
    });

    it('signs semillas for dgii-client, and nothing else', async () => {
      const app = await client(signer.internalUrl, dgiiClient.out);
      await (await client()).get(CertificatesClient).import(subject(), upload);
      const port = app.get(Sign);
      const xml = '<SemillaModel><valor>YQ==</valor><fecha>2026-03-02</fecha></SemillaModel>';
      const semilla = { ...item(xml), kind: 'semilla' } as const;
      expect(await port.sign(request([semilla]))).toMatchObject([{ ok: true }]);
      const asked = request([semilla, item(documentOf('1.00'))]);
      await expect(port.sign(asked)).rejects.toThrow(problem('dependency.unavailable'));
      const rows = await database().signerDb.run(tenant, (tx) => tx.signingJournal.findMany());
      expect(rows.map(({ kind }) => kind)).toEqual(['semilla']);
    });

    it('tells problems as they are', async () => {
      const app = await client();
      const port = app.get(Sign);
      await expect(port.activeThumbprint(tenant.id)).rejects.toThrow(problem('cert.missing'));
      const wrong = { ...upload, password: 'otra' };
      await expect(app.get(CertificatesClient).import(subject(), wrong)).rejects.toThrow(
        problem('cert.invalid', {
          reason: 'la contraseña no es correcta o el archivo está dañado',
        }),
      );
      expect(await port.sign(request([item('<ECF></ECF>')]))).toMatchObject([
        { ok: false, code: 'cert.missing' },
      ]);
    });

    it('does not import for whoever lacks the permission (SVC-2)', async () => {
      const app = await client();
      const lacking = { ...subject(), permission: 'TENANT_INVOICE_EMIT' as const };
      await expect(app.get(CertificatesClient).import(lacking, upload)).rejects.toThrow();
      await expect(app.get(Sign).activeThumbprint(tenant.id)).rejects.toThrow(
        problem('cert.missing'),
      );
    });

    it('says when the certificate expired', async () => {
      const app = await client();
      await app.get(CertificatesClient).import(subject(), upload);
      const now = clock.now();
      clock.advance(2 * 3_600_000);
      // The context would be too old for the signer, whose clock is the same: both moved together.
      await expect(app.get(Sign).activeThumbprint(tenant.id)).rejects.toThrow(
        problem('cert.expired'),
      );
      clock.set(now);
    });

    it('answers nobody without a service key, and on the public listener not at all', async () => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
      for (const path of Object.values(SIGN_ROUTES)) {
        const options = path === SIGN_ROUTES.activeCertificate ? {} : init;
        expect((await fetch(signer.internalUrl + path, options)).status).toBe(401);
        expect((await fetch(signer.publicUrl + path, options)).status).toBe(404);
      }
    });
  });

  describe('a signer that cannot be reached', () => {
    let server: Server | undefined;
    const sockets = new Set<Socket>();

    async function listen(onData: (socket: Socket, count: number) => void): Promise<string> {
      let count = 0;
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.once('data', () => onData(socket, (count += 1)));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      if (server?.listening === true) await once(server.close(), 'close');
    });

    const respond = (socket: Socket, body: string): void => {
      const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
      socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    const call = { method: 'GET', path: '/x', purpose: 'test' } as const;
    const ask = async (url: string, withinMs: number): Promise<unknown> =>
      (await client(url))
        .get(SignerCalls)
        .call(
          { ...call, tenantId: tenant.id, deadline: performance.now() + withinMs },
          importedCertificateSchema,
        );

    it('is unavailable when nobody listens', async () => {
      const url = await listen(() => undefined);
      await once(server?.close() ?? createServer(), 'close');
      const app = await client(url);
      const down = problem('dependency.unavailable');
      await expect(app.get(Sign).sign(request([item('<ECF></ECF>')]))).rejects.toThrow(down);
      await expect(app.get(Sign).activeThumbprint(tenant.id)).rejects.toThrow(down);
    });

    it('is unavailable when our key is not the right one', async () => {
      const app = await client(signer.internalUrl, newServiceKey('billing', 'sign').out);
      await expect(app.get(Sign).activeThumbprint(tenant.id)).rejects.toThrow(
        problem('dependency.unavailable'),
      );
    });

    it('timed out when it says nothing until the deadline', async () => {
      const url = await listen(() => undefined);
      await expect(ask(url, 2_000)).rejects.toThrow(problem('dependency.timeout'));
    });

    it('is unavailable when it answers something else', async () => {
      const url = await listen((socket) => respond(socket, '{"results":"no"}'));
      await expect(ask(url, 5_000)).rejects.toThrow(problem('dependency.unavailable'));
    });

    it('is asked once more after a broken connection', async () => {
      const answer = JSON.stringify({
        ...{ id: newId(), thumbprint: 'ab', subject: 'x', holderId: '1', issuer: 'x', serial: '1' },
        ...{ notBefore: clock.now(), notAfter: clock.now(), status: 'ACTIVE' },
      });
      const url = await listen((socket, count) => {
        if (count === 1) socket.destroy();
        else respond(socket, answer);
      });
      expect(await ask(url, 5_000)).toMatchObject({ thumbprint: 'ab' });
    });
  });
});
