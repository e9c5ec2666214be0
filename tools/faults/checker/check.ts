import pg from 'pg';
import { acknowledged } from './acknowledged.js';
import { auditChain } from './audit-chain.js';
import { keepTables, readEvidence } from './evidence.js';
import type { Finding } from './invariant.js';
import { numbers } from './numbers.js';
import { sendings } from './sendings.js';
import { answers, logs, outgoing } from './surroundings.js';
import { transitions } from './transitions.js';

/** What the checker is given: a directory of evidence and a connection that sees every row. */
export interface CheckOptions {
  readonly dir: string;
  readonly databaseUrl: string;
  /** What must never be in a log. */
  readonly secrets: readonly string[];
}

/** Holds client, DGII, database and audit against each other, rule by rule. */
export async function check({ dir, databaseUrl, secrets }: CheckOptions): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const evidence = await readEvidence(dir, client);
    await keepTables(evidence);
    return [
      ...acknowledged(evidence),
      ...numbers(evidence),
      ...sendings(evidence),
      ...transitions(evidence),
      ...(await auditChain(dir, client)),
      await logs(dir, secrets),
      answers(evidence),
      outgoing(evidence),
    ].sort((a, b) => orderOf(a.id) - orderOf(b.id));
  } finally {
    await client.end();
  }
}

/** INV-2 before INV-10; other rules behind. */
function orderOf(id: string): number {
  return id.startsWith('INV-') ? Number(id.slice('INV-'.length)) : Infinity;
}
