import { createHash } from 'node:crypto';
import { Clock } from '@getupnet/kernel';
import { BootError, Config, loadConfig } from '@getupnet/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeClock } from '@getupnet/testkit';
import {
  DirectoryWormStore,
  S3Objects,
  S3WormStore,
  StorageModule,
  WormStore,
  wormEnv,
} from './index.js';
import { FakeS3 } from './testing/fake-s3.js';

const NAME = 'checkpoints/000000000001.json';
const KEY = `getupnet/${NAME}`;
const fake = new FakeS3();
const clock = new FakeClock(new Date('2026-11-21T12:00:00Z'));
const stores: WormStore[] = [];
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAFAKE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'not-a-real-one';
  await fake.start();
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await fake.stop();
});
beforeEach(() => fake.reset());

function build(): WormStore {
  const objects = new S3Objects({ bucket: 'copias', region: 'us-east-1', endpoint: fake.url });
  const store = new S3WormStore(objects, clock, { prefix: 'getupnet/', retentionDays: 3_660 });
  stores.push(store);
  return store;
}

describe('S3WormStore', () => {
  let store: WormStore;
  beforeAll(() => {
    store = build();
  });

  it('puts an object under retention that nobody can shorten, with its checksum', async () => {
    await store.put(NAME, Buffer.from('uno'));
    const [version] = fake.objects.get(KEY) ?? [];
    expect(version).toMatchObject({
      mode: 'COMPLIANCE',
      until: '2036-11-28T12:00:00Z',
      checksum: createHash('sha256').update('uno').digest('base64'),
    });
    expect(String(await store.get(NAME))).toBe('uno');
    expect(fake.authorizations.at(-1)).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAFAKE/);
  });

  it('takes the same bytes again and refuses others', async () => {
    await store.put(NAME, Buffer.from('uno'));
    await store.put(NAME, Buffer.from('uno'));
    await expect(store.put(NAME, Buffer.from('dos'))).rejects.toThrow(coded('storage.conflict'));
    expect(fake.objects.get(KEY)).toHaveLength(1);
  });

  it('reads the first version, whatever was laid over it', async () => {
    await store.put(NAME, Buffer.from('uno'));
    fake.lay(KEY, null);
    expect(String(await store.get(NAME))).toBe('uno');
    for (const text of ['dos', 'tres', 'cuatro']) fake.lay(KEY, Buffer.from(text));
    expect(String(await store.get(NAME))).toBe('uno');
    expect(await store.list('checkpoints/')).toEqual([NAME]);
  });

  it('is not deceived by a delete marker when it puts', async () => {
    await store.put(NAME, Buffer.from('uno'));
    fake.lay(KEY, null);
    await expect(store.put(NAME, Buffer.from('dos'))).rejects.toThrow(coded('storage.conflict'));
  });

  it('has nothing under a name that was never put', async () => {
    await store.put(`${NAME}.bak`, Buffer.from('x'));
    expect(await store.get(NAME)).toBeNull();
  });

  it('lists a folder over several pages, from a name on', async () => {
    const names = ['1', '2', '3', '4', '5', '6', '7'].map((at) => `checkpoints/00${at}`);
    for (const name of [...names, 'checkpoints/below/1', 'other/1'])
      fake.lay(`getupnet/${name}`, Buffer.from(name));
    expect(await store.list('checkpoints/')).toEqual(names);
    const some = await store.list('checkpoints/', { after: names[1]!, limit: 4 });
    expect(some).toEqual(names.slice(2, 6));
    expect(await store.list('checkpoints/', { after: names[6]! })).toEqual([]);
  });

  it('says what refuses, what is full and what is down', async () => {
    const put = (): Promise<void> => store.put(NAME, Buffer.from('uno'));
    fake.objectLock = false;
    await expect(put()).rejects.toThrow(coded('storage.refused'));
    fake.failing = { status: 403, code: 'AccessDenied' };
    await expect(put()).rejects.toThrow(coded('storage.refused'));
    fake.failing = { status: 507, code: 'XMinioStorageFull' };
    await expect(put()).rejects.toThrow(coded('storage.full'));
    fake.failing = { status: 409, code: 'ConditionalRequestConflict' };
    await expect(put()).rejects.toThrow(coded('dependency.unavailable'));
    await expect(store.get(NAME)).rejects.toThrow(coded('dependency.unavailable'));
    await expect(store.list('checkpoints/')).rejects.toThrow(coded('dependency.unavailable'));
    expect(fake.objects.size).toBe(0);
  });

  it('reports a store that does not answer as a dependency that is down', async () => {
    const objects = new S3Objects({
      bucket: 'b',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
    });
    const gone = new S3WormStore(objects, clock, { prefix: '', retentionDays: 1 });
    stores.push(gone);
    const put = gone.put(NAME, Buffer.from('uno'));
    await expect(put).rejects.toThrow(coded('dependency.unavailable'));
  });
});

describe('StorageModule', () => {
  async function boot(env: Record<string, string>): Promise<WormStore> {
    const config = configModule(loadConfig([wormEnv], env));
    const app = await Test.createTestingModule({ imports: [config, StorageModule] }).compile();
    await app.close();
    return app.get(WormStore);
  }

  it('builds what the configuration describes', async () => {
    const bucket = { WORM_STORE: 's3', WORM_S3_BUCKET: 'copias', WORM_S3_ENDPOINT: fake.url };
    expect(await boot(bucket)).toBeInstanceOf(S3WormStore);
    expect(await boot({ WORM_DIRECTORY: 'copias' })).toBeInstanceOf(DirectoryWormStore);
  });

  it.each([
    [{}, 'WORM_DIRECTORY: is required'],
    [{ WORM_STORE: 's3' }, 'WORM_S3_BUCKET: is required'],
  ])('does not start with %j', async (env, problem) => {
    await expect(boot(env)).rejects.toThrow(BootError);
    await expect(boot(env)).rejects.toThrow(problem);
  });
});

@Module({})
class ConfigModule {}

function configModule(config: Config): DynamicModule {
  return {
    module: ConfigModule,
    global: true,
    providers: [
      { provide: Config, useValue: config },
      { provide: Clock, useValue: clock },
    ],
    exports: [Config, Clock],
  };
}
