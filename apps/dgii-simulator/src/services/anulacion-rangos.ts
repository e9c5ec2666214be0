import { magicVoid } from '../faults/magic.js';
import { dataAnswer, type Answer } from '../http/answer.js';
import { judgeVoids, type VoidVerdict } from '../judge/void-judge.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { Settings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import type { AnecfDocument } from '@getupnet/ecf';
import { documentOf, type Call, type Handler } from './call.js';
import { hasByteOrderMark } from './file-checks.js';
import { readingProblem } from './reading-problem.js';

interface VoidParts {
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly settings: Settings;
}

interface Taxpayer {
  readonly rnc: string | null;
  readonly nombre: string | null;
}

/** Nothing in the document is believed yet. */
const NOBODY: Taxpayer = { rnc: null, nombre: null };
const NOT_XML = 'El archivo no es un XML de anulación.';

/**
 * Voids unused numbers (Descripción Técnica v1.6, pp. 30-32). What was used stays used and is told;
 * the rest of the request is voided nevertheless.
 */
export function anulacionRangos({ reader, store, settings }: VoidParts): Handler {
  return (call): Answer => {
    const file = documentOf(call);
    if (hasByteOrderMark(file)) return answerOf(call, NOBODY, refusal('Archivo no válido.'), 400);
    const reading = reader.read(file.bytes, 'ANECF', call);
    if (reading.kind === 'unreadable') return answerOf(call, NOBODY, refusal(NOT_XML), 400);
    if (reading.kind !== 'signed') return answerOf(call, NOBODY, refusal(readingProblem(reading)));
    const document = treeOf<AnecfDocument>(reading.signed);
    if (document === undefined) {
      return answerOf(call, NOBODY, refusal('La estructura del archivo no es válida.'));
    }
    const rnc = document.Encabezado.RncEmisor;
    const judged = judgeVoids(document, reading.signed.certificate.holder?.id, {
      environment: call.environment,
      settings: settings.environments[call.environment],
      store,
    });
    const verdict = settings.magicValues ? magicVoid(judged) : judged;
    store.void(call.environment, rnc, verdict.voided);
    return answerOf(call, { rnc, nombre: store.nameOf(call.environment, rnc) }, verdict);
  };
}

const refusal = (text: string): VoidVerdict => ({ codigo: '2', mensajes: [text], voided: [] });

function answerOf(
  call: Call,
  { rnc, nombre }: Taxpayer,
  { codigo, mensajes, voided }: VoidVerdict,
  status = 200,
): Answer {
  return dataAnswer(
    { rnc, codigo, nombre, mensajes },
    { status, root: 'RespuestaAnulacionRango', wantsXml: call.wantsXml },
    {
      ...(rnc === null ? {} : { rnc }),
      codigo,
      mensajes: mensajes.map((valor) => ({ codigo: '0', valor })),
      ...(voided.length === 0 ? {} : { voided }),
    },
  );
}
