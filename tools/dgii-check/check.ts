import { DgiiApi, DgiiStatusApi } from '@getupnet/dgii-api';
import { HttpTransport } from '@getupnet/http-client';
import { planOf } from './plan.js';
import type { Run } from './report.js';
import { runSteps, type Watcher } from './run-steps.js';
import { CheckSession, type CheckSettings, type CheckWorld } from './session.js';
import type { Step } from './step.js';

export interface CheckWatcher extends Watcher {
  /** Before the first step: everything there will be. */
  planned(steps: readonly Step[]): void;
}

/** A step makes a few calls, each with its own time limit. */
const CALLS_PER_STEP = 3;

/** Runs every step of a check. Results end early when the signal is raised. */
export async function check(
  settings: CheckSettings,
  world: CheckWorld,
  signal: AbortSignal,
  watcher: CheckWatcher,
): Promise<Run> {
  const startedAt = world.clock.now();
  const startedMs = performance.now();
  const transport = new HttpTransport({ connectTimeoutMs: settings.timeoutMs });
  const { endpoints, environment, baseUrl, rnc } = settings;
  const session = new CheckSession(settings, world, new DgiiApi(endpoints, transport));
  const steps = planOf(session, new DgiiStatusApi(endpoints, transport));
  watcher.planned(steps);
  const limits = { stepMs: settings.timeoutMs * CALLS_PER_STEP, signal };
  const results = await runSteps(steps, limits, watcher);
  // Called off, a request may still be under way: closing waits for it, and nobody waits any more.
  if (!signal.aborted) await transport.close();
  const durationMs = Math.round(performance.now() - startedMs);
  return { environment, baseUrl, rnc, startedAt, durationMs, results };
}
