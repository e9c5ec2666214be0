import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { crashPointNames } from '@getupnet/platform';
import pg from 'pg';
import { Conductor, type Tally } from './chaos/conductor.js';
import { CrashLog } from './chaos/crash-log.js';
import { CrashPlan } from './chaos/crash-plan.js';
import { scheduleOf, type Turn } from './chaos/schedule.js';
import { exportChains } from './client/audit-export.js';
import { EVIDENCE } from './evidence-files.js';
import { AckLog } from './client/ack-log.js';
import { Caller } from './client/caller.js';
import { Driver } from './client/driver.js';
import { Seeded } from './seeded.js';
import type { Ending } from './world/replica.js';
import { SERVICE_KINDS, entryOf } from './world/services.js';
import { WINDOW_MS, startWorld, type World } from './world/world.js';

/** What a run is to be like. */
export interface Asked {
  readonly documents: number;
  readonly seed: string;
  readonly kills: number;
  readonly flushes: number;
  readonly databaseCrashes: number;
  readonly tenants: number;
  /** Of each service but billing, of whose processes there are always two. */
  readonly replicas: number;
  readonly pauseMs: number;
  /** Each crash point in one way only, instead of all three. */
  readonly pointsOnce: boolean;
}

export interface RunOptions extends Asked {
  readonly dir: string;
  readonly progress: (text: string) => void;
}

/** What a run was like; what became of it, the checker says. */
export interface RunFacts {
  readonly asked: Asked;
  readonly seed: string;
  readonly documents: number;
  readonly acknowledged: number;
  readonly attempts: number;
  readonly refused: number;
  readonly tally: Tally;
  readonly kills: number;
  readonly crashPoints: {
    readonly fired: Readonly<Record<string, number>>;
    readonly planned: number;
    readonly left: readonly string[];
    readonly undriven: readonly string[];
  };
  readonly unexpectedEnds: readonly Ending[];
  /** Processes that ended before they listened: their database was down. */
  readonly failedStarts: number;
  readonly startedAt: string;
  readonly faultsEndedAt: string;
  /** Documents set aside for a person, which the client had driven on. */
  readonly replayed: number;
  readonly settledAfterMs: number | null;
  /** How long after that every event was in its chain; null without an audit service. */
  readonly chainedAfterMs: number | null;
  readonly queue: string;
  readonly processes: number;
}

const IN_FLIGHT = 12;
/** More documents, in portions, while some crash point was not hit yet. */
const ENCORES = 40;
const ENCORE_DOCUMENTS = 8;
const ENCORE_PAUSE_MS = 2_500;
/** DGII's answers get lost this long. */
const ENCORE_LOSS_MS = 400;
/** So many portions a process may wait for its points. */
const PATIENCE = 3;
const SETTLE_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;
const REPORT_EVERY_MS = 60_000;
/** Longer than the window: who wakes up finds that others went on, and is caught if he acts. */
const HANG_MS = WINDOW_MS + 2_000;
const FREEZE_MS = WINDOW_MS + 5_000;
/** What DGII itself does to uploads: some are never processed, of some the answer is lost. */
const DGII_MIX = { 'answer-lost': 0.04, silent: { share: 0.05, processed: false }, html: 0.04 };

/** One run: a world, a client and everything that goes wrong, then all evidence in the directory. */
export async function run(options: RunOptions): Promise<{ facts: RunFacts; world: World }> {
  const { dir, progress } = options;
  await mkdir(dir, { recursive: true });
  const stage = new Stage(options);
  const world = await startWorld({
    dir,
    tenants: options.tenants,
    replicas: options.replicas,
    draw: new Seeded(options.seed).fork('world'),
    crashEnv: (replica, kind) => stage.crashEnv(replica, kind),
    onEnd: (ending) => stage.ended(ending),
    progress,
  });
  try {
    const facts = await stage.perform(world);
    await world.stopServices();
    await writeFile(join(dir, EVIDENCE.run), JSON.stringify({ ...facts, windowMs: WINDOW_MS }));
    return { facts, world };
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** The run's own course, from the first document to the last one's end. */
class Stage {
  readonly #draw: Seeded;
  readonly #plan: CrashPlan;
  readonly #crashLog: CrashLog;
  readonly #fired: Record<string, number> = {};
  readonly #endings: Ending[] = [];
  #caller: Caller | null = null;

  constructor(private readonly options: RunOptions) {
    this.#draw = new Seeded(options.seed);
    const runs = new Set<string>(
      SERVICE_KINDS.filter((kind) => entryOf(kind.app) !== null).map(({ name }) => name),
    );
    this.#plan = new CrashPlan(
      crashPointNames,
      runs,
      this.#draw.fork('points'),
      options.pointsOnce,
    );
    this.#crashLog = new CrashLog(options.dir);
  }

  crashEnv(replica: string, kind: string): Record<string, string> {
    this.#collect();
    const CRASH_AT = this.#plan.arm(replica, kind);
    if (CRASH_AT === '') return {};
    return { CRASH_AT, CRASH_HANG_MS: String(HANG_MS), CRASH_LOG: this.#crashLog.pathOf(replica) };
  }

  ended(ending: Ending): void {
    this.#endings.push(ending);
    this.#collect();
  }

  async perform(world: World): Promise<RunFacts> {
    const { options } = this;
    const startedAt = new Date().toISOString();
    const log = await AckLog.open(join(options.dir, EVIDENCE.acks));
    const url = `http://127.0.0.1:${world.doors['billing-http'].port}`;
    this.#caller = new Caller(url, log);
    const driver = new Driver({
      caller: this.#caller,
      tenants: world.tenants,
      log,
      draw: this.#draw.fork('documents'),
      inFlight: IN_FLIGHT,
    });
    const conductor = new Conductor(world);
    world.simulator.control.addFault({
      kind: 'chaos',
      seed: options.seed,
      environment: 'testecf',
      operations: ['recepcion', 'recepcionfc'],
      mix: DGII_MIX,
    });
    const clock = setInterval(() => this.#tell(driver, conductor), REPORT_EVERY_MS);
    const driven = driver.run();
    try {
      await this.#playAll(driver, conductor);
      await this.#encore(driver, conductor);
      this.#plan.end();
      while (await conductor.killOne((one) => this.#plan.isArmed(one.name))) this.#collect();
      await conductor.calm();
      world.simulator.control.clearFaults();
      await conductor.everybodyUp(SETTLE_WITHIN_MS);
      driver.close();
      const faultsEndedAt = new Date().toISOString();
      options.progress('fin de las fallas; se espera el final de cada documento');
      const ended = performance.now();
      await Promise.race([driven, pause(SETTLE_WITHIN_MS, undefined, { ref: false })]);
      const replayed = await this.#replayDeadLetters(world);
      const isSettled = await settled(world, OPEN_DOCUMENTS, SETTLE_WITHIN_MS);
      const settledAfterMs = isSettled ? Math.round(performance.now() - ended) : null;
      await log.close();
      const facts = { ...this.#facts(driver, conductor, world), startedAt, faultsEndedAt };
      return { ...facts, replayed, settledAfterMs, ...(await this.#exportAudit(world)) };
    } finally {
      clearInterval(clock);
    }
  }

  /**
   * Whose workers died again and again is set aside for a person, for it may be what they die of.
   * Here it is not: the client does what a person would.
   */
  async #replayDeadLetters(world: World): Promise<number> {
    const parked = await ask<{ tenant_id: string; id: string }>(world, PARKED_DOCUMENTS);
    for (const { tenant_id, id } of parked) {
      const tenant = world.tenants.find((one) => one.id === tenant_id);
      if (tenant === undefined) continue;
      const path = `/tenant/invoices/${id}/retry`;
      await this.#caller?.post({ tenant, path, key: `retry-${id}`, body: {} });
    }
    return parked.length;
  }

  /** The chains as their owners get them; where there is an audit service. */
  async #exportAudit(world: World): Promise<{ readonly chainedAfterMs: number | null }> {
    if (!world.replicas.some(({ kind }) => kind === 'audit')) return { chainedAfterMs: null };
    const dir = join(this.options.dir, EVIDENCE.exports);
    await mkdir(dir, { recursive: true });
    const begun = performance.now();
    await settled(world, UNCHAINED_EVENTS, SETTLE_WITHIN_MS);
    const chainedAfterMs = Math.round(performance.now() - begun);
    await exportChains(`http://127.0.0.1:${world.doors.audit.port}`, world.tenants, dir);
    await settled(world, UNCHAINED_EVENTS, SETTLE_WITHIN_MS);
    return { chainedAfterMs };
  }

  async #playAll(driver: Driver, conductor: Conductor): Promise<void> {
    const { documents } = this.options;
    const turns: readonly Turn[] = scheduleOf(
      { ...this.options, freezeMs: FREEZE_MS },
      this.#draw.fork('schedule'),
    );
    for (const [at, turn] of turns.entries()) {
      await conductor.play(turn, () =>
        driver.release(Math.ceil((documents * (at + 1)) / turns.length)),
      );
      this.#collect();
    }
    await until(() => driver.posted >= documents, SETTLE_WITHIN_MS);
  }

  /**
   * Some points are rare: more documents whose answers are lost, and new lives, until each was hit.
   * A process whose own points do not come is as good a victim as any: others get them.
   */
  async #encore(driver: Driver, conductor: Conductor): Promise<void> {
    for (let more = 1; more <= ENCORES && this.#plan.left.length > 0; more += 1) {
      // A slow machine gets its time: nothing is hit while nobody is up.
      await conductor.everybodyUp(SETTLE_WITHIN_MS);
      driver.release(driver.posted + ENCORE_DOCUMENTS);
      await conductor.loseAnswers(ENCORE_LOSS_MS);
      const kinds = this.#plan.wanting();
      const tired = more % PATIENCE === 0;
      await conductor.killOne(
        ({ kind, name }) => kinds.has(kind) && (tired || !this.#plan.isArmed(name)),
      );
      await pause(ENCORE_PAUSE_MS);
      this.#collect();
    }
  }

  #collect(): void {
    for (const { point, kind } of this.#crashLog.take()) {
      this.#plan.fired(point, kind);
      const name = `${point} ${kind}`;
      this.#fired[name] = (this.#fired[name] ?? 0) + 1;
    }
  }

  #facts(driver: Driver, { tally }: Conductor, world: World) {
    const selfKills = Object.entries(this.#fired)
      .filter(([name]) => name.endsWith(' kill'))
      .reduce((sum, [, count]) => sum + count, 0);
    const { dir: _dir, progress: _progress, ...asked } = this.options;
    return {
      asked,
      seed: this.options.seed,
      documents: driver.posted,
      acknowledged: driver.acknowledged,
      attempts: this.#caller?.attempts ?? 0,
      refused: this.#caller?.refused ?? 0,
      tally,
      kills: (tally['kill'] ?? 0) + selfKills,
      crashPoints: {
        fired: this.#fired,
        planned: this.#plan.total,
        left: this.#plan.left,
        undriven: this.#plan.undriven,
      },
      unexpectedEnds: this.#endings.filter(({ killed, code }) => !killed && code !== null),
      failedStarts: this.#endings.filter(({ signal, code }) => signal === null && code === null)
        .length,
      queue: world.queue.name,
      processes: world.replicas.length,
    };
  }

  #tell(driver: Driver, { tally }: Conductor): void {
    const { options } = this;
    options.progress(
      `${driver.posted} de ${options.documents} documentos · ${tally['kill'] ?? 0} kill -9 · ` +
        `puntos de falla pendientes: ${this.#plan.left.length} de ${this.#plan.total}`,
    );
  }
}

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition() && performance.now() < deadline) await pause(LOOK_EVERY_MS);
}

const OPEN_DOCUMENTS = `
SELECT (SELECT count(*) FROM document
        WHERE state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED'))
     + (SELECT count(*) FROM encf_void
        WHERE state NOT IN ('ACCEPTED', 'PARTIALLY_ACCEPTED', 'REJECTED', 'REVIEW'))
     + (SELECT count(*) FROM outbox) AS open`;

const PARKED_DOCUMENTS = `
SELECT tenant_id, id FROM document WHERE parked_at IS NOT NULL
  AND state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')`;

const UNCHAINED_EVENTS = `
SELECT count(*) AS open FROM audit_event e
WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id)`;

async function ask<T extends object>(world: World, text: string): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Whether nothing is left to do, in time. */
async function settled(world: World, open: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ open: string }>(open);
      if (rows[0]?.open === '0') return true;
      if (performance.now() > deadline) return false;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}
