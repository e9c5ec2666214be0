import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { jest } from '@jest/globals';
import { AppError, canonicalJson } from '@getupnet/kernel';
import {
  PLATFORM_TENANT_ID,
  type AuditCheckpoints,
  type ChainHead,
  type SignedCheckpoint,
} from '@getupnet/persistence';
import { SecurityEvents, armCrashPoints, loadConfig } from '@getupnet/platform';
import { WormStore } from '@getupnet/storage';
import { FakeClock } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { auditEnv } from '../audit.env.js';
import { checkpointBodySchema } from './checkpoint-body.js';
import { CheckpointFiles, nameOf } from './checkpoint-files.js';
import { MakeCheckpoint } from './make-checkpoint.use-case.js';

const [A, B] = ['0190a0b0-0000-7000-8000-00000000000a', '0190a0b0-0000-7000-8000-00000000000b'];
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Write once, in memory. */
class MemoryStore extends WormStore {
  readonly files = new Map<string, string>();
  override async put(name: string, bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString();
    const there = this.files.get(name);
    if (there !== undefined && there !== text) throw new AppError('storage.conflict', { name });
    this.files.set(name, text);
  }
  override async get(name: string): Promise<Buffer | null> {
    const text = this.files.get(name);
    return text === undefined ? null : Buffer.from(text);
  }
  override async list(folder: string, { after = '', limit = 1_000 } = {}): Promise<string[]> {
    const names = [...this.files.keys()].filter((name) => name.startsWith(folder) && name > after);
    return names.sort().slice(0, limit);
  }
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Chains whose heads a test moves, and the copies of checkpoints, as the database keeps them. */
class Chains {
  readonly #hashes = new Map<string, string[]>();
  copies: SignedCheckpoint[] = [];
  recovered: string[] = [];

  add(tenant: string, count = 1): void {
    const hashes = this.#hashes.get(tenant) ?? [];
    for (let at = 0; at < count; at += 1) hashes.push(hex(`${tenant}${hashes.length}`));
    this.#hashes.set(tenant, hashes);
  }

  cut(tenant: string, to: number): void {
    this.#hashes.get(tenant)?.splice(to);
  }

  get port(): AuditCheckpoints {
    const heads = (): Map<string, ChainHead> =>
      new Map(
        [...this.#hashes].map(([id, all]) => [id, { seq: all.length, hash: all.at(-1) ?? '' }]),
      );
    return {
      links: async () => [...this.#hashes.values()].reduce((sum, { length }) => sum + length, 0),
      heads: async () => heads(),
      lost: async (stated: ReadonlyMap<string, ChainHead>) =>
        [...stated]
          .filter(([id, h]) => this.#hashes.get(id)?.[h.seq - 1] !== h.hash)
          .map(([id]) => id),
      latest: async () => this.copies.at(-1) ?? null,
      before: async (number: number) => this.copies.filter((one) => one.number < number).slice(-1),
      record: async (one: SignedCheckpoint) => void this.copies.push(one),
      reportRecovery: async (ids: readonly string[]) => void this.recovered.push(...ids),
    } as unknown as AuditCheckpoints;
  }
}

const hex = (text: string): string => createHash('sha512').update(text).digest('hex');

function installation() {
  const [store, chains, clock, told] = [
    new MemoryStore(),
    new Chains(),
    new FakeClock(),
    [] as string[],
  ];
  const events = new SecurityEvents({
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
  });
  events.addSink(({ type, details }) => void told.push(`${type} ${String(details['reason'])}`));
  const config = loadConfig([auditEnv], { AUDIT_CHECKPOINT_KEY: pem });
  const files = new CheckpointFiles(store);
  const maker = () => new MakeCheckpoint(chains.port, files, clock, events, config);
  const bodies = () =>
    [...store.files.values()].map((text) => {
      const { body, signature } = JSON.parse(text) as { body: string; signature: string };
      expect(verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64'))).toBe(
        true,
      );
      return { ...checkpointBodySchema.parse(JSON.parse(body)), text: body };
    });
  return { store, chains, clock, told, maker, bodies };
}

describe('AUD-2: checkpoints', () => {
  afterEach(() => armCrashPoints(undefined));

  test('after a minute or a thousand events, when anything moved, each after the one before', async () => {
    const { chains, clock, maker, bodies } = installation();
    const one = maker();
    expect(await one.run()).toBeNull();
    chains.add(A, 2);
    expect(await one.run()).toMatchObject({ number: 1, full: true });
    chains.add(B);
    clock.advance(59_999);
    expect(await one.run()).toBeNull();
    clock.advance(1);
    expect(await one.run()).toMatchObject({ number: 2, full: false });
    clock.advance(60_000);
    expect(await one.run()).toBeNull();
    chains.add(A, 1_000);
    expect(await one.run()).toMatchObject({ number: 3 });
    const [first, second, third] = bodies();
    expect(Object.keys(second?.heads ?? {})).toEqual([B]);
    expect(third?.heads).toEqual({ [A]: { seq: 1_002, hash: hex(`${A}1001`) } });
    expect([first?.previous, second?.previous]).toEqual(['0'.repeat(128), hex(first?.text ?? '')]);
    const all = { [A]: { seq: 1_002, hash: hex(`${A}1001`) }, [B]: { seq: 1, hash: hex(`${B}0`) } };
    expect([third?.count, third?.root]).toEqual([2, hex(canonicalJson(all))]);
  });

  test('two replicas at once make each number once', async () => {
    const { chains, clock, maker, bodies } = installation();
    const replicas = [maker(), maker()];
    for (let round = 0; round < 5; round += 1) {
      chains.add(A);
      await Promise.all(replicas.map((one) => one.run()));
      clock.advance(60_000);
    }
    const found = bodies();
    expect(found.map(({ number }) => number)).toEqual(found.map((_, at) => at + 1));
    found.slice(1).forEach(({ previous }, at) => expect(previous).toBe(hex(found[at]?.text ?? '')));
    expect(found.at(-1)?.heads[A]?.seq).toBe(5);
  });

  test.each(['audit.before_worm', 'audit.after_worm'])(
    'whoever dies at %s leaves nothing that another cannot go on from',
    async (point) => {
      const { chains, clock, maker, bodies } = installation();
      chains.add(A);
      armCrashPoints(`${point}:exception`);
      await expect(maker().run()).rejects.toThrow(point);
      clock.advance(60_000);
      chains.add(A);
      const other = maker();
      await other.run();
      clock.advance(60_000);
      chains.add(A);
      await other.run();
      expect(bodies().map(({ number }) => number)).toEqual(bodies().map((_, at) => at + 1));
      expect(chains.copies.map(({ number }) => number)).toEqual(
        bodies().map(({ number }) => number),
      );
      expect(bodies().at(-1)?.heads[A]?.seq).toBe(3);
    },
  );

  test('an older database is told, and what follows states every head', async () => {
    const { chains, clock, told, maker, bodies } = installation();
    chains.add(A, 5);
    chains.add(B);
    await maker().run();
    chains.cut(A, 3);
    chains.copies = [];
    clock.advance(60_000);
    expect(await maker().run()).toMatchObject({ number: 2, full: true });
    expect(told).toEqual(['audit.chain_broken behind_checkpoint']);
    expect(chains.recovered).toContain(A);
    expect(chains.recovered).not.toContain(B);
    expect(bodies().at(-1)?.heads[A]?.seq).toBe(3);
  });

  test('a loss is told once, however often the store refuses what follows', async () => {
    const { store, chains, clock, told, maker, bodies } = installation();
    chains.add(A, 5);
    await maker().run();
    chains.cut(A, 3);
    clock.advance(60_000);
    const one = maker();
    const full = jest.spyOn(store, 'put').mockRejectedValue(new AppError('storage.full'));
    for (let at = 0; at < 3; at += 1) await expect(one.run()).rejects.toThrow('storage.full');
    full.mockRestore();
    await one.run();
    expect([told, chains.recovered]).toEqual([
      ['audit.chain_broken behind_checkpoint'],
      [PLATFORM_TENANT_ID, A],
    ]);
    expect(bodies()).toHaveLength(2);
  });

  test('a store that lost its newest is told, and no number is made again', async () => {
    const { store, chains, clock, told, maker, bodies } = installation();
    for (let at = 0; at < 3; at += 1) {
      chains.add(A);
      await maker().run();
      clock.advance(60_000);
    }
    const lost = bodies().at(-1);
    store.files.delete(nameOf(3));
    chains.add(B);
    expect(await maker().run()).toMatchObject({ number: 4, full: true });
    expect(told).toEqual(['audit.chain_broken checkpoint_missing']);
    expect(bodies().map(({ number }) => number)).toEqual([1, 2, 4]);
    expect(bodies().at(-1)?.previous).toBe(hex(lost?.text ?? ''));
    clock.advance(60_000);
    chains.add(B);
    expect(await maker().run()).toMatchObject({ number: 5, full: false });
  });

  test('a copy nobody signed does not count', async () => {
    const { chains, clock, told, maker } = installation();
    chains.add(A);
    const made = await maker().run();
    clock.advance(60_000);
    chains.add(A);
    chains.copies.push({ ...made, number: 900 } as SignedCheckpoint);
    expect(await maker().run()).toMatchObject({ number: 2 });
    expect(told).toEqual(['audit.chain_broken checkpoint_missing']);
  });
});
