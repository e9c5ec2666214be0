import { dataAnswer, parameterProblem, type Answer } from '../http/answer.js';
import { usDateTime } from '../http/dates.js';
import { codigoAt, type DocumentStore } from '../state/document-store.js';
import { ESTADOS } from '../state/verdict.js';
import type { Handler } from './call.js';

const NOT_FOUND = '0';
const IN_PROCESS = '3';

/**
 * Result of a trackId. As the real service: `encf` in lower case, the code as text although the
 * messages' codes are numbers, and the date the way the United States write it.
 */
export function consultaResultado(store: DocumentStore): Handler {
  return (call): Answer => {
    const trackId = call.query['trackid'] ?? '';
    if (trackId === '') return parameterProblem('trackId', 'The trackId field is required.');
    const form = { root: 'RespuestaConsultaTrackId', wantsXml: call.wantsXml };
    const delivery = store.track(trackId);
    if (delivery === undefined || delivery.environment !== call.environment) {
      return dataAnswer(notFound(trackId), form);
    }
    const codigo = codigoAt(delivery, call.now.getTime());
    if (delivery.pendingPolls > 0) delivery.pendingPolls -= 1;
    const pending = codigo === IN_PROCESS;
    const mensajes = pending ? [] : delivery.verdict.mensajes;
    return dataAnswer(
      {
        trackId,
        codigo,
        estado: ESTADOS[codigo],
        rnc: delivery.rnc,
        encf: delivery.encf,
        secuenciaUtilizada: !pending && delivery.verdict.secuenciaUtilizada,
        fechaRecepcion: usDateTime(new Date(delivery.receivedAtMs)),
        mensajes: mensajes.map(({ codigo: code, valor }) => ({ valor, codigo: Number(code) })),
      },
      form,
    );
  };
}

function notFound(trackId: string): Record<string, string | boolean | null | []> {
  return {
    trackId,
    codigo: NOT_FOUND,
    estado: ESTADOS[NOT_FOUND],
    rnc: null,
    encf: null,
    secuenciaUtilizada: false,
    fechaRecepcion: null,
    mensajes: [],
  };
}
