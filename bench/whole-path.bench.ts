import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { cpuTimes, type CpuTimes } from './cpu-time.js';
import { percentile, print, round } from './figure.js';
import { invoiceTree } from './sample-documents.js';
import { startStack, type BenchTenant, type QueueStore, type Stack } from './stack.js';

const LINES = 5;
/** Until then much of the processor time is V8 compiling; a service runs for days after it. */
const WARM_UP = 3_000;
/** Memory after so many documents is what later growth is measured against. */
const SETTLED_AFTER = 2_000;

export interface WholePathOptions {
  readonly documents: number;
  readonly tenants: number;
  readonly inFlight: number;
  readonly queue: QueueStore;
}

/** POST → verdict through the real stack, against what this machine's cores sign with openssl. */
export async function wholePathBench(options: WholePathOptions): Promise<void> {
  const { documents, tenants, inFlight, queue } = options;
  const before = opensslSignsPerSecond();
  const stack = await startStack(tenants, queue);
  try {
    await drive(stack, { name: 'warm', documents: WARM_UP, inFlight });
    const rss: number[] = [];
    const commitsBefore = await commits(stack.ownerUrl);
    const cpuBefore = cpuTimes(stack.processNames);
    const run = await drive(stack, { name: 'run', documents, inFlight }, async (sent) => {
      if (sent === SETTLED_AFTER) rss.push(await rssKb(stack.pid));
    });
    const cpu = perDocument(cpuBefore, cpuTimes(stack.processNames), documents);
    const perSecond = documents / run.seconds;
    const rssKbAtEnd = await rssKb(stack.pid);
    const committed = (await commits(stack.ownerUrl)) - commitsBefore;
    // Neighbours come and go on a shared machine: what it can do is asked on both sides of the run.
    const baseline = (before + opensslSignsPerSecond()) / 2;
    print({
      bench: 'whole-path',
      what: `${documents} documents, ${tenants} tenants, ${inFlight} in flight, queue in ${queue}`,
      value: perSecond,
      unit: 'e-CF/s',
      ratio: round(perSecond / baseline),
      target: '≥ 0.08, p95 ≤ 2 s',
      detail: {
        opensslSignsPerSecond: round(baseline),
        p50Ms: round(percentile(run.latenciesMs, 0.5)),
        p95Ms: round(percentile(run.latenciesMs, 0.95)),
        p99Ms: round(percentile(run.latenciesMs, 0.99)),
        accepted: run.accepted,
        cpuMsPerDocument: cpu,
        commitsPerDocument: round(committed / documents),
        ...memory(rss[0], rssKbAtEnd),
      },
    });
  } finally {
    await stack.stop();
  }
}

function perDocument(before: CpuTimes, after: CpuTimes, documents: number) {
  const used = [...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
  const shown = used.filter(([, ms]) => ms >= documents / 100);
  return Object.fromEntries(shown.map(([name, ms]) => [name, round(ms / documents)]));
}

function memory(settledKb: number | undefined, endKb: number) {
  const growth = settledKb === undefined ? {} : { rssGrowth: round(endKb / settledKb) };
  return { rssMb: round(endKb / 1024), ...growth };
}

interface Run {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  readonly accepted: number;
}

interface Load {
  readonly name: string;
  readonly documents: number;
  readonly inFlight: number;
}

async function drive(
  stack: Stack,
  { name, documents, inFlight }: Load,
  onSend: (sent: number) => Promise<void> = async () => undefined,
): Promise<Run> {
  const pool = new Pool(stack.gatewayUrl, { connections: inFlight });
  const body = JSON.stringify({ ECF: invoiceTree(LINES) });
  const latenciesMs: number[] = [];
  let accepted = 0;
  let next = 0;
  const from = performance.now();
  const worker = async () => {
    while (next < documents) {
      const index = next;
      next += 1;
      await onSend(index);
      const tenant = stack.tenants[index % stack.tenants.length];
      if (!tenant) throw new Error('no tenants');
      const sent = performance.now();
      const state = await emit(pool, tenant, `${name}-${index}`, body);
      latenciesMs.push(performance.now() - sent);
      if (state === 'ACCEPTED') accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - from) / 1000;
  await pool.close();
  return { seconds, latenciesMs, accepted };
}

async function emit(pool: Pool, tenant: BenchTenant, key: string, body: string): Promise<string> {
  const answer = await pool.request({
    method: 'POST',
    path: '/tenant/emit/ecf',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tenant.apiKey}`,
      'idempotency-key': key,
      prefer: 'wait=25',
    },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`emit answered ${answer.statusCode}: ${text}`);
  return (JSON.parse(text) as { state: string }).state;
}

function opensslSignsPerSecond(): number {
  const result = spawnSync('openssl', ['speed', '-seconds', '3', '-multi', '2', 'rsa2048'], {
    encoding: 'utf8',
  });
  const line = /rsa\s+2048 bits\s+\S+s\s+\S+s\s+([\d.]+)/.exec(result.stdout);
  if (!line?.[1]) throw new Error(`openssl speed could not be read: ${result.stdout}`);
  return Number(line[1]);
}

/** Transactions the database committed so far, queue and relay included. */
async function commits(ownerUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ commits: string }>(
    'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
  );
  await client.end();
  return Number(rows[0]?.commits);
}

async function rssKb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}
