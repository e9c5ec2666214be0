import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@getupnet/kernel';
import {
  AcceptWriter,
  BatchDb,
  Pools,
  migrate,
  registerTenant,
  type AcceptRow,
} from '@getupnet/persistence';
import pg from 'pg';
import { startEmbeddedPostgres } from '../tools/embedded-postgres/index.js';
import { print } from './figure.js';

const WRITERS = 64;
/** Processes, each with connections and a group writer of its own; on one machine, in this one. */
const REPLICAS = 2;
const TODAY = '2026-03-02';
/** A document of one line. */
const BODY = '<x></x>'.repeat(430);

interface Outcome {
  readonly numbers: readonly number[];
  readonly refused: number;
  readonly seconds: number;
}

/**
 * 64 writers take numbers of one sequence until it ends: each number comes with its document, its bytes,
 * its audit event and its outbox row, as an emission commits them.
 */
export async function sequenceBench({ numbers }: { readonly numbers: number }): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-sequence-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres') });
  try {
    await migrate(postgres.ownerUrl);
    for (const branches of [0, 4]) {
      const tenantId = await makeTenant(postgres.ownerUrl, numbers, branches);
      const outcome = await drain(postgres.ownerUrl, tenantId, branches);
      report(outcome, numbers, branches);
    }
  } finally {
    await postgres.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

function report({ numbers, refused, seconds }: Outcome, size: number, branches: number): void {
  const distinct = new Set(numbers).size;
  const exact = distinct === size && numbers.length === size;
  print({
    bench: 'sequence',
    what:
      branches === 0
        ? 'numbers on one contended sequence, to its end'
        : `the same, divided among ${branches} branches`,
    value: numbers.length / seconds,
    unit: 'numbers/s',
    target: '≥ 1500, exact',
    detail: {
      ...{ writers: WRITERS, replicas: REPLICAS, numbers: numbers.length, distinct },
      ...{ refusedAtTheEnd: refused, exact: String(exact) },
    },
  });
  if (!exact) throw new Error(`${size} numbers, ${numbers.length} given, ${distinct} distinct`);
}

async function drain(ownerUrl: string, tenantId: string, branches: number): Promise<Outcome> {
  const replicas = Array.from({ length: REPLICAS }, () => {
    const pools = new Pools({ urls: { DATABASE_URL: ownerUrl } });
    return { pools, accepts: new AcceptWriter(new BatchDb(pools)) };
  });
  const numbers: number[] = [];
  let refused = 0;
  const write = async (writer: number): Promise<void> => {
    const accepts = replicas[writer % REPLICAS]?.accepts;
    const branch = branches === 0 ? null : `S${writer % branches}`;
    for (;;) {
      const outcome = await accepts?.submit(row(tenantId, branch));
      if (outcome?.kind === 'no_number') break;
      if (outcome?.kind !== 'accepted') throw new Error(`a writer got ${outcome?.kind}`);
      numbers.push(Number(outcome.encf.slice(3)));
    }
    refused += 1;
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const seconds = (performance.now() - began) / 1000;
  for (const { pools, accepts } of replicas) {
    await accepts.onApplicationShutdown();
    await pools.close();
  }
  return { numbers, refused, seconds };
}

async function makeTenant(ownerUrl: string, numbers: number, branches: number): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const parts = Math.max(branches, 1);
  const size = Math.floor(numbers / parts);
  const { id } = await registerTenant(owner, {
    rnc: `1010000${10 + branches}`,
    name: 'Empresa, SRL',
    ranges: Array.from({ length: parts }, (_, at) => ({
      ...{ tipo: 31, first: at * size + 1, expiresOn: '2028-12-31' },
      last: at === parts - 1 ? numbers : (at + 1) * size,
      ...(branches === 0 ? {} : { branch: `S${at}` }),
    })),
  });
  await owner.end();
  return id;
}

function row(tenantId: string, branch: string | null): AcceptRow {
  return {
    ...{ tenantId, id: newId(), environment: 'testecf', tipo: 31, route: 'ecf', state: 'QUEUED' },
    ...{ heldBy: null, idempotencyKey: randomUUID(), bodySha256: 'ab'.repeat(32) },
    ...{ externalRef: null, branch, corrects: null, generation: 1, statedEncf: null },
    ...{ statedExpiry: null, issuerRnc: '101000010', buyerRnc: null, buyerName: null },
    ...{ montoTotal: '1180.00', fechaEmision: TODAY, fechaHoraFirma: '02-03-2026 10:00:00' },
    ...{ artefactMonth: '2026-03-01', today: TODAY, xmlHead: '<eNCF>', xmlMiddle: '</eNCF><v>' },
    ...{ xmlTail: `</v>${BODY}`, findings: [], actor: 'bench', eventId: newId() },
    ...{ handOver: true, nextAttemptInMs: 3_600_000 },
  };
}
