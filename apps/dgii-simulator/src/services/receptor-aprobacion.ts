import { validateAs, type AcecfDocument } from '@getupnet/ecf';
import { textAnswer, type Answer } from '../http/answer.js';
import { APPROVAL_TEXTS, APPROVED_TYPES, isAbout } from '../judge/approval-judge.js';
import { mayActFor, notDelegatedFor } from '../judge/delegation.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { EnvironmentSettings } from '../options.js';
import type { CounterpartStore } from '../state/counterpart-store.js';
import { approvalLine } from './aprobacion-comercial.js';
import { documentOf, type Handler } from './call.js';
import { readingProblem } from './reading-problem.js';

interface ApprovalParts {
  readonly reader: SignedReader;
  readonly counterpart: CounterpartStore;
  readonly settings: EnvironmentSettings;
}

/** A buyer's approval of an e-CF that the emisor-receptor sent: 200, or 400 and the reason. */
export function receptorAprobacion(parts: ApprovalParts): Handler {
  const { reader, counterpart, settings } = parts;
  return (call): Answer => {
    const reading = reader.read(documentOf(call).bytes, 'ACECF', call);
    if (reading.kind === 'unreadable') return textAnswer(400, APPROVAL_TEXTS.notXml);
    if (reading.kind !== 'signed') return textAnswer(400, readingProblem(reading));
    const document = treeOf<AcecfDocument>(reading.signed);
    if (document === undefined) return textAnswer(400, APPROVAL_TEXTS.structure);
    const { RNCComprador } = document.DetalleAprobacionComercial;
    const problem = mayActFor(RNCComprador, call.holder, settings)
      ? problemOf(document, counterpart)
      : notDelegatedFor(RNCComprador);
    const codigo = problem === undefined ? '1' : '2';
    const record = { ...approvalLine(document), codigo };
    return problem === undefined
      ? textAnswer(200, '', record)
      : textAnswer(400, problem, { ...record, mensajes: [{ codigo: '0', valor: problem }] });
  };
}

function problemOf(document: AcecfDocument, counterpart: CounterpartStore): string | undefined {
  const { RNCEmisor, eNCF } = document.DetalleAprobacionComercial;
  if (validateAs('ACECF', document).some((finding) => finding.dgii === 'rejects')) {
    return APPROVAL_TEXTS.structure;
  }
  if (!APPROVED_TYPES.has(eNCF.slice(1, 3))) {
    return APPROVAL_TEXTS.notForType;
  }
  const facts = counterpart.issued(RNCEmisor, eNCF);
  return facts !== undefined && isAbout(document, facts)
    ? undefined
    : 'No se encontró el e-CF de esta aprobación comercial.';
}
