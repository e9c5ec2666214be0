import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { BootError, Config, loadConfig } from '@getupnet/platform';
import { Test, type TestingModule } from '@nestjs/testing';
import { Module, type DynamicModule } from '@nestjs/common';
import { AwsSecretStore, AwsSecrets, SealError, Sealer, SecretStore, secretsEnv } from './index.js';
import { SecretsModule } from './secrets.module.js';

interface StoredSecret {
  readonly current: string;
  readonly previous?: string;
}

/** Speaks AWS Secrets Manager's wire protocol (JSON 1.1) on a free port. */
class FakeSecretsManager {
  readonly secrets = new Map<string, StoredSecret>();
  readonly authorizations: string[] = [];
  failing = false;
  url = '';
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    if (this.server !== undefined) await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    this.authorizations.push(String(request.headers.authorization));
    const target = String(request.headers['x-amz-target']);
    const input = JSON.parse(await text(request)) as Record<string, string>;
    if (this.failing) return { status: 500, body: { __type: 'InternalServiceError' } };
    const name = input['Name'] ?? input['SecretId'] ?? '';
    const known = this.secrets.get(name);
    if (target === 'secretsmanager.GetSecretValue') {
      const value = input['VersionStage'] === 'AWSPREVIOUS' ? known?.previous : known?.current;
      if (value === undefined) return fault('ResourceNotFoundException');
      return { status: 200, body: { Name: name, SecretString: value } };
    }
    if (target === 'secretsmanager.CreateSecret' && known !== undefined) {
      return fault('ResourceExistsException');
    }
    const previous = known === undefined ? {} : { previous: known.current };
    this.secrets.set(name, { current: input['SecretString'] ?? '', ...previous });
    return { status: 200, body: { Name: name } };
  }
}

const fault = (name: string): { status: number; body: object } => ({
  status: 400,
  body: { __type: name, message: 'x' },
});

const fake = new FakeSecretsManager();
const place = { tenantId: 'tenant-a', purpose: 'certificate', id: 'row-1' };
const key = (): string => randomBytes(32).toString('base64');

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAFAKE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'not-a-real-one';
  await fake.start();
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.secrets.clear();
  fake.failing = false;
});

const client = (): AwsSecrets => new AwsSecrets({ region: 'us-east-1', endpoint: fake.url });

describe('AwsSecretStore', () => {
  it('keeps the secret there and only its place in the row', async () => {
    const store = new AwsSecretStore(client(), 'getupnet');
    const kept = await store.keep(Buffer.from('clave'), place);
    expect(kept).toBe('aws:getupnet/tenant-a/certificate/row-1');
    expect((await store.fetch(kept, place)).toString()).toBe('clave');
    expect(fake.authorizations.at(-1)).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAFAKE/);
  });

  it('overwrites an existing secret', async () => {
    const store = new AwsSecretStore(client(), 'getupnet');
    await store.keep(Buffer.from('una'), place);
    const kept = await store.keep(Buffer.from('otra'), place);
    expect((await store.fetch(kept, place)).toString()).toBe('otra');
  });

  it("does not follow a row to another row's secret", async () => {
    const store = new AwsSecretStore(client(), 'getupnet');
    const kept = await store.keep(Buffer.from('clave'), place);
    const other = { ...place, tenantId: 'tenant-b' };
    await expect(store.fetch(kept, other)).rejects.toThrow(SealError);
  });

  it('says when the secret is gone', async () => {
    const store = new AwsSecretStore(client(), 'getupnet');
    const kept = await store.keep(Buffer.from('clave'), place);
    fake.secrets.clear();
    await expect(store.fetch(kept, place)).rejects.toThrow(SealError);
  });

  it('reports an outage as a dependency that is down', async () => {
    fake.failing = true;
    const store = new AwsSecretStore(client(), 'getupnet');
    const down = expect.objectContaining({ code: 'dependency.unavailable' });
    await expect(store.keep(Buffer.from('clave'), place)).rejects.toThrow(down);
  });
});

describe('SecretsModule', () => {
  async function boot(env: Record<string, string>): Promise<TestingModule> {
    const config = loadConfig([secretsEnv], env);
    return Test.createTestingModule({ imports: [configModule(config), SecretsModule] }).compile();
  }

  it('seals with a key of the configuration', async () => {
    const app = await boot({ SECRETS_KEK: key() });
    const store = app.get(SecretStore);
    const kept = await store.keep(Buffer.from('clave'), place);
    expect(kept).toMatch(/^e1\./);
    expect((await store.fetch(kept, place)).toString()).toBe('clave');
    await app.close();
  });

  it('takes the key from AWS, the former one too, and keeps secrets there', async () => {
    const [oldKey, newKey] = [key(), key()];
    const before = await boot({ SECRETS_KEK: oldKey });
    const sealed = await before.get(Sealer).seal(Buffer.from('clave'), place);
    await before.close();

    fake.secrets.set('kek', { current: newKey, previous: oldKey });
    const app = await boot({
      SECRETS_KEK_AWS_ID: 'kek',
      SECRETS_STORE: 'aws',
      SECRETS_AWS_REGION: 'us-east-1',
      SECRETS_AWS_ENDPOINT: fake.url,
    });
    expect((await app.get(Sealer).open(sealed, place)).toString()).toBe('clave');
    expect(app.get(Sealer).needsRewrap(sealed)).toBe(true);
    const store = app.get(SecretStore);
    expect(await store.keep(Buffer.from('x'), place)).toMatch(/^aws:/);
    expect((await store.fetch(sealed, place)).toString()).toBe('clave');
    await app.close();
  });

  it.each([
    ['no key at all', {}, 'SECRETS_KEK: is required'],
    ['both keys', { SECRETS_KEK: key(), SECRETS_KEK_AWS_ID: 'kek' }, 'not both'],
  ])('does not start with %s', async (_name, env, problem) => {
    await expect(boot(env)).rejects.toThrow(BootError);
    await expect(boot(env)).rejects.toThrow(problem);
  });

  it('does not start without the key in AWS', async () => {
    const env = {
      SECRETS_KEK_AWS_ID: 'absent',
      SECRETS_AWS_REGION: 'us-east-1',
      SECRETS_AWS_ENDPOINT: fake.url,
    };
    await expect(boot(env)).rejects.toThrow('no such secret');
  });

  it('refuses a key of another size by name, without its value', () => {
    const short = randomBytes(34).toString('base64');
    expect(() => loadConfig([secretsEnv], { SECRETS_KEK: short })).toThrow(
      'SECRETS_KEK: must be base64 of 32 bytes',
    );
  });
});

@Module({})
class ConfigModule {}

function configModule(config: Config): DynamicModule {
  return {
    module: ConfigModule,
    global: true,
    providers: [{ provide: Config, useValue: config }],
    exports: [Config],
  };
}
