import type { AcecfDocument } from '@getupnet/ecf';
import { dataAnswer, type Answer } from '../http/answer.js';
import { approvalProblem } from '../judge/approval-judge.js';
import { detached } from '../judge/facts.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { Settings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import type { LedgerDraft } from '../state/ledger.js';
import { documentOf, type Call, type Handler } from './call.js';
import { byteOrderMarkProblem, unreadableFile } from './file-checks.js';
import { readingProblem } from './reading-problem.js';

interface ApprovalParts {
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly settings: Settings;
}

/** DGII's own spelling, one with the accent and one without. */
const ESTADO_OF = {
  '1': 'Aprobación Comercial Aprobada.',
  '2': 'Aprobacion Comercial Rechazada.',
} as const;

/** The buyer's copy of its approval; DGII takes it for an e-CF it accepted (pp. 28-30). */
export function aprobacionComercial({ reader, store, settings }: ApprovalParts): Handler {
  return (call): Answer => {
    const file = documentOf(call);
    const marked = byteOrderMarkProblem(file);
    if (marked !== undefined) return marked;
    const reading = reader.read(file.bytes, 'ACECF', call);
    if (reading.kind === 'unreadable') return unreadableFile('aprobación comercial');
    if (reading.kind !== 'signed') return answerOf(call, readingProblem(reading), {});
    const document = treeOf<AcecfDocument>(reading.signed);
    if (document === undefined) {
      return answerOf(call, 'La estructura del archivo no es válida.', {});
    }
    const problem = approvalProblem(document, reading.signed.certificate, {
      environment: call.environment,
      now: call.now,
      settings: settings.environments[call.environment],
      store,
    });
    return answerOf(call, problem, approvalLine(document));
  };
}

/** The ledger line of an approval: its e-CF, and what the buyer says of it. */
export function approvalLine({ DetalleAprobacionComercial: detail }: AcecfDocument): LedgerDraft {
  return detached<LedgerDraft>({
    rnc: detail.RNCEmisor,
    encf: detail.eNCF,
    approval: { rncComprador: detail.RNCComprador, estado: detail.Estado },
  });
}

function answerOf(call: Call, problem: string | undefined, line: LedgerDraft): Answer {
  const codigo = problem === undefined ? '1' : '2';
  const mensaje = problem === undefined ? [] : [problem];
  return dataAnswer(
    { mensaje, estado: ESTADO_OF[codigo], codigo },
    { root: 'RespuestaAprobacionComercial', wantsXml: call.wantsXml },
    { ...line, codigo, mensajes: mensaje.map((valor) => ({ codigo: '0', valor })) },
  );
}
