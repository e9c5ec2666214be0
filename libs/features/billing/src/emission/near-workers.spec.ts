import { Lifecycle, type Config } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import type { EmissionDocument } from './emission-document.js';
import { NearWorkers } from './near-workers.js';

const ONE = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const DOCUMENT = { id: 'd' } as unknown as EmissionDocument;

Logger.overrideLogger(false);

describe('NearWorkers', () => {
  const lifecycle = new Lifecycle();
  const workers = (most: number, life = lifecycle) => {
    const config = { get: () => ({ BILLING_NEAR_DOCUMENTS: most }) } as unknown as Config;
    return new NearWorkers(config, life);
  };

  it('has no room without workers in the process, and none when told to use the queue', () => {
    expect(workers(4).reserve(ONE)).toBeNull();
    const idle = workers(0);
    idle.attend(() => Promise.resolve());
    expect(idle.reserve(ONE)).toBeNull();
  });

  it('gives one tenant half of the places, and each place back once', () => {
    const near = workers(4);
    near.attend(() => Promise.resolve());
    const first = near.reserve(ONE);
    expect(near.reserve(ONE)).not.toBeNull();
    expect(near.reserve(ONE)).toBeNull();
    expect(near.reserve(OTHER)).not.toBeNull();
    first?.release();
    first?.release();
    expect(near.reserve(ONE)).not.toBeNull();
    expect(near.reserve(ONE)).toBeNull();
    expect(near.reserve(OTHER)).not.toBeNull();
    expect(near.reserve(OTHER)).toBeNull();
  });

  it('keeps the place until the document was driven, whatever became of it', async () => {
    const near = workers(2);
    let fail: (error: Error) => void = () => undefined;
    near.attend(() => new Promise((_resolve, reject) => (fail = reject)));
    const place = near.reserve(ONE);
    const driven = place?.drive(DOCUMENT, 'test');
    place?.release();
    expect(near.reserve(ONE)).toBeNull();
    fail(new Error('broken'));
    await expect(driven).resolves.toBeUndefined();
    expect(near.reserve(ONE)).not.toBeNull();
  });

  it('at shutdown takes nothing more and waits for what is under way', async () => {
    const life = new Lifecycle();
    const near = workers(4, life);
    let end: () => void = () => undefined;
    near.attend(() => new Promise((resolve) => (end = resolve)));
    void near.reserve(ONE)?.drive(DOCUMENT, 'test');
    life.beginDrain();
    expect(near.reserve(OTHER)).toBeNull();
    let closed = false;
    const closing = near.beforeApplicationShutdown().then(() => (closed = true));
    await Promise.resolve();
    expect(closed).toBe(false);
    end();
    await closing;
  });
});
