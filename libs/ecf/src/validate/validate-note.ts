import { Findings, type Finding } from '../findings/finding.js';
import type { EcfDocument } from '../model/index.js';
import { CENT, abs, money, moneyText, ZERO, type Money } from '../money.js';

/** What is known of the document that a note modifies. */
export interface ModifiedDocument {
  readonly original: EcfDocument;
  /** Notes on it that DGII accepted before, in any order. */
  readonly earlier?: readonly EcfDocument[];
}

const REFERENCE = '/InformacionReferencia';
const MONTO_TOTAL = '/Encabezado/Totales/MontoTotal';

/**
 * A note (33, 34) against the document it modifies: what `validate` cannot see (Formato e-CF V1.0,
 * pp. 26, 57-58; rules in force since 23-09-2025).
 */
export function validateNote(note: EcfDocument, modified: ModifiedDocument): readonly Finding[] {
  const findings = new Findings();
  checkReferred(note, modified.original, findings);
  checkBuyer(note, modified.original, findings);
  checkBalance(note, modified, findings);
  return findings.list;
}

const totalOf = (document: EcfDocument): Money =>
  money(document.Encabezado.Totales.MontoTotal) ?? ZERO;

function checkReferred(note: EcfDocument, original: EcfDocument, findings: Findings): void {
  const reference = note.InformacionReferencia;
  const { IdDoc, Emisor } = original.Encabezado;
  const stated = reference?.NCFModificado ?? '';
  if (stated !== IdDoc.eNCF) {
    findings.add('ECF-NOT-14', `${REFERENCE}/NCFModificado`, { stated, own: IdDoc.eNCF });
  }
  const date = reference?.FechaNCFModificado ?? '';
  if (date !== Emisor.FechaEmision) {
    const params = { stated: date, own: Emisor.FechaEmision };
    findings.add('ECF-NOT-15', `${REFERENCE}/FechaNCFModificado`, params);
  }
  const own = Emisor.RNCEmisor;
  const explained = reference?.RNCOtroContribuyente === own;
  if (own !== note.Encabezado.Emisor.RNCEmisor && !explained) {
    findings.add('ECF-NOT-17', `${REFERENCE}/RNCOtroContribuyente`, { own });
  }
}

function checkBuyer(note: EcfDocument, original: EcfDocument, findings: Findings): void {
  const [stated, own] = [note, original].map(({ Encabezado: { Comprador } }) => {
    return Comprador?.RNCComprador ?? Comprador?.IdentificadorExtranjero;
  });
  if (own === undefined || stated === own) return;
  const params = { stated: stated ?? 'sin indicar', own };
  findings.add('ECF-NOT-16', '/Encabezado/Comprador/RNCComprador', params);
}

/** What earlier notes left of the document: debit notes add, credit notes take. */
function checkBalance(
  note: EcfDocument,
  { original, earlier = [] }: ModifiedDocument,
  findings: Findings,
): void {
  const { eNCF } = original.Encabezado.IdDoc;
  const annulment = earlier.find((one) => one.InformacionReferencia?.CodigoModificacion === '1');
  if (annulment) {
    const params = { own: eNCF, note: annulment.Encabezado.IdDoc.eNCF };
    findings.add('ECF-NOT-18', `${REFERENCE}/NCFModificado`, params);
    return;
  }
  if (note.Encabezado.IdDoc.TipoeCF !== '34') return;
  const left = earlier.reduce(
    (sum, one) => (one.Encabezado.IdDoc.TipoeCF === '33' ? sum + totalOf(one) : sum - totalOf(one)),
    totalOf(original),
  );
  const total = totalOf(note);
  const params = {
    total: moneyText(total),
    original: moneyText(totalOf(original)),
    balance: moneyText(left),
  };
  if (total > left + CENT) findings.add('ECF-NOT-20', MONTO_TOTAL, params);
  else if (note.InformacionReferencia?.CodigoModificacion === '1') {
    if (abs(total - left) > CENT) findings.add('ECF-NOT-19', MONTO_TOTAL, params);
  }
}
