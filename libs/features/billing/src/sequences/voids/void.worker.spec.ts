import type { SequenceWatchStore } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { waitFor } from '@getupnet/testkit';
import { Logger } from '@nestjs/common';
import type { DriveVoid } from './drive-void.use-case.js';
import { VoidWorker } from './void.worker.js';

Logger.overrideLogger(false);
const config = {
  get: () => ({ BILLING_VOID_SWEEP_MS: 60_000, BILLING_HAND_OVER_MS: 30_000 }),
} as unknown as Config;

test('its end waits for every request under way, also when another one failed', async () => {
  const due = ['broken', 'slow'].map((voidId) => ({ tenantId: 'tenant', voidId }));
  const store = { claimVoids: () => Promise.resolve(due) } as unknown as SequenceWatchStore;
  const steps: string[] = [];
  let answer = (): void => undefined;
  const drive = {
    run: async (_tenant: string, voidId: string) => {
      steps.push(voidId);
      if (voidId === 'broken') throw new Error('no database');
      await new Promise<void>((resolve) => (answer = resolve));
      steps.push('answer written down');
    },
  } as unknown as DriveVoid;
  const worker = new VoidWorker(store, drive, config);
  worker.onApplicationBootstrap();
  await waitFor(() => steps.length === 2);
  const ended = worker.onModuleDestroy().then(() => steps.push('ended'));
  // The failure has been seen by then.
  await new Promise((resolve) => setImmediate(resolve));
  answer();
  await ended;
  expect(steps).toEqual(['broken', 'slow', 'answer written down', 'ended']);
});
