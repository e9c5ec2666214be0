import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile, print, round } from './figure.js';
import { invoiceTree } from './sample-documents.js';
import { startStack, type BenchTenant, type QueueStore } from './stack.js';

const LINES = 5;
const MOST_LINES = 1_000;
const WARM_UP = 1_000;
/** Tenants who issue one document at a time beside the busy one. */
const OTHERS = 4;
const PAUSE_MS = 200;
const QUIET_MS = 10_000;
const LOOK_MS = 25;
const LOOK_FOR_OPEN_MS = 250;
const WITHIN_MS = 300_000;

export interface BatchBenchOptions {
  readonly documents: number;
  readonly queue: QueueStore;
}

/**
 * One tenant posts all of its documents at once, a thousand a request; others issue single documents
 * meanwhile, with and without waiting for the verdict. What matters is how much later theirs come.
 */
export async function batchBench({ documents, queue }: BatchBenchOptions): Promise<void> {
  const stack = await startStack(1 + OTHERS, queue);
  const [busy, ...others] = stack.tenants;
  const pool = new Pool(stack.gatewayUrl, { connections: 64 });
  try {
    if (!busy) throw new Error('no tenants');
    await postAll(pool, busy, 'warm', WARM_UP);
    await allFinal(pool, busy);
    const quiet = await measured(pool, others, 'quiet', delay(QUIET_MS));

    const from = performance.now();
    const run = postAll(pool, busy, 'run', documents).then(async (posted) => {
      const acceptedMs = performance.now() - from;
      await allFinal(pool, busy);
      return { posted, acceptedMs, finalMs: performance.now() - from };
    });
    const meanwhile = await measured(pool, others, 'meanwhile', run);
    const { posted, acceptedMs, finalMs } = await run;
    print({
      bench: 'batch',
      what: `${documents} documents of one tenant in ${posted.requests} requests, queue in ${queue}`,
      value: documents / (finalMs / 1000),
      unit: 'e-CF/s',
      detail: {
        acceptedPerSecond: round(documents / (acceptedMs / 1000)),
        acceptedAfterMs: round(acceptedMs),
        finalAfterMs: round(finalMs),
        repeatedLines: posted.repeated,
      },
    });
    for (const kind of ['waiting', 'polling'] as const) {
      printOthers(kind, quiet[kind], meanwhile[kind], { documents, queue });
    }
  } finally {
    await pool.close();
    await stack.stop();
  }
}

function printOthers(
  kind: keyof Latencies,
  quiet: readonly number[],
  busy: readonly number[],
  { documents, queue }: BatchBenchOptions,
): void {
  const later = percentile(busy, 1) - percentile(quiet, 0.5);
  print({
    bench: 'batch',
    what: `another tenant's document (${kind}) beside ${documents}, queue in ${queue}`,
    value: later,
    unit: 'ms later at most',
    target: '≤ 2000',
    detail: {
      quietP50Ms: round(percentile(quiet, 0.5)),
      quietP95Ms: round(percentile(quiet, 0.95)),
      busyP50Ms: round(percentile(busy, 0.5)),
      busyP95Ms: round(percentile(busy, 0.95)),
      busyMaxMs: round(percentile(busy, 1)),
      quietDocuments: quiet.length,
      busyDocuments: busy.length,
    },
  });
}

interface Posted {
  readonly requests: number;
  /** Lines that the request had no time for, posted again. */
  readonly repeated: number;
}

/** Every request at once; what was not reached is posted again, as a caller would. */
async function postAll(
  pool: Pool,
  tenant: BenchTenant,
  name: string,
  documents: number,
): Promise<Posted> {
  const ECF = invoiceTree(LINES);
  let open = Array.from({ length: documents }, (_, at) => `${name}-${at}`);
  let [requests, repeated] = [0, 0];
  while (open.length > 0) {
    const parts = chunksOf(open, MOST_LINES);
    requests += parts.length;
    const left = await Promise.all(
      parts.map((keys) =>
        postBatch(
          pool,
          tenant,
          keys.map((idempotencyKey) => ({ idempotencyKey, ECF })),
        ),
      ),
    );
    open = left.flat();
    repeated += open.length;
  }
  return { requests, repeated };
}

interface Result {
  readonly idempotencyKey: string;
  readonly problem?: { readonly code: string };
}

/** The keys of lines that were not reached. */
async function postBatch(
  pool: Pool,
  tenant: BenchTenant,
  lines: readonly object[],
): Promise<string[]> {
  const answer = await pool.request({
    method: 'POST',
    path: '/tenant/emit/batch',
    headers: {
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${tenant.apiKey}`,
    },
    body: lines.map((one) => JSON.stringify(one)).join('\n'),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`batch answered ${answer.statusCode}: ${text}`);
  const results = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result);
  if (results.length !== lines.length)
    throw new Error(`${results.length} of ${lines.length} lines`);
  const refused = results.find(
    ({ problem }) => problem !== undefined && problem.code !== 'batch.line_not_reached',
  );
  if (refused) throw new Error(`a line was refused: ${JSON.stringify(refused)}`);
  return results.filter(({ problem }) => problem).map(({ idempotencyKey }) => idempotencyKey);
}

interface Latencies {
  /** From the POST to its answer with the verdict. */
  readonly waiting: number[];
  /** From the POST to the first look that shows the verdict. */
  readonly polling: number[];
}

/** What single documents of others take until `until` settles. */
async function measured(
  pool: Pool,
  others: readonly BenchTenant[],
  name: string,
  until: Promise<unknown>,
): Promise<Latencies> {
  const latencies: Latencies = { waiting: [], polling: [] };
  let over = false;
  const end = until.finally(() => {
    over = true;
  });
  await Promise.all([
    end,
    ...others.map(async (tenant, at) => {
      const kind = at % 2 === 0 ? 'waiting' : 'polling';
      for (let count = 0; !over; count += 1) {
        const from = performance.now();
        await issueOne(pool, tenant, `${name}-${count}`, kind);
        latencies[kind].push(performance.now() - from);
        await delay(PAUSE_MS);
      }
    }),
  ]);
  return latencies;
}

async function issueOne(
  pool: Pool,
  { apiKey }: BenchTenant,
  key: string,
  kind: keyof Latencies,
): Promise<void> {
  const authorization = `Bearer ${apiKey}`;
  const answer = await pool.request({
    method: 'POST',
    path: '/tenant/emit/ecf',
    headers: {
      'content-type': 'application/json',
      authorization,
      'idempotency-key': key,
      ...(kind === 'waiting' ? { prefer: 'wait=25' } : {}),
    },
    body: JSON.stringify({ ECF: invoiceTree(LINES) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`emit answered ${answer.statusCode}: ${text}`);
  let { id, state } = JSON.parse(text) as { id: string; state: string };
  while (state !== 'ACCEPTED') {
    await delay(LOOK_MS);
    const look = await pool.request({
      method: 'GET',
      path: `/tenant/invoices/${id}`,
      headers: { authorization },
    });
    ({ id, state } = (await look.body.json()) as { id: string; state: string });
  }
}

const OPEN = ['HELD', 'QUEUED', 'SIGNED', 'CONTINGENCY', 'SENDING', 'UNKNOWN', 'SUBMITTED'];
const ENDED_BADLY = ['REJECTED', 'VOIDED', 'CONDITIONALLY_ACCEPTED'];

async function allFinal(pool: Pool, tenant: BenchTenant): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (await hasAny(pool, tenant, OPEN)) {
    if (performance.now() > deadline) throw new Error('documents did not end in time');
    await delay(LOOK_FOR_OPEN_MS);
  }
  if (await hasAny(pool, tenant, ENDED_BADLY)) throw new Error('documents were not accepted');
}

async function hasAny(
  pool: Pool,
  { apiKey }: BenchTenant,
  states: readonly string[],
): Promise<boolean> {
  for (const state of states) {
    const answer = await pool.request({
      method: 'GET',
      path: `/tenant/invoices?limit=1&state=${state}`,
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const { data } = (await answer.body.json()) as { data: readonly unknown[] };
    if (data.length > 0) return true;
  }
  return false;
}

function chunksOf<T>(items: readonly T[], most: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += most) chunks.push(items.slice(at, at + most));
  return chunks;
}
