import type { AcecfDocument } from '@getupnet/ecf';
import { magicApprovalProblem } from '../faults/magic.js';
import { dataAnswer, type Answer } from '../http/answer.js';
import { APPROVAL_TEXTS, approvalProblem } from '../judge/approval-judge.js';
import { detached } from '../judge/facts.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { Settings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import type { LedgerDraft } from '../state/ledger.js';
import { documentOf, type Call, type Handler } from './call.js';
import { hasByteOrderMark } from './file-checks.js';
import { readingProblem } from './reading-problem.js';

interface ApprovalParts {
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly settings: Settings;
}

/**
 * One outcome of the service: DGII's own spelling, one with the accent and one without, and codes
 * of one digit or two, as both occur.
 */
interface Outcome {
  readonly status: number;
  readonly codigo: '1' | '01' | '2' | '02';
  readonly estado: string;
}

const APPROVED = 'Aprobación Comercial Aprobada.';
const REJECTED = 'Aprobacion Comercial Rechazada.';

const OUTCOMES = {
  /** The buyer approves, and DGII takes it. */
  approval: { status: 200, codigo: '1', estado: APPROVED },
  /** The buyer refuses, and DGII takes that. */
  refusal: { status: 200, codigo: '01', estado: APPROVED },
  /** DGII does not take what it read. */
  rejected: { status: 200, codigo: '2', estado: REJECTED },
  /** Form or signature do not hold. */
  unsound: { status: 200, codigo: '02', estado: REJECTED },
  /** No document at all. */
  unreadable: { status: 400, codigo: '02', estado: REJECTED },
} as const satisfies Readonly<Record<string, Outcome>>;

/** The buyer's copy of its approval; DGII takes it for an e-CF it accepted (pp. 28-30). */
export function aprobacionComercial({ reader, store, settings }: ApprovalParts): Handler {
  return (call): Answer => {
    const { environment, now } = call;
    const file = documentOf(call);
    if (hasByteOrderMark(file)) return answerOf(call, OUTCOMES.unreadable, APPROVAL_TEXTS.file);
    const reading = reader.read(file.bytes, 'ACECF', call);
    if (reading.kind === 'unreadable') {
      return answerOf(call, OUTCOMES.unreadable, APPROVAL_TEXTS.notXml);
    }
    if (reading.kind !== 'signed') return answerOf(call, OUTCOMES.unsound, readingProblem(reading));
    const document = treeOf<AcecfDocument>(reading.signed);
    if (document === undefined) return answerOf(call, OUTCOMES.unsound, APPROVAL_TEXTS.structure);
    const line = approvalLine(document);
    const hearing = { environment, now, settings: settings.environments[environment], store };
    const { RNCEmisor, eNCF, Estado, MontoTotal } = document.DetalleAprobacionComercial;
    const problem =
      approvalProblem(document, reading.signed.certificate.holder?.id, hearing) ??
      (settings.magicValues ? magicApprovalProblem(MontoTotal) : undefined);
    if (problem !== undefined) return answerOf(call, OUTCOMES.rejected, problem, line);
    store.approve(environment, RNCEmisor, eNCF);
    const outcome = Number(Estado) === 1 ? OUTCOMES.approval : OUTCOMES.refusal;
    return answerOf(call, outcome, undefined, line);
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

function answerOf(
  call: Call,
  { status, codigo, estado }: Outcome,
  problem: string | undefined,
  line: LedgerDraft = {},
): Answer {
  const mensaje = problem === undefined ? [] : [problem];
  return dataAnswer(
    { mensaje, estado, codigo },
    { status, root: 'RespuestaAprobacionComercial', wantsXml: call.wantsXml },
    // The ledger has one spelling.
    {
      ...line,
      codigo: codigo.slice(-1),
      mensajes: mensaje.map((valor) => ({ codigo: '0', valor })),
    },
  );
}
