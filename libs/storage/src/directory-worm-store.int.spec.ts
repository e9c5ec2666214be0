import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '@getupnet/kernel';
import { meaningOf } from './file-system.js';
import { DirectoryWormStore, MAX_OBJECT_BYTES } from './index.js';

let root: string;
let store: DirectoryWormStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'worm-'));
  store = new DirectoryWormStore(join(root, 'copies'));
});
afterEach(() => rm(root, { recursive: true }));

const NAME = 'checkpoints/000000000001.json';
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('DirectoryWormStore', () => {
  it('gives back what was put, in a file nobody may write', async () => {
    await store.put(NAME, Buffer.from('uno'));
    expect(String(await store.get(NAME))).toBe('uno');
    expect((await stat(join(root, 'copies', NAME))).mode & 0o777).toBe(0o444);
    expect(await readdir(join(root, 'copies/.staging'))).toEqual([]);
  });

  it('has nothing under another name, and nothing before the first put', async () => {
    expect(await store.get(NAME)).toBeNull();
    expect(await store.list('checkpoints/')).toEqual([]);
  });

  it('takes the same bytes again and refuses others', async () => {
    await store.put(NAME, Buffer.from('uno'));
    await store.put(NAME, Buffer.from('uno'));
    const other = store.put(NAME, Buffer.from('dos'));
    await expect(other).rejects.toThrow(coded('storage.conflict'));
    expect(String(await store.get(NAME))).toBe('uno');
    expect(await readdir(join(root, 'copies/.staging'))).toEqual([]);
  });

  it('lets one of many writers win, whole', async () => {
    const texts = Array.from({ length: 16 }, (_, at) => `${at} `.repeat(20_000));
    const done = await Promise.allSettled(texts.map((text) => store.put(NAME, Buffer.from(text))));
    const winners = texts.filter((_, at) => done[at]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(String(await store.get(NAME))).toBe(winners[0]);
    const reasons = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(reasons.every((reason) => isAppError(reason, 'storage.conflict'))).toBe(true);
  });

  it('lists a folder in order, from a name on, and no remains of a dead process', async () => {
    for (const at of [3, 1, 10, 2])
      await store.put(`a/${String(at).padStart(3, '0')}`, numbered(at));
    await store.put('b/001', numbered(1));
    await writeFile(join(root, 'copies/a/.001.part'), 'x');
    await mkdir(join(root, 'copies/a/below'));
    expect(await store.list('a/')).toEqual(['a/001', 'a/002', 'a/003', 'a/010']);
    expect(await store.list('a/', { after: 'a/001', limit: 2 })).toEqual(['a/002', 'a/003']);
    expect(await store.list('a/', { after: 'a/010' })).toEqual([]);
  });

  it.each(['../x', 'a/../../x', '/etc/x', '.staging/x', 'a//b', 'a/', '', 'a\0b', 'a b'])(
    'takes no name like %j',
    async (name) => {
      await expect(store.put(name, numbered(1))).rejects.toThrow(RangeError);
      await expect(store.get(name)).rejects.toThrow(RangeError);
    },
  );

  it('takes nothing larger than readers take', async () => {
    const large = store.put(NAME, new Uint8Array(MAX_OBJECT_BYTES + 1));
    await expect(large).rejects.toThrow(RangeError);
  });

  it('does not follow a link that somebody laid', async () => {
    await store.put('checkpoints/000000000002.json', numbered(2));
    await writeFile(join(root, 'elsewhere'), 'x');
    await symlink(join(root, 'elsewhere'), join(root, 'copies', NAME));
    await expect(store.get(NAME)).rejects.toThrow(coded('storage.refused'));
    await expect(store.put(NAME, Buffer.from('x'))).rejects.toThrow(coded('storage.refused'));
  });

  it('leaves nothing half-written where there is no room, and goes on once there is', async () => {
    const bytes = Buffer.alloc(64 * 1024, 'x');
    const script = `
      import { DirectoryWormStore } from '@getupnet/storage';
      const store = new DirectoryWormStore(${JSON.stringify(join(root, 'copies'))});
      await store.put('a/1', Buffer.from('1'));
      const end = await store.put('a/2', Buffer.alloc(${bytes.length}, 'x')).catch(({ code }) => code);
      process.stdout.write(String(end));`;
    // A process that may write no larger file than a few blocks: as full as a disk can be.
    const node = [process.execPath, '--import', './tools/ts-register.mjs', '--input-type=module'];
    const { stdout } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 16; exec "$@"', 'sh', ...node, '-e', script],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('storage.full');
    expect(await store.list('a/')).toEqual(['a/1']);
    expect(await readdir(join(root, 'copies/.staging'))).toEqual([]);
    await store.put('a/2', bytes);
    expect(await store.get('a/2')).toEqual(bytes);
  });

  it('says that a place which is no directory refuses', async () => {
    await writeFile(join(root, 'copies'), 'a file');
    await expect(store.put(NAME, numbered(1))).rejects.toThrow(coded('storage.refused'));
  });
});

describe('meaningOf', () => {
  it.each([
    ['ENOSPC', 'storage.full'],
    ['EDQUOT', 'storage.full'],
    ['EROFS', 'storage.refused'],
    ['EACCES', 'storage.refused'],
    ['EIO', 'dependency.unavailable'],
    ['ESTALE', 'dependency.unavailable'],
  ])('takes %s for %s', (code, problem) => {
    expect(meaningOf(Object.assign(new Error(code), { code }))).toEqual(coded(problem));
  });
});

const numbered = (number: number): Buffer => Buffer.from(String(number));
