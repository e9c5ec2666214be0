import { type Client, DatabaseError } from 'pg';

/** Tables partitioned by a `month` column. */
export const PARTITIONED_TABLES = ['artefact', 'audit_event'] as const;
type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

const MONTHS_BEHIND = 1;
const MONTHS_AHEAD = 24;

/** Makes the monthly partitions from last month to two years ahead. Idempotent. */
export async function ensurePartitions(client: Client, now: Date): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = ANY ($1::regclass[])`,
    [PARTITIONED_TABLES],
  );
  const existing = new Set(rows.map((row) => row.name));
  const made: string[] = [];
  for (const table of PARTITIONED_TABLES) {
    for (let offset = -MONTHS_BEHIND; offset <= MONTHS_AHEAD; offset += 1) {
      const month = monthAt(now, offset);
      const name = partitionName(table, month);
      if (existing.has(name)) continue;
      await makePartition(client, { table, name, from: month, to: monthAt(now, offset + 1) });
      made.push(name);
    }
  }
  return made;
}

/** First day of the month `offset` months from now, `yyyy-MM-dd`. */
export function monthAt(now: Date, offset: number): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
  return first.toISOString().slice(0, 10);
}

function partitionName(table: PartitionedTable, month: string): string {
  return `${table}_${month.slice(0, 7).replace('-', '_')}`;
}

interface Partition {
  readonly table: PartitionedTable;
  readonly name: string;
  /** First day of its month, and of the next. */
  readonly from: string;
  readonly to: string;
}

/** The default partition holds rows of the month to be made. */
const CHECK_VIOLATION = '23514';

async function makePartition(client: Client, partition: Partition): Promise<void> {
  const { table, name, from, to } = partition;
  try {
    // One message, hence one transaction.
    await client.query(
      `CREATE TABLE ${name} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}');
       ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
       ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    );
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== CHECK_VIOLATION) throw error;
    await makePartitionFromDefault(client, partition);
  }
}

/** Rows that came before their partition wait in the default one; they move along. */
async function makePartitionFromDefault(client: Client, partition: Partition): Promise<void> {
  const { table, name, from, to } = partition;
  const spare = `${table}_default`;
  await client.query(
    `CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL);
     -- The owner moves rows of all tenants; the lock keeps every other role out meanwhile.
     ALTER TABLE ${spare} NO FORCE ROW LEVEL SECURITY;
     WITH moved AS (DELETE FROM ${spare} WHERE month >= '${from}' AND month < '${to}' RETURNING *)
       INSERT INTO ${name} SELECT * FROM moved;
     ALTER TABLE ${spare} FORCE ROW LEVEL SECURITY;
     ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}');
     ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
     ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
  );
}
