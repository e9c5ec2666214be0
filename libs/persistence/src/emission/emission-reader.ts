import { isDocumentState, isEnvironment } from '@getupnet/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { BatchDb } from '../db/batch-db.js';
import { GrowingStatement } from '../db/growing-statement.js';
import { GroupWriter } from '../group/group-writer.js';
import { LOAD_BODIES, LOAD_EMISSION, SENDING_HISTORY } from './emission-reader.sql.js';
import type { EmissionKey, EmissionRow, SendingHistory } from './emission-reader.types.js';

interface Row {
  ord: number;
  tenant_id: string;
  id: string;
  environment: string;
  tipo: number;
  encf: string;
  generation: number;
  state: string;
  route: string;
  held_by: string | null;
  held_by_state: string | null;
  issuer_rnc: string;
  buyer_rnc: string | null;
  held_by_encf: string | null;
  artefact_month: string;
  codigo_seguridad: string | null;
  track_id: string | null;
  contingency_id: string | null;
  attempts: number;
  lease_epoch: string;
  created_at: Date;
  leased: boolean;
  parked: boolean;
  hand_overs: number;
  faults: number;
  starts: number;
  sending_for_ms: string | null;
  earlier_track_ids: string[] | null;
}

/** Loads documents for the stages, several requests in one query. */
@Injectable()
export class EmissionReader implements OnApplicationShutdown {
  private readonly statement = new GrowingStatement('load-emission', LOAD_EMISSION);
  private readonly bodyStatement = new GrowingStatement('load-bodies', LOAD_BODIES);
  private readonly group: GroupWriter<EmissionKey, EmissionRow | null>;

  constructor(private readonly db: BatchDb) {
    this.group = new GroupWriter({
      name: 'emission-reader',
      partyOf: ({ tenantId }) => tenantId,
      lanes: 2,
      execute: (keys) => this.execute(keys),
    });
  }

  /** The document as it is now, or null when the tenant has none of this id. */
  load(key: EmissionKey): Promise<EmissionRow | null> {
    return this.group.submit(key);
  }

  /** Asked only when DGII says that a number is taken. */
  sendingHistory({ tenantId, documentId }: EmissionKey): Promise<SendingHistory> {
    return this.db.run([tenantId], async (client) => {
      const { rows } = await client.query<SendingHistory>(SENDING_HISTORY, [tenantId, documentId]);
      return rows[0] ?? { unanswered: false, echoed: false };
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  /** Bodies by the row's place, of the rows whose next stage needs one. */
  private async bodies(
    client: PoolClient,
    rows: readonly Row[],
  ): Promise<Map<number, Record<string, string>>> {
    const wanted = rows.flatMap((row) => {
      const kind = bodyKind(row);
      if (kind === null) return [];
      return [{ ord: row.ord, tenant_id: row.tenant_id, id: row.id, kind }];
    });
    if (wanted.length === 0) return new Map();
    const months = [...new Set(rows.map((row) => row.artefact_month))];
    const query = this.bodyStatement.query([JSON.stringify(wanted), months], wanted.length);
    const result = await client.query<{ ord: number; kind: string; body: string }>(query);
    return new Map(result.rows.map(({ ord, kind, body }) => [ord, { [kind]: body }]));
  }

  private execute(keys: readonly EmissionKey[]): Promise<(EmissionRow | null)[]> {
    const input = keys.map((key, ord) => ({ ord, tenant_id: key.tenantId, id: key.documentId }));
    return this.db.run(
      keys.map((key) => key.tenantId),
      async (client: PoolClient) => {
        const query = this.statement.query([JSON.stringify(input)], keys.length);
        const { rows } = await client.query<Row>(query);
        const bodies = await this.bodies(client, rows);
        const found = new Map(
          rows.map((row) => [row.ord, emissionRow(row, bodies.get(row.ord) ?? {})]),
        );
        return keys.map((_, ord) => found.get(ord) ?? null);
      },
    );
  }
}

/** What the next stage reads: the unsigned body before signing, the outgoing one before sending. */
function bodyKind(row: Row): string | null {
  if (row.state === 'QUEUED' || row.state === 'HELD') return 'unsigned';
  if (!BEFORE_SENDING.has(row.state)) return null;
  return row.route === 'rfce' ? 'rfce' : 'signed';
}

const BEFORE_SENDING: ReadonlySet<string> = new Set([
  'SIGNED',
  'CONTINGENCY',
  'DEFERRED',
  'SENDING',
  'UNKNOWN',
]);

function emissionRow(row: Row, bodies: Readonly<Record<string, string>>): EmissionRow {
  if (!isDocumentState(row.state)) throw new Error(`unknown document state ${row.state}`);
  if (!isEnvironment(row.environment)) throw new Error(`unknown environment ${row.environment}`);
  const heldByState = row.held_by_state;
  return {
    tenantId: row.tenant_id,
    id: row.id,
    environment: row.environment,
    tipo: String(row.tipo),
    encf: row.encf,
    generation: row.generation,
    state: row.state,
    route: row.route === 'rfce' ? 'rfce' : 'ecf',
    heldBy: row.held_by,
    heldByState: heldByState !== null && isDocumentState(heldByState) ? heldByState : null,
    issuerRnc: row.issuer_rnc,
    buyerRnc: row.buyer_rnc,
    heldByEncf: row.held_by_encf,
    artefactMonth: row.artefact_month,
    codigoSeguridad: row.codigo_seguridad,
    trackId: row.track_id,
    contingencyId: row.contingency_id,
    attempts: row.attempts,
    epoch: Number(row.lease_epoch),
    leased: row.leased,
    parked: row.parked,
    handOvers: row.hand_overs,
    faults: row.faults,
    starts: row.starts,
    createdAt: row.created_at,
    sendingForMs: row.sending_for_ms === null ? null : Number(row.sending_for_ms),
    earlierTrackIds: row.earlier_track_ids ?? [],
    bodies,
  };
}
