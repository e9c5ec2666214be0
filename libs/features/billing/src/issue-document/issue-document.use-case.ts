import { Injectable } from '@nestjs/common';
import type { EmitRequest } from '@getupnet/contracts';
import {
  AppError,
  Clock,
  dominicanDate,
  isAppError,
  isDependencyAway,
  isoDateOf,
  newId,
} from '@getupnet/kernel';
import type { AcceptOutcome } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import type { PaperClaim } from '../contingency/paper/paper.repository.js';
import type { DocumentView } from '../documents/document-view.js';
import { StoredDocuments } from '../documents/stored-documents.js';
import type { Place } from '../emission/near-workers.js';
import { draftDocument, keptFinding, refuseOn, type DocumentDraft } from './document-draft.js';
import { Gates } from './gates.js';
import { acceptRow, viewOfAccepted } from './accept-row.js';
import { DocumentIntake, type IntakeRow } from './intake.js';
import { fingerprint } from './prepared-document.js';
import { issuerOf } from './issuer.js';
import { assertMayIssue } from './may-issue.js';
import { ReferencePolicy, type Prescription } from './reference-policy.js';

export interface IssueCommand {
  readonly request: EmitRequest;
  readonly idempotencyKey: string;
  /** The caller stays for the verdict. */
  readonly waits: boolean;
}

export interface Issued {
  readonly document: DocumentView;
  readonly replayed: boolean;
  /** Settles once this process drove the document as far as it could; null when others do. */
  readonly driven: Promise<void> | null;
}

interface Prepared {
  readonly row: IntakeRow;
  /** The paper number it took for itself. */
  readonly claim: PaperClaim | null;
}

/** POST → a numbered, committed document, exactly once for each idempotency key. */
@Injectable()
export class IssueDocument {
  /** Keys being committed by this process right now, as `tenant|key`. */
  private readonly committing = new Set<string>();

  constructor(
    private readonly intake: DocumentIntake,
    private readonly references: ReferencePolicy,
    private readonly gates: Gates,
    private readonly stored: StoredDocuments,
    private readonly clock: Clock,
  ) {}

  async run(tenant: TenantContext, command: IssueCommand): Promise<Issued> {
    const slot = `${tenant.tenantId}|${command.idempotencyKey}`;
    if (this.committing.has(slot)) throw new AppError('idempotency.in_progress');
    this.committing.add(slot);
    const place = command.waits ? this.intake.reserve(tenant.tenantId) : null;
    try {
      return await this.issue(tenant, command, place);
    } finally {
      place?.release();
      this.committing.delete(slot);
    }
  }

  private async issue(
    tenant: TenantContext,
    command: IssueCommand,
    place: Place | null,
  ): Promise<Issued> {
    const bodySha256 = fingerprint(command.request);
    if (await this.gates.audit.isClosed()) return this.onlyReplay(tenant, command, bodySha256);
    let prepared: Prepared;
    try {
      prepared = await this.prepare(tenant, command, bodySha256);
    } catch (error) {
      // A repeat is answered with its document even if the same body would be refused today.
      if (!isAppError(error) || isDependencyAway(error)) throw error;
      const earlier = await this.stored.byKey(tenant, command.idempotencyKey);
      if (!earlier) throw error;
      return replay(earlier, tenant, bodySha256);
    }
    const { row, claim } = prepared;
    const actor = `billing:request:${tenant.requestId}`;
    const { outcome, driven } = await this.intake.accept(row, place, actor);
    if (outcome.kind === 'accepted') {
      return { document: viewOfAccepted(row, outcome), replayed: false, driven };
    }
    // Only once it is sure; the claim of an attempt that failed is taken up by its repeat.
    if (claim !== null) await this.references.papers.giveBack(tenant, claim);
    if (outcome.kind === 'replayed') {
      return replay(await this.stored.byId(tenant, outcome.documentId), tenant, bodySha256);
    }
    throw refusalOf(outcome, row);
  }

  /** While the audit is too far behind nothing new is accepted; a repeat still has its answer. */
  private async onlyReplay(
    tenant: TenantContext,
    { idempotencyKey }: IssueCommand,
    bodySha256: string,
  ): Promise<Issued> {
    const earlier = await this.stored.byKey(tenant, idempotencyKey);
    if (earlier) return replay(earlier, tenant, bodySha256);
    throw new AppError('dependency.unavailable', { dependency: 'audit' });
  }

  private async prepare(
    tenant: TenantContext,
    { request, idempotencyKey }: IssueCommand,
    bodySha256: string,
  ): Promise<Prepared> {
    const now = this.clock.now();
    const draft = draftDocument(request.ECF, { issuer: issuerOf(tenant), now });
    refuseOn(draft.findings);
    const { document, xml } = draft;
    if (!document || xml === null) throw new Error('a document without errors has its XML');
    assertMayIssue(tenant, document);
    const prescription = await this.prescription(tenant, request, draft);
    await this.gates.certificates.check(tenant.tenantId);
    const reference = await this.references.decide(tenant, document, idempotencyKey);
    const stateFindings = reference.finding ? [reference.finding] : [];
    refuseOn(stateFindings);
    const documentId = newId();
    const { replaces } = reference;
    const claim =
      replaces === null
        ? null
        : await this.references.papers.take(tenant, replaces, { documentId, key: idempotencyKey });
    const row = acceptRow({
      tenant,
      id: claim?.documentId ?? documentId,
      eventId: newId(),
      document,
      xml,
      request,
      idempotencyKey,
      bodySha256,
      heldBy: reference.heldBy,
      prescription,
      statedExpiry: draft.statedExpiry,
      today: isoDateOf(dominicanDate(now)),
      findings: [...draft.findings, ...stateFindings].map(keptFinding),
    });
    return { row, claim };
  }

  /** The number this document must take, if anybody may say so (certification sets prescribe numbers). */
  private async prescription(
    tenant: TenantContext,
    request: EmitRequest,
    draft: DocumentDraft,
  ): Promise<Prescription | null> {
    const { statedEncf, document } = draft;
    if (request.corrects !== undefined) {
      const tipo = document?.Encabezado.IdDoc.TipoeCF ?? '';
      const prescription = await this.references.correction(tenant, request.corrects, tipo);
      if (statedEncf !== null && statedEncf !== prescription.encf) {
        throw new AppError('sequence.not_assignable', {
          encf: statedEncf,
          reason: `la corrección toma el número ${prescription.encf}`,
        });
      }
      return prescription;
    }
    if (statedEncf === null) return null;
    if (tenant.environment === 'ecf') {
      throw new AppError('sequence.not_assignable', {
        encf: statedEncf,
        reason: 'en producción la plataforma asigna el número; omita eNCF',
      });
    }
    return { encf: statedEncf, generation: 1 };
  }
}

/**
 * The document a key stands for. One of another environment is none for who asks now: a test's answer
 * would pass for a sale that was issued.
 */
function replay(
  document: DocumentView,
  { environment }: TenantContext,
  bodySha256: string,
): Issued {
  const isSame = document.environment === environment && document.bodySha256 === bodySha256;
  if (!isSame) throw new AppError('idempotency.key_reused');
  return { document, replayed: true, driven: null };
}

function refusalOf(
  outcome: Exclude<AcceptOutcome, { kind: 'accepted' | 'replayed' }>,
  row: IntakeRow,
): AppError {
  const tipo = String(row.tipo);
  const encf = row.statedEncf ?? '';
  switch (outcome.kind) {
    case 'duplicate_reference':
      return new AppError('document.duplicate_reference', { externalRef: row.externalRef ?? '' });
    case 'encf_used':
      return new AppError('sequence.used', { encf });
    case 'encf_voided':
      return new AppError('sequence.voided', { encf });
    case 'not_in_range':
      return new AppError('sequence.not_assignable', {
        encf,
        reason: 'no está en un rango registrado en /tenant/sequences',
      });
    case 'expiry_mismatch':
      return new AppError('sequence.not_assignable', {
        encf: encf === '' ? `del tipo ${tipo}` : encf,
        reason: `FechaVencimientoSecuencia debe ser la del rango (${outcome.expiresOn ?? 'ninguna'})`,
      });
    case 'no_number':
      return outcome.expiredOn === null
        ? new AppError('sequence.exhausted', { tipo, environment: row.environment })
        : new AppError('sequence.expired', { tipo, expiresOn: outcome.expiredOn });
  }
}
