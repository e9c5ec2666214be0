import type { EmitRequest, FindingResource, TipoEcfCode } from '@getupnet/contracts';
import { isRfceRoute, type EcfDocument } from '@getupnet/ecf';
import { decimal, isoDateOf, moneyText } from '@getupnet/kernel';
import type { AcceptOutcome } from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import type { DocumentView } from '../documents/document-view.js';
import { UNSIGNED, type EmissionDocument } from '../emission/emission-document.js';
import type { IntakeRow } from './intake.js';
import { numbered, numberSlots } from './prepared-document.js';
import type { Prescription } from './reference-policy.js';

type Accepted = Extract<AcceptOutcome, { kind: 'accepted' }>;

export interface Acceptable {
  readonly tenant: TenantContext;
  readonly id: string;
  readonly eventId: string;
  readonly document: EcfDocument;
  readonly xml: string;
  readonly request: EmitRequest;
  readonly idempotencyKey: string;
  readonly bodySha256: string;
  readonly heldBy: string | null;
  readonly prescription: Prescription | null;
  /** `dd-MM-yyyy` */
  readonly statedExpiry: string | null;
  /** `yyyy-MM-dd` */
  readonly today: string;
  readonly findings: readonly FindingResource[];
}

/** The row the accept writer commits. */
export function acceptRow(input: Acceptable): IntakeRow {
  const { tenant, document, request, prescription } = input;
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  const slots = numberSlots(input.xml);
  return {
    tenantId: tenant.tenantId,
    id: input.id,
    environment: tenant.environment,
    tipo: Number(IdDoc.TipoeCF),
    route: isRfceRoute(document) ? 'rfce' : 'ecf',
    state: input.heldBy === null ? 'QUEUED' : 'HELD',
    heldBy: input.heldBy,
    idempotencyKey: input.idempotencyKey,
    bodySha256: input.bodySha256,
    externalRef: request.externalRef ?? null,
    branch: request.branch ?? null,
    corrects: request.corrects ?? null,
    generation: prescription?.generation ?? 1,
    statedEncf: prescription?.encf ?? null,
    statedExpiry: input.statedExpiry === null ? null : isoDateOf(input.statedExpiry),
    issuerRnc: Emisor.RNCEmisor,
    buyerRnc: Comprador?.RNCComprador ?? null,
    buyerName: Comprador?.RazonSocialComprador ?? null,
    montoTotal: moneyText(decimal(Totales.MontoTotal)),
    fechaEmision: isoDateOf(Emisor.FechaEmision),
    fechaHoraFirma: document.FechaHoraFirma,
    artefactMonth: `${input.today.slice(0, 7)}-01`,
    today: input.today,
    xmlHead: slots.head,
    xmlMiddle: slots.middle,
    xmlTail: slots.tail,
    findings: input.findings,
    actor: actorText(tenant.actor),
    eventId: input.eventId,
  };
}

/** The accepted document as a worker would read it back. */
export function emissionOfAccepted(
  row: IntakeRow,
  { encf, expiresOn, createdAt }: Accepted,
): EmissionDocument {
  const slots = { head: row.xmlHead, middle: row.xmlMiddle, tail: row.xmlTail };
  return {
    tenantId: row.tenantId,
    id: row.id,
    environment: row.environment,
    tipo: String(row.tipo),
    encf,
    generation: row.generation,
    state: row.state,
    route: row.route,
    heldBy: row.heldBy,
    heldByState: null,
    heldByEncf: null,
    issuerRnc: row.issuerRnc,
    buyerRnc: row.buyerRnc,
    artefactMonth: row.artefactMonth,
    codigoSeguridad: null,
    trackId: null,
    contingencyId: null,
    attempts: 0,
    epoch: 0,
    leased: false,
    parked: false,
    handOvers: 0,
    faults: 0,
    starts: 0,
    createdAt,
    sendingForMs: null,
    earlierTrackIds: [],
    bodies: { [UNSIGNED]: numbered(slots, encf, expiresOn) },
  };
}

/** What the caller is told before anything else happens to the document. */
export function viewOfAccepted(row: IntakeRow, outcome: Accepted): DocumentView {
  return {
    id: row.id,
    environment: row.environment,
    encf: outcome.encf,
    tipo: String(row.tipo) as TipoEcfCode,
    generation: row.generation,
    state: row.state,
    route: row.route,
    bodySha256: row.bodySha256,
    issuerRnc: row.issuerRnc,
    buyerRnc: row.buyerRnc,
    montoTotal: row.montoTotal,
    fechaEmision: row.fechaEmision,
    fechaHoraFirma: row.fechaHoraFirma,
    artefactMonth: row.artefactMonth,
    codigoSeguridad: null,
    findings: row.findings as readonly FindingResource[],
    trackId: null,
    dgiiCodigo: null,
    dgiiEstado: null,
    dgiiMensajes: [],
    secuenciaUtilizada: null,
    createdAt: outcome.createdAt,
    updatedAt: outcome.createdAt,
  };
}
