import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { isEnvironment, type Environment } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { ContingencyStore, type ContingencyLine } from '@getupnet/persistence';
import { Config, Rounds } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { DeadlineWatch } from './deadline-watch.js';
import { DriveLine, MOST_A_TURN, TURN_MS, type LineTurn } from './drive-line.use-case.js';
import { LinePace } from './line-pace.js';
import { LinkWatch } from './link-watch.js';

/** Lines are looked for so much less often than due documents. */
const SWEEPS_A_LOOK = 4;
/** Documents of a turn while nobody knows whether DGII answers: the others wait for what comes of it. */
const A_FEW = 4;
/** Longer than a turn: a line of a process that died is taken by another one. */
const LINE_LEASE_MS = 2 * TURN_MS;
/** A line whose way is known to be closed; the end of the outage wakes it sooner. */
const CLOSED_WAIT_MS = 15_000;
/** What is left of an episode is on its way or waits for somebody else. */
const REST_WAIT_MS = 5_000;
const DEADLINE_LOOK_MS = 60_000;
/** Between two tries of a line while DGII does not answer; what is issued meanwhile tries as well. */
const FIRST_PROBE_MS = 4_000;
const MOST_PROBE_MS = 30_000;

/** Drives the lines of all tenants from PostgreSQL alone, and watches their deadlines. */
@Injectable()
export class ContingencyWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ContingencyWorker.name);
  private readonly pace = new LinePace();
  private readonly underWay = new Set<Promise<void>>();
  private readonly looking: Rounds;
  private readonly watching: Rounds;
  private stopped = false;

  constructor(
    private readonly store: ContingencyStore,
    private readonly lines: DriveLine,
    private readonly deadlines: DeadlineWatch,
    private readonly links: LinkWatch,
    @Inject(Config) config: Config,
  ) {
    this.looking = new Rounds({
      everyMs: SWEEPS_A_LOOK * config.get(billingEnv).BILLING_SWEEP_MS,
      work: () => this.begin(),
      // Nothing was lost, the tables still say what waits.
      onFailure: (err) => this.logger.warn({ err, msg: 'contingency lines not looked for' }),
    });
    this.watching = new Rounds({
      everyMs: DEADLINE_LOOK_MS,
      work: () => this.deadlines.look(),
      onFailure: (err) => this.logger.warn({ err, msg: 'deadlines not looked at' }),
    });
  }

  onApplicationBootstrap(): void {
    this.links.onReturn((environment) => this.wake(environment));
    this.looking.start();
    this.watching.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await Promise.all([this.looking.stop(), this.watching.stop()]);
    await Promise.all(this.underWay);
  }

  /** DGII answers again: nobody waits for the end of a pause. */
  private wake(environment: Environment): void {
    const woken = this.store.wake(environment).catch((error: unknown) => {
      this.logger.warn({ err: error, msg: 'lines wait for their time' });
    });
    this.track(woken.then(() => this.looking.now()));
  }

  private async begin(): Promise<void> {
    for (const environment of (await this.store.dueEnvironments()).filter(isEnvironment)) {
      const room = this.pace.room(environment);
      if (room === 0 || this.stopped) continue;
      for (const line of await this.store.claimLines(environment, room, LINE_LEASE_MS)) {
        this.track(this.turn(line));
      }
    }
  }

  private async turn(line: ContingencyLine): Promise<void> {
    const { environment, tenantId } = line;
    this.pace.begin(environment);
    let outcome: 'sent' | 'failed' | null = null;
    try {
      const most = this.pace.isCautious(environment) ? A_FEW : MOST_A_TURN;
      const actor = `billing:contingency:${newId()}`;
      const turn = await this.lines.run(line, { actor, most, stopped: () => this.stopped });
      outcome = turn.end === 'failed' ? 'failed' : turn.sent > 0 ? 'sent' : null;
      await this.afterwards(line, turn);
    } catch (error) {
      // Its lease on the line ends, and the next look takes it up again.
      this.logger.warn({ err: error, tenantId, msg: 'contingency line interrupted' });
    } finally {
      this.pace.end(environment, outcome);
    }
    if (outcome === 'sent') this.looking.now();
  }

  private async afterwards(line: ContingencyLine, { end, sent }: LineTurn): Promise<void> {
    if (end === 'drained') return;
    if (end === 'more') await this.store.putOff(line, sent > 0 ? 0 : REST_WAIT_MS, 0);
    else if (end === 'closed') await this.store.putOff(line, CLOSED_WAIT_MS, line.tries);
    else await this.store.putOff(line, probeWaitMs(line.tries), line.tries + 1);
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }
}

function probeWaitMs(tries: number): number {
  return Math.min(MOST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.min(tries, 16));
}
