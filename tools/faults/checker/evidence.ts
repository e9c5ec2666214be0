// The checker reads files and SQL, and shares no code with the product: it would share its mistakes.
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** A line of the client's own ledger. */
export interface AckEntry {
  readonly t: 'post' | 'ack' | 'void' | 'void-ack' | 'refused' | 'answer';
  readonly at: string;
  readonly key: string;
  readonly tenantId?: string;
  readonly rnc?: string;
  readonly expect?: readonly string[];
  readonly race?: string;
  readonly id?: string;
  readonly encf?: string;
  readonly status?: number;
  readonly code?: string;
  readonly ms?: number;
  readonly fault?: string | null;
  readonly first?: number;
  readonly last?: number;
}

/** A line of DGII's ledger, as far as it matters here. */
export interface LedgerLine {
  readonly seq: number;
  readonly time: string;
  readonly arrivedAt?: string;
  readonly environment: string | null;
  readonly service: string;
  readonly rnc: string | null;
  readonly encf: string | null;
  readonly sha256: string | null;
  readonly trackId: string | null;
  readonly codigo: string | null;
  readonly secuenciaUtilizada: boolean | null;
  readonly httpStatus: number | null;
  readonly answer: string;
  readonly fault: string | null;
  readonly processed: boolean;
  readonly visibleAt: string | null;
}

export interface DocumentRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly environment: string;
  readonly tipo: number;
  readonly encf: string;
  readonly generation: number;
  readonly range_id: string;
  readonly state: string;
  readonly idempotency_key: string;
  readonly corrects: string | null;
  readonly issuer_rnc: string;
  readonly secuencia_utilizada: boolean | null;
  readonly track_id: string | null;
  readonly created_at: Date;
  readonly last_error: string | null;
}

export interface RangeRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly environment: string;
  readonly tipo: number;
  readonly first: string;
  readonly last: string;
  readonly next: string | null;
}

/** A request to void numbers, once for each of its ranges. */
export interface VoidRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly environment: string;
  readonly state: string;
  readonly idempotency_key: string;
  readonly issuer_rnc: string;
  readonly tipo: number;
  readonly first: string;
  readonly last: string;
}

export interface ArtefactRow {
  readonly tenant_id: string;
  readonly document_id: string;
  readonly kind: string;
  readonly stated: string;
  /** Of the stored bytes, computed by the database. */
  readonly computed: string;
}

export interface JournalRow {
  readonly tenant_id: string;
  readonly document_id: string;
  readonly kind: string;
  readonly signed_sha256: string;
}

export interface EventRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string;
  readonly occurred_at: Date;
}

/** Everything that is compared. */
export interface Evidence {
  readonly dir: string;
  readonly run: { readonly faultsEndedAt: string; readonly windowMs: number };
  readonly acks: readonly AckEntry[];
  readonly ledger: readonly LedgerLine[];
  readonly documents: readonly DocumentRow[];
  readonly ranges: readonly RangeRow[];
  readonly voids: readonly VoidRow[];
  readonly artefacts: readonly ArtefactRow[];
  readonly journal: readonly JournalRow[];
  readonly events: readonly EventRow[];
  readonly outboxRows: number;
}

const SQL = {
  documents: `SELECT tenant_id, id, environment, tipo, encf, generation, range_id, state,
    idempotency_key, corrects, issuer_rnc, secuencia_utilizada, track_id, created_at, last_error
    FROM document`,
  ranges: `SELECT tenant_id, id, environment, tipo, first, last, next FROM encf_range`,
  voids: `SELECT v.tenant_id, v.id, v.environment, v.state, v.idempotency_key, v.issuer_rnc, r.tipo,
    r.first, r.last FROM encf_void v
    JOIN encf_void_range r ON r.tenant_id = v.tenant_id AND r.void_id = v.id`,
  artefacts: `SELECT tenant_id, document_id, kind, sha256 AS stated,
    encode(sha256(convert_to(body, 'UTF8')), 'hex') AS computed FROM artefact`,
  journal: `SELECT tenant_id, document_id, kind, signed_sha256 FROM signing_journal
    WHERE kind <> 'semilla'`,
  events: `SELECT tenant_id, id, type, subject_id, occurred_at FROM audit_event
    WHERE type LIKE 'document.%' ORDER BY occurred_at, id`,
  outbox: `SELECT count(*) AS count FROM outbox`,
};

/** Reads all of it: the client's files, DGII's, and the tables as a superuser sees them. */
export async function readEvidence(dir: string, client: pg.Client): Promise<Evidence> {
  const rows = async <T extends object>(text: string): Promise<readonly T[]> =>
    (await client.query<T>(text)).rows;
  const [outbox] = await rows<{ count: string }>(SQL.outbox);
  return {
    dir,
    run: JSON.parse(await readFile(join(dir, 'run.json'), 'utf8')) as Evidence['run'],
    acks: await jsonLines<AckEntry>(join(dir, 'acks.ndjson')),
    ledger: await jsonLines<LedgerLine>(join(dir, 'dgii', 'ledger.jsonl')),
    documents: await rows<DocumentRow>(SQL.documents),
    ranges: await rows<RangeRow>(SQL.ranges),
    voids: await rows<VoidRow>(SQL.voids),
    artefacts: await rows<ArtefactRow>(SQL.artefacts),
    journal: await rows<JournalRow>(SQL.journal),
    events: await rows<EventRow>(SQL.events),
    outboxRows: Number(outbox?.count),
  };
}

export async function jsonLines<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') found.push(JSON.parse(line) as T);
  return found;
}

/** Files of a directory by name, or none where there is no such directory. */
export async function filesOf(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort().map((name) => join(dir, name));
}

/** The rows as they were looked at, for whoever asks afterwards what happened. */
export async function keepTables(evidence: Evidence): Promise<void> {
  const { dir, documents, ranges, voids, journal, events } = evidence;
  const tables = join(dir, 'tables');
  await mkdir(tables, { recursive: true });
  for (const [name, rows] of Object.entries({ documents, ranges, voids, journal, events })) {
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await writeFile(join(tables, `${name}.ndjson`), text);
  }
}
