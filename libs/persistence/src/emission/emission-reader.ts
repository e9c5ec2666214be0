import { isDocumentState, isEnvironment } from '@getupnet/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { BatchDb } from '../db/batch-db.js';
import { GrowingStatement } from '../db/growing-statement.js';
import { GroupWriter } from '../group/group-writer.js';
import { LOAD_EMISSION } from './emission-reader.sql.js';
import type { EmissionKey, EmissionRow } from './emission-reader.types.js';

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
  artefact_month: string;
  codigo_seguridad: string | null;
  track_id: string | null;
  attempts: number;
  lease_epoch: string;
  leased: boolean;
  parked: boolean;
  sending_for_ms: string | null;
  bodies: Record<string, string> | null;
}

/** Loads documents for the stages, several requests in one query. */
@Injectable()
export class EmissionReader implements OnApplicationShutdown {
  private readonly statement = new GrowingStatement('load-emission', LOAD_EMISSION);
  private readonly group: GroupWriter<EmissionKey, EmissionRow | null>;

  constructor(private readonly db: BatchDb) {
    this.group = new GroupWriter({
      name: 'emission-reader',
      lanes: 2,
      execute: (keys) => this.execute(keys),
    });
  }

  /** The document as it is now, or null when the tenant has none of this id. */
  load(key: EmissionKey): Promise<EmissionRow | null> {
    return this.group.submit(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  private execute(keys: readonly EmissionKey[]): Promise<(EmissionRow | null)[]> {
    const input = keys.map((key, ord) => ({ ord, tenant_id: key.tenantId, id: key.documentId }));
    return this.db.run(
      keys.map((key) => key.tenantId),
      async (client: PoolClient) => {
        const query = this.statement.query([JSON.stringify(input)], keys.length);
        const { rows } = await client.query<Row>(query);
        const found = new Map(rows.map((row) => [row.ord, emissionRow(row)]));
        return keys.map((_, ord) => found.get(ord) ?? null);
      },
    );
  }
}

function emissionRow(row: Row): EmissionRow {
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
    artefactMonth: row.artefact_month,
    codigoSeguridad: row.codigo_seguridad,
    trackId: row.track_id,
    attempts: row.attempts,
    epoch: Number(row.lease_epoch),
    leased: row.leased,
    parked: row.parked,
    sendingForMs: row.sending_for_ms === null ? null : Number(row.sending_for_ms),
    bodies: row.bodies ?? {},
  };
}
