import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BatchDb } from '../db/batch-db.js';
import { GrowingStatement } from '../db/growing-statement.js';
import { GroupWriter } from '../group/group-writer.js';
import type { EmissionKey } from './emission-reader.types.js';

/** A document's columns as its tenant may see them; dates and amounts are texts. */
export interface DocumentColumns {
  readonly id: string;
  readonly environment: string;
  readonly encf: string;
  readonly tipo: number;
  readonly generation: number;
  readonly state: string;
  readonly route: string;
  readonly bodySha256: string;
  readonly issuerRnc: string;
  readonly buyerRnc: string | null;
  readonly montoTotal: string;
  /** `yyyy-MM-dd` */
  readonly fechaEmision: string;
  readonly fechaHoraFirma: string;
  /** `yyyy-MM-dd` */
  readonly artefactMonth: string;
  readonly codigoSeguridad: string | null;
  readonly findings: unknown;
  readonly trackId: string | null;
  readonly dgiiCodigo: string | null;
  readonly dgiiEstado: string | null;
  readonly dgiiMensajes: unknown;
  readonly secuenciaUtilizada: boolean | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const LOAD_DOCUMENTS = `
WITH keys AS (
  SELECT * FROM json_to_recordset($1::json) AS x(ord int, tenant_id uuid, id uuid)
)
SELECT k.ord, d.id, d.environment, d.encf, d.tipo, d.generation, d.state, d.route,
  d.body_sha256 AS "bodySha256", d.issuer_rnc AS "issuerRnc", d.buyer_rnc AS "buyerRnc",
  d.monto_total::text AS "montoTotal", to_char(d.fecha_emision, 'YYYY-MM-DD') AS "fechaEmision",
  d.fecha_hora_firma AS "fechaHoraFirma",
  to_char(d.artefact_month, 'YYYY-MM-DD') AS "artefactMonth",
  d.codigo_seguridad AS "codigoSeguridad", d.findings, d.track_id AS "trackId",
  d.dgii_codigo AS "dgiiCodigo", d.dgii_estado AS "dgiiEstado", d.dgii_mensajes AS "dgiiMensajes",
  d.secuencia_utilizada AS "secuenciaUtilizada", d.created_at AS "createdAt",
  d.updated_at AS "updatedAt"
FROM keys k JOIN document d ON d.tenant_id = k.tenant_id AND d.id = k.id`;

/** Reads single documents for answers; those asked for at the same time share one query. */
@Injectable()
export class DocumentReader implements OnApplicationShutdown {
  private readonly statement = new GrowingStatement('load-documents', LOAD_DOCUMENTS);
  private readonly group: GroupWriter<EmissionKey, DocumentColumns | null>;

  constructor(private readonly db: BatchDb) {
    this.group = new GroupWriter({
      name: 'document-reader',
      partyOf: ({ tenantId }) => tenantId,
      lanes: 2,
      execute: (keys) => this.execute(keys),
    });
  }

  /** The document as it is now, or null when the tenant has none of this id. */
  load(key: EmissionKey): Promise<DocumentColumns | null> {
    return this.group.submit(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.group.drain();
  }

  private async execute(keys: readonly EmissionKey[]): Promise<(DocumentColumns | null)[]> {
    const input = keys.map((key, ord) => ({ ord, tenant_id: key.tenantId, id: key.documentId }));
    const { rows } = await this.db.one<DocumentColumns & { ord: number }>(
      keys.map((key) => key.tenantId),
      this.statement.query([JSON.stringify(input)], keys.length),
    );
    const found = new Map(rows.map(({ ord, ...columns }) => [ord, columns]));
    return keys.map((_, ord) => found.get(ord) ?? null);
  }
}
