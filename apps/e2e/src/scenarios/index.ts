import { startPlatform, type Mode, type Platform } from '../harness/platform.js';
import { auditTrail } from './audit.js';
import { batches } from './batch.js';
import { badInput } from './bad-input.js';
import { contingency } from './contingency.js';
import { dryRun } from './dry-run.js';
import { edges, logs } from './edges.js';
import { happyPath } from './happy-path.js';
import { idempotency } from './idempotency.js';
import { lostJobs } from './lost-jobs.js';
import { notesAndRetries } from './notes.js';
import { newOperator } from './new-operator.js';
import { printed } from './printed.js';
import { sequences } from './sequences.js';
import { trouble, verdicts } from './trouble.js';

const BOOT_LIMIT_MS = 90_000;

/** Every scenario against one platform of this mode. */
export function runScenarios(mode: Mode): void {
  describe(`the platform, ${mode}`, () => {
    let running: Platform | undefined;
    const platform = (): Platform => {
      if (!running) throw new Error('the platform runs from beforeAll on');
      return running;
    };

    beforeAll(async () => {
      running = await startPlatform(mode);
    }, BOOT_LIMIT_MS);

    afterAll(async () => {
      await running?.stop();
    }, BOOT_LIMIT_MS);

    const emptied = lostJobs(platform);
    const troubled = trouble(platform);
    happyPath(platform);
    idempotency(platform);
    badInput(platform);
    dryRun(platform);
    printed(platform);
    troubled.later();
    verdicts(platform);
    notesAndRetries(platform);
    if (mode === 'all') sequences(platform);
    batches(platform);
    if (mode === 'all') contingency(platform);
    auditTrail(platform);
    edges(platform);
    newOperator(platform);
    emptied.inTheEnd();
    logs(platform);
  });
}
