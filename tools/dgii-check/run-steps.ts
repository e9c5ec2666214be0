import { isAppError } from '@getupnet/kernel';
import { errorFacts } from '../cli/error-facts.js';
import { failed, keyOf, skipped, type Finding, type Step, type StepResult } from './step.js';

/** Who wants to know what is going on. */
export interface Watcher {
  /** A step has been under way for this long; told after a second, and then now and again. */
  waiting(step: Step, elapsedMs: number): void;
  done(result: StepResult): void;
}

export interface RunLimits {
  /** No step takes longer than this, whatever it does. */
  readonly stepMs: number;
  readonly signal: AbortSignal;
}

const FIRST_NEWS_MS = 1_000;
const MORE_NEWS_MS = 5_000;

/** Runs the steps in their order; ends early, with what there is, when the signal is raised. */
export async function runSteps(
  steps: readonly Step[],
  limits: RunLimits,
  watcher: Watcher,
): Promise<readonly StepResult[]> {
  const results = new Map<string, StepResult>();
  for (const step of steps) {
    if (limits.signal.aborted) break;
    const startedMs = performance.now();
    const finding = blocked(step, results) ?? (await runOne(step, limits, watcher));
    if (limits.signal.aborted) break;
    const { id, title, target, why } = step;
    const durationMs = Math.round(performance.now() - startedMs);
    const result = { id, title, target, why, ...finding, durationMs };
    results.set(keyOf(step), result);
    watcher.done(result);
  }
  return [...results.values()];
}

/** A step whose ground is missing would only repeat the fault of that ground. */
function blocked(step: Step, results: ReadonlyMap<string, StepResult>): Finding | null {
  for (const key of step.needs) {
    const needed = results.get(key);
    const stands = needed?.state === 'ok' || (needed?.state === 'warning' && !needed.halts);
    if (!needed || stands) continue;
    const what = needed.target === null ? needed.title : `${needed.title} ${needed.target}`;
    return skipped('skipped.dependency', `depende de «${what}»`);
  }
  return null;
}

async function runOne(step: Step, limits: RunLimits, watcher: Watcher): Promise<Finding> {
  const startedMs = performance.now();
  const tell = (): void => watcher.waiting(step, performance.now() - startedMs);
  let repeated: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    repeated = setInterval(tell, MORE_NEWS_MS);
  }, FIRST_NEWS_MS);
  try {
    return await Promise.race([step.run().catch(unexpected), outOfTime(limits)]);
  } finally {
    clearTimeout(first);
    clearInterval(repeated);
  }
}

/** Steps have time limits of their own; this one is for what cannot be called off, such as DNS. */
function outOfTime({ stepMs, signal }: RunLimits): Promise<Finding> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve(
        failed(
          'timeout',
          `sin respuesta en ${Math.round(stepMs / 1_000)} s`,
          'Repita con más tiempo (--timeout) o revise la red.',
        ),
      );
    };
    AbortSignal.any([signal, AbortSignal.timeout(stepMs)]).addEventListener('abort', end, {
      once: true,
    });
  });
}

function unexpected(error: unknown): Finding {
  const { code, message } = errorFacts(error);
  const text = isAppError(error) ? error.code : [code, message].filter(Boolean).join(': ');
  return failed(
    'unexpected',
    `error inesperado: ${text}`,
    'Repita; si sigue igual, repórtelo con este texto.',
  );
}
