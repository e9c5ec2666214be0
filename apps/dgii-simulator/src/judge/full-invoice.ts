import type { Environment } from '@getupnet/contracts';
import { isRfceRoute, toRfce, validate, type EcfDocument } from '@getupnet/ecf';
import { decimal } from '@getupnet/kernel';
import type { Settings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import { isAccepted, type DocumentFacts, type Verdict } from '../state/verdict.js';
import { verdictOn } from './content.js';
import { mayActFor } from './delegation.js';
import { detached, summaryAmounts } from './facts.js';
import { ACCEPTED, REJECTIONS, mismatches } from './rejections.data.js';
import { treeOf, type SignedReader } from './signed-reader.js';

export interface FullInvoiceVerdict {
  /** Null when the file could not be read as far as its number. */
  readonly encf: string | null;
  /** Accepted: codigo 1 or 4; the reasons of a 2 are in its mensajes. */
  readonly verdict: Verdict;
}

interface FullInvoiceParts {
  readonly environment: Environment;
  readonly settings: Settings;
  readonly reader: SignedReader;
  readonly store: DocumentStore;
}

/** What a summary and its invoice state alike beside the amounts. */
const SHARED = ['fechaEmision', 'rncComprador', 'idExtranjero'] as const;
const FIELD_OF = {
  fechaEmision: 'FechaEmision',
  rncComprador: 'RNCComprador',
  idExtranjero: 'IdentificadorExtranjero',
} as const;

/**
 * The full type 32 below 250,000 that is uploaded after its summary was accepted: DGII never takes
 * it by reception, the certification portal wants the very bytes whose code the summary carries.
 *
 * `new FullInvoiceJudge({ environment, settings, reader, store }).judge(bytes, rncEmisor)` answers
 * `{ encf, verdict: { codigo, mensajes, secuenciaUtilizada } }`; nothing is recorded.
 */
export class FullInvoiceJudge {
  constructor(private readonly parts: FullInvoiceParts) {}

  judge(bytes: Buffer, rnc: string): FullInvoiceVerdict {
    const { environment, settings, reader } = this.parts;
    const now = settings.clock.now();
    const reading = reader.read(bytes, 'ECF', { environment, now });
    if (reading.kind === 'unreadable') return unread(REJECTIONS.unreadable);
    if (reading.kind === 'schema') return unread(REJECTIONS.schema(reading.detail));
    if (reading.kind !== 'signed') return unread(REJECTIONS[reading.kind]);
    const { certificate, codigoSeguridad } = reading.signed;
    const document = treeOf<EcfDocument>(reading.signed);
    if (document === undefined) return unread(REJECTIONS.structure);
    const { IdDoc, Emisor } = document.Encabezado;
    const { encf } = detached({ encf: IdDoc.eNCF });
    const told = (verdict: Verdict): FullInvoiceVerdict => ({ encf, verdict });
    if (Emisor.RNCEmisor !== rnc) return told(REJECTIONS.otherIssuer);
    if (!mayActFor(rnc, certificate.holder?.id, settings.environments[environment])) {
      return told(REJECTIONS.notDelegated);
    }
    if (!isRfceRoute(document)) return told(REJECTIONS.noSummaryRoute);
    return told(
      this.againstSummary(document, codigoSeguridad) ??
        verdictOn(validate(document), document) ??
        ACCEPTED,
    );
  }

  private againstSummary(document: EcfDocument, code: string): Verdict | undefined {
    const { environment, settings, store } = this.parts;
    const { IdDoc, Emisor } = document.Encabezado;
    const atMs = settings.clock.now().getTime();
    const found = store.visible(environment, Emisor.RNCEmisor, IdDoc.eNCF, atMs);
    const facts = found?.facts;
    if (found === undefined || facts?.route !== 'rfce' || !isAccepted(found.delivery.verdict)) {
      return REJECTIONS.noSummary;
    }
    const fields = [...differences(document, facts, code)];
    return fields.length === 0 ? undefined : mismatches(fields);
  }
}

/** Fields in which an invoice is not what its summary said, to the cent. */
function* differences(
  document: EcfDocument,
  facts: DocumentFacts,
  code: string,
): Generator<string> {
  if (facts.codigoSeguridad !== code) yield 'CodigoSeguridadeCF';
  const summary = toRfce(document, code).Encabezado;
  const own = {
    fechaEmision: summary.Emisor.FechaEmision,
    rncComprador: summary.Comprador.RNCComprador ?? null,
    idExtranjero: summary.Comprador.IdentificadorExtranjero ?? null,
  };
  for (const name of SHARED) if (own[name] !== facts[name]) yield FIELD_OF[name];
  const amounts = summaryAmounts(summary.Totales);
  const told = facts.resumen ?? {};
  for (const name of new Set([...Object.keys(told), ...Object.keys(amounts)])) {
    if (!decimal(told[name] ?? '0').equals(amounts[name] ?? '0')) yield name;
  }
}

const unread = (verdict: Verdict): FullInvoiceVerdict => ({ encf: null, verdict });
