import {
  dgiiMessageSchema,
  findingSchema,
  isDocumentState,
  isEnvironment,
  type Environment,
  type FindingResource,
  type TipoEcfCode,
} from '@getupnet/contracts';
import type { DocumentColumns } from '@getupnet/persistence';
import { z } from 'zod';
import type { DocumentView } from './document-view.js';

const findings = z.array(findingSchema);
const messages = z.array(dgiiMessageSchema);

export function findingsOf(column: unknown): FindingResource[] {
  return findings.parse(column ?? []);
}

export function messagesOf(column: unknown): { codigo: string; valor: string }[] {
  return messages.parse(column ?? []);
}

export function asEnvironment(column: string): Environment {
  if (!isEnvironment(column)) throw new Error(`unknown environment ${column}`);
  return column;
}

/** Database columns → view; refuses what the constraints of the table exclude. */
export function viewOf(columns: DocumentColumns): DocumentView {
  const { state } = columns;
  if (!isDocumentState(state)) throw new Error(`unknown document state ${state}`);
  return {
    id: columns.id,
    environment: asEnvironment(columns.environment),
    encf: columns.encf,
    tipo: String(columns.tipo) as TipoEcfCode,
    generation: columns.generation,
    state,
    route: columns.route === 'rfce' ? 'rfce' : 'ecf',
    bodySha256: columns.bodySha256,
    issuerRnc: columns.issuerRnc,
    buyerRnc: columns.buyerRnc,
    montoTotal: columns.montoTotal,
    fechaEmision: columns.fechaEmision,
    fechaHoraFirma: columns.fechaHoraFirma,
    artefactMonth: columns.artefactMonth,
    codigoSeguridad: columns.codigoSeguridad,
    findings: findingsOf(columns.findings),
    trackId: columns.trackId,
    dgiiCodigo: columns.dgiiCodigo,
    dgiiEstado: columns.dgiiEstado,
    dgiiMensajes: messagesOf(columns.dgiiMensajes),
    secuenciaUtilizada: columns.secuenciaUtilizada,
    createdAt: columns.createdAt,
    updatedAt: columns.updatedAt,
  };
}
