import { Injectable } from '@nestjs/common';
import type { EcfDocument } from '@getupnet/ecf';
import { isFinalState, type DocumentState, type FindingResource } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { TenantDb } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { PaperReplacements, replacedPaper } from '../contingency/paper/paper-replacements.js';
import { DocumentsRepository } from '../documents/documents.repository.js';
import { SequencesRepository } from '../sequences/sequences.repository.js';

export interface ReferenceDecision {
  /** The document of ours the note waits for; null when it may go at once. */
  readonly heldBy: string | null;
  /** The paper number it replaces. */
  readonly replaces: string | null;
  readonly finding: StateFinding | null;
}

/** A finding about what exists, not about what the document says. */
export type StateFinding = FindingResource;

export interface Prescription {
  readonly encf: string;
  readonly generation: number;
}

/** Code of the finding about a reference that was rejected or voided. */
export const REFERENCE_ENDED = 'BIL-REF-01';

const REFERENCE_PATH = '/InformacionReferencia/NCFModificado';
const NOTES: ReadonlySet<string> = new Set(['33', '34']);

/** What a document says about others: the invoice a note modifies, the rejected one it corrects. */
@Injectable()
export class ReferencePolicy {
  constructor(
    private readonly db: TenantDb,
    private readonly documents: DocumentsRepository,
    private readonly sequences: SequencesRepository,
    readonly papers: PaperReplacements,
  ) {}

  /**
   * Rejects with `reference.not_found` for a number of ours that was never issued (DGII: 614). `key`: of
   * the request, null when it is to become no document.
   */
  async decide(
    tenant: TenantContext,
    document: EcfDocument,
    key: string | null,
  ): Promise<ReferenceDecision> {
    const replaces = replacedPaper(document);
    if (replaces !== null) {
      const finding = await this.papers.check(tenant, document, replaces, key);
      return { heldBy: null, replaces, finding };
    }
    const reference = document.InformacionReferencia;
    if (!reference || !NOTES.has(document.Encabezado.IdDoc.TipoeCF)) return PASS;
    const encf = reference.NCFModificado ?? '';
    if (reference.RNCOtroContribuyente !== undefined || !/^E\d{12}$/.test(encf)) {
      return { ...PASS, finding: outsideOurs(encf) };
    }
    return this.db.run(tenant, async (tx) => {
      const found = await this.documents.findByEncf(tx, tenant.environment, encf);
      if (found) return ofState(found.id, found.state, encf);
      if (await this.sequences.covers(tx, tenant.environment, encf)) {
        throw new AppError('reference.not_found', { encf });
      }
      return { ...PASS, finding: outsideOurs(encf) };
    });
  }

  /**
   * The number a correction takes: its rejected predecessor's, as the next generation. Rejects with
   * `resource.not_found`, or `document.state` when DGII did not free the number.
   */
  async correction(tenant: TenantContext, corrects: string, tipo: string): Promise<Prescription> {
    const previous = await this.db.run(tenant, (tx) => this.documents.find(tx, corrects));
    const freed =
      previous.state === 'VOIDED' ||
      (previous.state === 'REJECTED' && previous.secuenciaUtilizada === false);
    if (!freed || previous.environment !== tenant.environment) {
      throw new AppError('document.state', { state: previous.state });
    }
    if (previous.tipo !== tipo) {
      throw new AppError('sequence.not_assignable', {
        encf: previous.encf,
        reason: `el documento corregido es del tipo ${previous.tipo}`,
      });
    }
    return { encf: previous.encf, generation: previous.generation + 1 };
  }
}

const PASS: ReferenceDecision = { heldBy: null, replaces: null, finding: null };

function ofState(id: string, state: DocumentState, encf: string): ReferenceDecision {
  if (!isFinalState(state)) return { ...PASS, heldBy: id };
  if (state !== 'REJECTED' && state !== 'VOIDED') return PASS;
  return {
    ...PASS,
    finding: {
      code: REFERENCE_ENDED,
      path: REFERENCE_PATH,
      severity: 'error',
      message: `El comprobante ${encf} fue rechazado o anulado y no puede modificarse.`,
      fix: 'Emita de nuevo el comprobante y haga la nota sobre el que la DGII acepte.',
    },
  };
}

function outsideOurs(encf: string): StateFinding {
  return {
    code: 'BIL-REF-02',
    path: REFERENCE_PATH,
    severity: 'warning',
    message: `El comprobante ${encf} no fue emitido en esta plataforma; no se puede comprobar.`,
    fix: 'Verifique el número: la DGII rechaza (614) una referencia que no conoce.',
  };
}
