import { randomUUID } from 'node:crypto';
import { dataAnswer, type Answer } from '../http/answer.js';
import type { Judged, Judge } from '../judge/judge.js';
import type { Delivery, DocumentStore } from '../state/document-store.js';
import { flatText } from '../state/flat-text.js';
import type { LedgerDraft } from '../state/ledger.js';
import { ESTADOS } from '../state/verdict.js';
import { documentOf, type Handler } from './call.js';
import { fileProblem, unreadableFile } from './file-checks.js';

interface ReceptionParts {
  readonly judge: Judge;
  readonly store: DocumentStore;
  readonly validationDelayMs: number;
}

/**
 * e-CF reception: a trackId at once, the verdict visible after the delay. The document is judged
 * before the answer leaves, so that one line of the ledger holds all of it and nothing that was
 * acknowledged can be lost by a crash.
 */
export function recepcion({ judge, store, validationDelayMs }: ReceptionParts): Handler {
  return (call): Answer => {
    const file = documentOf(call);
    const problem = fileProblem(file);
    if (problem !== undefined) return problem;
    const receivedAtMs = call.now.getTime();
    const visibleAtMs = receivedAtMs + validationDelayMs + call.enProceso.ms;
    const judged = judge.ecf({ environment: call.environment, now: call.now, visibleAtMs }, file);
    if (judged === undefined) return unreadableFile();
    const delivery: Delivery = {
      environment: call.environment,
      rnc: judged.rnc,
      encf: judged.encf,
      trackId: flatText(randomUUID()),
      verdict: judged.verdict,
      receivedAtMs,
      visibleAtMs,
      pendingPolls: call.enProceso.polls + judged.polls,
    };
    store.record(delivery, judged.facts);
    return dataAnswer(
      { trackId: delivery.trackId, error: null, mensaje: null },
      { root: 'RespuestaRecepcion', wantsXml: call.wantsXml },
      lineOf(delivery, judged),
    );
  };
}

/** RFCE reception: the verdict is in the answer; here the messages' codes are texts. */
export function recepcionFc({ judge, store }: ReceptionParts): Handler {
  return (call): Answer => {
    const file = documentOf(call);
    const problem = fileProblem(file);
    if (problem !== undefined) return problem;
    const nowMs = call.now.getTime();
    const judged = judge.rfce(
      { environment: call.environment, now: call.now, visibleAtMs: nowMs },
      file,
    );
    if (judged === undefined) return unreadableFile();
    const { codigo, mensajes, secuenciaUtilizada } = judged.verdict;
    const delivery: Delivery = {
      environment: call.environment,
      rnc: judged.rnc,
      encf: judged.encf,
      trackId: null,
      verdict: judged.verdict,
      receivedAtMs: nowMs,
      visibleAtMs: nowMs,
      pendingPolls: 0,
    };
    store.record(delivery, judged.facts);
    return dataAnswer(
      {
        codigo: Number(codigo),
        estado: ESTADOS[codigo],
        mensajes: mensajes.map((mensaje) => ({ codigo: mensaje.codigo, valor: mensaje.valor })),
        encf: judged.encf,
        secuenciaUtilizada,
      },
      { root: 'Respuesta', wantsXml: call.wantsXml },
      lineOf(delivery, judged),
    );
  };
}

function lineOf(delivery: Delivery, judged: Judged): LedgerDraft {
  const { codigo, mensajes, secuenciaUtilizada } = delivery.verdict;
  return {
    rnc: delivery.rnc,
    encf: delivery.encf,
    trackId: delivery.trackId,
    codigo,
    mensajes,
    secuenciaUtilizada,
    visibleAt: new Date(delivery.visibleAtMs).toISOString(),
    pendingPolls: delivery.pendingPolls,
    facts: judged.facts,
  };
}
