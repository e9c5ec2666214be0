import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '@getupnet/kernel';
import { AuditChain, AuditCheckpoints, BatchDb, Pools, migrate } from '@getupnet/persistence';
import { DirectoryWormStore } from '@getupnet/storage';
import { nextCheckpoint } from '../libs/features/audit/src/checkpoints/checkpoint-body.js';
import { CheckpointFiles } from '../libs/features/audit/src/checkpoints/checkpoint-files.js';
import { exportKit } from '../tools/audit-export/export-kit.js';
import { startEmbeddedPostgres } from '../tools/embedded-postgres/index.js';
import { print } from './figure.js';

const VERIFIER = '../../tools/audit-verify/audit-verify.mjs';
const TENANTS = 50;
/** Events one business transaction of the preparation writes. */
const PER_TRANSACTION = 1_000;
const MILLION = 1_000_000;

// What a step of a document writes, and as much of it.
const INSERT = `
INSERT INTO audit_event (tenant_id, month, id, type, subject_id, actor, payload)
SELECT ($1::uuid[])[1 + at % cardinality($1::uuid[])], date_trunc('month', now())::date,
  gen_random_uuid(), 'document.signed', gen_random_uuid(), 'billing',
  jsonb_build_object('encf', 'E31' || lpad(at::text, 10, '0'), 'from', 'QUEUED', 'to', 'SIGNED')
FROM generate_series(1, $2::int) AS at`;

/**
 * Raw events of fifty tenants into their chains by one appender, and the finished chains through export
 * and verifier. Counts are compared on the way: an event lost or chained twice ends the run.
 */
export async function auditBench({ events }: { readonly events: number }): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres') });
  const pools = new Pools({ urls: { DATABASE_URL: postgres.ownerUrl } });
  try {
    await migrate(postgres.ownerUrl);
    await writeRaw(pools, events);
    await measureAppends(pools, events);
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const store = new DirectoryWormStore(join(dir, 'worm'));
    await seal(pools, store, privateKey);
    const kit = join(dir, 'kit');
    await measureExport(pools, store, { kit, events });
    await writeFile(join(kit, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    await measureVerify(kit, events);
  } finally {
    await pools.close();
    await postgres.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeRaw(pools: Pools, events: number): Promise<void> {
  const tenants = Array.from({ length: TENANTS }, () => newId());
  const db = new BatchDb(pools);
  for (let written = 0; written < events; written += PER_TRANSACTION) {
    const count = Math.min(PER_TRANSACTION, events - written);
    await db.run(tenants, (client) => client.query(INSERT, [tenants, count]));
  }
}

async function measureAppends(pools: Pools, events: number): Promise<void> {
  const chain = new AuditChain(pools);
  const startedMs = performance.now();
  let linked = 0;
  for (let more = true; more;) {
    const round = await chain.append();
    linked += round.linked;
    ({ more } = round);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  if (linked !== events) throw new Error(`${linked} of ${events} events were chained`);
  print({
    bench: 'audit',
    what: `appends over ${TENANTS} tenants`,
    value: events / seconds,
    unit: 'events/s',
    target: '≥ 5000',
    detail: { events, seconds },
  });
}

async function seal(pools: Pools, store: DirectoryWormStore, key: KeyObject): Promise<void> {
  const heads = await new AuditCheckpoints(pools).heads();
  // The benchmark's own clock: the moment is not what is measured.
  const at = new Date(performance.timeOrigin);
  await new CheckpointFiles(store).write(nextCheckpoint(null, heads, { at, key, whole: true }));
}

async function measureExport(
  pools: Pools,
  store: DirectoryWormStore,
  { kit, events }: { readonly kit: string; readonly events: number },
): Promise<void> {
  const startedMs = performance.now();
  let exported = 0;
  const onFile = (name: string, count: number): void => {
    if (name.endsWith('.ndjson')) exported += count;
  };
  await exportKit(pools, store, { directory: kit, onFile });
  const seconds = (performance.now() - startedMs) / 1_000;
  if (exported !== events) throw new Error(`${exported} of ${events} events were exported`);
  print({ bench: 'audit', what: 'export', value: events / seconds, unit: 'events/s' });
}

async function measureVerify(kit: string, events: number): Promise<void> {
  const program = fileURLToPath(new URL(VERIFIER, import.meta.url));
  const files = (await readdir(kit)).filter((name) => name.endsWith('.ndjson'));
  const seals = ['--checkpoints', join(kit, 'checkpoints'), '--key', join(kit, 'key.pub')];
  const args = [program, ...seals, '--json', ...files.map((name) => join(kit, name))];
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: dirname(program),
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  if (status !== 0) throw new Error(`audit-verify ended with ${status}: ${stderr}${stdout}`);
  print({
    bench: 'audit',
    what: 'audit-verify, a million events',
    value: (seconds * MILLION) / events,
    unit: 's',
    target: '≤ 10',
    detail: { events, seconds, chains: files.length },
  });
}
