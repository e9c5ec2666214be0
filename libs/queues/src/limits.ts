/** Jobs one call may add. */
export const MAX_JOBS_PER_ADD = 1_000;
/** Payloads carry ids: 64 of them are 2.5 kB. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;
/** How often a job whose handler crashed is tried; what is retried by plan becomes a new job. */
export const CRASH_ATTEMPTS = 3;
export const CRASH_BACK_OFF_MS = 500;
/** What is kept of finished jobs, for whoever looks at the queues; nothing depends on it. */
export const KEEP_COMPLETED = { count: 500, age: 3_600 };
/** The dead letters. */
export const KEEP_FAILED = { count: 5_000, age: 14 * 24 * 3_600 };
/** A job whose worker was killed is taken up again after this long. */
export const LOCK_MS = 30_000;
export const STALLED_CHECK_MS = 15_000;
/** A job may lose that many workers before it is a dead letter. */
export const MAX_STALLED = 3;
/** How long running handlers may take to end at shutdown. */
export const CLOSE_TIMEOUT_MS = 15_000;
/** Longest wait for the queue's store. */
export const COMMAND_TIMEOUT_MS = 5_000;
/** Connections a worker occupies: one listens, one works. */
export const SLOTS_PER_WORKER = 2;
