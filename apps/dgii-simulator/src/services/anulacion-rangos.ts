import { dataAnswer, type Answer } from '../http/answer.js';
import { judgeVoids, type VoidVerdict } from '../judge/void-judge.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { Settings } from '../options.js';
import type { DocumentStore } from '../state/document-store.js';
import type { AnecfDocument } from '@getupnet/ecf';
import { documentOf, type Call, type Handler } from './call.js';
import { byteOrderMarkProblem, unreadableFile } from './file-checks.js';
import { readingProblem } from './reading-problem.js';

interface VoidParts {
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly settings: Settings;
}

/**
 * Voids unused numbers (Descripción Técnica v1.6, pp. 30-32). What was used stays used and is told;
 * the rest of the request is voided nevertheless.
 */
export function anulacionRangos({ reader, store, settings }: VoidParts): Handler {
  return (call): Answer => {
    const file = documentOf(call);
    const marked = byteOrderMarkProblem(file);
    if (marked !== undefined) return marked;
    const reading = reader.read(file.bytes, 'ANECF', call);
    if (reading.kind === 'unreadable') return unreadableFile('anulación');
    if (reading.kind !== 'signed')
      return answerOf(call, null, null, refusal(readingProblem(reading)));
    const document = treeOf<AnecfDocument>(reading.signed);
    if (document === undefined) {
      return answerOf(call, null, null, refusal('La estructura del archivo no es válida.'));
    }
    const rnc = document.Encabezado.RncEmisor;
    const verdict = judgeVoids(document, reading.signed.certificate, {
      environment: call.environment,
      settings: settings.environments[call.environment],
      store,
    });
    store.void(call.environment, rnc, verdict.voided);
    return answerOf(call, rnc, store.nameOf(call.environment, rnc), verdict);
  };
}

const refusal = (text: string): VoidVerdict => ({ codigo: '2', mensajes: [text], voided: [] });

function answerOf(
  call: Call,
  rnc: string | null,
  nombre: string | null,
  { codigo, mensajes, voided }: VoidVerdict,
): Answer {
  return dataAnswer(
    { rnc, codigo, nombre, mensajes },
    { root: 'RespuestaAnulacionRango', wantsXml: call.wantsXml },
    {
      ...(rnc === null ? {} : { rnc }),
      codigo,
      mensajes: mensajes.map((valor) => ({ codigo: '0', valor })),
      ...(voided.length === 0 ? {} : { voided }),
    },
  );
}
