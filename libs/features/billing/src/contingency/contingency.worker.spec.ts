import type { ContingencyLine, ContingencyStore } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { FakeClock, waitFor } from '@getupnet/testkit';
import { emissionDocument } from '../emission/testing/emission-document.js';
import { ContingencyWorker } from './contingency.worker.js';
import type { DeadlineWatch } from './deadline-watch.js';
import {
  MOST_A_TURN,
  type DriveLine,
  type LineTurn,
  type TurnWishes,
} from './drive-line.use-case.js';
import { LinkWatch } from './link-watch.js';

const config = {
  get: () => ({ BILLING_SWEEP_MS: 60_000, BILLING_CONTINGENCY_AFTER_MS: 0 }),
} as unknown as Config;

interface Look {
  readonly turns: LineTurn[];
  readonly tries?: number;
}

/** Runs a worker until it has made these turns; answers what it did with the line after each. */
async function after({ turns, tries = 0 }: Look) {
  const line: ContingencyLine = {
    ...{ tenantId: 't', contingencyId: 'c', environment: 'testecf', tries, claim: '1' },
  };
  const puts: { inMs: number; tries: number }[] = [];
  const mosts: number[] = [];
  const left = [...turns];
  const store = {
    dueEnvironments: () => Promise.resolve(left.length > 0 ? ['testecf'] : []),
    claimLines: () => Promise.resolve(left.length > 0 ? [line] : []),
    putOff: (_: unknown, inMs: number, count: number) => {
      puts.push({ inMs, tries: count });
      return Promise.resolve();
    },
    wake: (environment: string) => {
      woken.push(environment);
      return Promise.resolve();
    },
  } as unknown as ContingencyStore;
  const woken: string[] = [];
  const lines = {
    run: (_line: unknown, { most = 0 }: TurnWishes) => {
      mosts.push(most);
      const turn = left.shift();
      return turn === undefined ? Promise.reject(new Error('no turn')) : Promise.resolve(turn);
    },
  } as unknown as DriveLine;
  const deadlines = { look: () => Promise.resolve() } as unknown as DeadlineWatch;
  const links = new LinkWatch(new FakeClock(), config);
  const worker = new ContingencyWorker(store, lines, deadlines, links, config);
  worker.onApplicationBootstrap();
  await waitFor(() => mosts.length >= turns.length, { what: 'the turns' });
  const way = emissionDocument();
  links.notSent(way, { kind: 'unavailable', reason: 'ECONNREFUSED', retryAfterMs: 1 });
  links.answered(way);
  await worker.onModuleDestroy();
  return { puts, mosts, woken };
}

describe('ContingencyWorker', () => {
  it('forgets a line that is drained', async () => {
    const { puts, woken } = await after({ turns: [{ sent: 3, end: 'drained' }] });
    expect(puts).toEqual([]);
    expect(woken).toEqual(['testecf']);
  });

  it.each([
    [0, 4_000],
    [1, 8_000],
    [9, 30_000],
  ])('tries again ever less often: after %d failures in %d ms', async (tries, inMs) => {
    const { puts } = await after({ turns: [{ sent: 0, end: 'failed' }], tries });
    expect(puts).toEqual([{ inMs, tries: tries + 1 }]);
  });

  it('a closed way is not a failure', async () => {
    const { puts } = await after({ turns: [{ sent: 0, end: 'closed' }], tries: 3 });
    expect(puts).toEqual([{ inMs: 15_000, tries: 3 }]);
  });

  it('begins with a few documents, and goes on with many at once', async () => {
    const { puts, mosts } = await after({
      turns: [
        { sent: 4, end: 'more' },
        { sent: 60, end: 'drained' },
      ],
    });
    expect(puts).toEqual([{ inMs: 0, tries: 0 }]);
    expect(mosts).toEqual([4, MOST_A_TURN]);
  });
});
