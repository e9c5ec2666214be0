import {
  isDocumentState,
  isEnvironment,
  type ListStuckQuery,
  type StuckDocument,
} from '@getupnet/contracts';
import { Pools } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** The row after which a page begins. */
export interface Place {
  readonly since: string;
  readonly id: string;
}

interface Row {
  readonly id: string;
  readonly tenantId: string;
  readonly environment: string;
  readonly tipo: number;
  readonly state: string;
  readonly since: Date;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly attempts: number;
  readonly faults: number;
  readonly starts: number;
  readonly lastError: string | null;
}

const COLUMNS = `id, tenant_id AS "tenantId", environment, tipo, state, created_at AS "createdAt",
  next_attempt_at AS "nextAttemptAt", attempts, faults, starts, last_error AS "lastError"`;

/** By kind: the moment since when a document is stuck, and which ones are. */
const KINDS = {
  dead_letter: { since: 'parked_at', stuck: 'parked_at IS NOT NULL' },
  waiting: {
    since: 'created_at',
    stuck: `parked_at IS NULL AND next_attempt_at IS NOT NULL
      AND created_at < now() - make_interval(mins => $6)`,
  },
} as const;

/** Documents of all tenants as the operator sees them: ids and states, nothing of their business. */
@Injectable()
export class StuckDocumentsRepository {
  constructor(private readonly pools: Pools) {}

  /** Longest stuck first. */
  async list(
    { stuck, minutes, tenantId, state }: ListStuckQuery,
    after: Place | null,
    limit: number,
  ): Promise<StuckDocument[]> {
    const kind = KINDS[stuck];
    const text = `
      SELECT ${COLUMNS}, ${kind.since} AS since FROM document
      WHERE ${kind.stuck}
        AND ($1::uuid IS NULL OR tenant_id = $1) AND ($2::text IS NULL OR state = $2)
        AND ($3::timestamptz IS NULL OR (${kind.since}, id) > ($3, $4::uuid))
      ORDER BY ${kind.since}, id LIMIT $5`;
    const values = [tenantId, state, after?.since, after?.id, limit].map((value) => value ?? null);
    if (stuck === 'waiting') values.push(minutes);
    const { rows } = await this.pools.query<Row>('platform_read', text, values);
    return rows.map(stuckDocument);
  }

  /** Null: the tenant has no such document. */
  async find(tenantId: string, id: string): Promise<StuckDocument | null> {
    const text = `
      SELECT ${COLUMNS}, COALESCE(parked_at, created_at) AS since FROM document
      WHERE tenant_id = $1 AND id = $2`;
    const { rows } = await this.pools.query<Row>('platform_read', text, [tenantId, id]);
    const [row] = rows;
    return row ? stuckDocument(row) : null;
  }
}

function stuckDocument({ environment, state, tipo, ...row }: Row): StuckDocument {
  if (!isDocumentState(state)) throw new Error(`unknown document state ${state}`);
  if (!isEnvironment(environment)) throw new Error(`unknown environment ${environment}`);
  return {
    ...row,
    environment,
    state,
    tipo: String(tipo),
    since: row.since.toISOString(),
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    links: { replay: `/admin/documents/${row.id}/replay` },
  };
}
