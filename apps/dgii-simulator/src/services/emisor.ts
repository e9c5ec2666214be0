import { serialize, type ArecfDocument } from '@getupnet/ecf';
import { signCanonical, type SignedDocument, type Signer } from '@getupnet/xmldsig';
import { dataAnswer, textAnswer, xmlAnswer, type Answer } from '../http/answer.js';
import { APPROVAL_TEXTS, APPROVED_TYPES } from '../judge/approval-judge.js';
import { mayActFor, notDelegatedFor } from '../judge/delegation.js';
import { ecfFacts } from '../judge/facts.js';
import { treeOf, type SignedReader } from '../judge/signed-reader.js';
import type { Settings } from '../options.js';
import { ReceiverFailure, type ReceiverClient } from '../sender/receiver-client.js';
import {
  approvalRequest,
  emissionRequest,
  type ApprovalRequest,
  type EmissionRequest,
} from '../sender/requests.js';
import { DGII_RNC, approvalOf, sampleEcf } from '../sender/sample-documents.js';
import type { CounterpartStore } from '../state/counterpart-store.js';
import { ESTADOS, type Mensaje } from '../state/verdict.js';
import type { Call, Handler } from './call.js';
import { EXCHANGED_TYPES } from './receptor.js';
import { readingProblem } from './reading-problem.js';

interface EmisorParts {
  readonly settings: Settings;
  readonly reader: SignedReader;
  readonly counterpart: CounterpartStore;
  readonly client: ReceiverClient;
  readonly signer: () => Signer;
}

const message = (valor: string): Mensaje => ({ codigo: '0', valor });

/** Sends a receiver an e-CF of the wanted type and answers with that e-CF (p. 42). */
export function emisorEmision(parts: EmisorParts): Handler {
  return async (call): Promise<Answer> => {
    const wanted = emissionRequest(call.body);
    if (typeof wanted === 'string') return textAnswer(400, wanted);
    const stranger = strangerTo(parts.settings, wanted.rnc, call);
    if (stranger !== undefined) return stranger;
    if (!EXCHANGED_TYPES.has(wanted.tipoencf)) {
      return textAnswer(400, 'El tipo de e-CF no se envía a receptores.');
    }
    const { counterpart } = parts;
    const encf = counterpart.nextNumber(wanted.tipoencf, call.now);
    const document = sampleEcf({
      tipo: wanted.tipoencf,
      encf,
      rncComprador: wanted.rnc,
      fechaVencimientoSecuencia: parts.settings.environments.testecf.fechaVencimientoSecuencia,
      modified: counterpart.lastInvoice(wanted.rnc, call.now),
      now: call.now,
    });
    const signed = await signCanonical(serialize(document), parts.signer());
    const facts = ecfFacts(document, signed.codigoSeguridad);
    counterpart.issue(DGII_RNC, encf, facts);
    const problem = await failureOf(() => deliver(parts, wanted, encf, signed, call));
    const receipt = {
      codigo: problem === undefined ? '1' : '2',
      mensajes: problem === undefined ? [] : [message(problem)],
    } as const;
    counterpart.acknowledge(DGII_RNC, encf, receipt);
    const { sha256 } = signed;
    const record = { rnc: DGII_RNC, encf, sha256, facts, ...receipt };
    return { ...xmlAnswer(signed.xml), record };
  };
}

/** Every call is for a taxpayer that the token's person may act for (pp. 41-46). */
function strangerTo(settings: Settings, rnc: string, call: Call): Answer | undefined {
  return mayActFor(rnc, call.holder, settings.environments[call.environment])
    ? undefined
    : textAnswer(400, notDelegatedFor(rnc));
}

/** What is wrong with the receiver's acknowledgement, or undefined. */
export async function deliver(
  { client, reader }: Pick<EmisorParts, 'client' | 'reader'>,
  wanted: Pick<EmissionRequest, 'rnc' | 'urlrecepcion' | 'urlautenticacion'>,
  encf: string,
  signed: SignedDocument,
  call: Pick<Call, 'environment' | 'now'>,
): Promise<string | undefined> {
  const token = await client.token(wanted.urlautenticacion);
  const file = { name: `${DGII_RNC}${encf}.xml`, xml: signed.xml };
  const answer = await client.post(wanted.urlrecepcion, 'recepcion/api/ecf', file, token);
  if (answer.status !== 200) return `La recepción responde ${answer.status}.`;
  const reading = reader.read(answer.bytes, 'ARECF', call);
  if (reading.kind === 'unreadable') return 'La respuesta no es un acuse de recibo.';
  if (reading.kind !== 'signed') return readingProblem(reading);
  const receipt = treeOf<ArecfDocument>(reading.signed)?.DetalleAcusedeRecibo;
  const isOurs =
    receipt?.RNCEmisor === DGII_RNC && receipt.eNCF === encf && receipt.RNCComprador === wanted.rnc;
  if (!isOurs) return 'El acuse de recibo es de otro documento.';
  return Number(receipt.Estado) === 0
    ? undefined
    : `El e-CF no fue recibido (motivo ${receipt.CodigoMotivoNoRecibido ?? 'sin indicar'}).`;
}

type AcuseParts = Pick<EmisorParts, 'counterpart' | 'settings'>;

/** DGII's verdict on an acknowledgement it got; JSON or XML (p. 43). */
export function emisorAcuse({ counterpart, settings }: AcuseParts): Handler {
  return (call): Answer => {
    const encf = (call.query['encf'] ?? '').toUpperCase();
    const rnc = call.query['rnc'] ?? '';
    // Whose RNC is asked for is not printed: the receiver's or the issuer's, both find it.
    const buyer = counterpart.issued(DGII_RNC, encf)?.rncComprador;
    const stranger = strangerTo(settings, rnc === DGII_RNC ? (buyer ?? rnc) : rnc, call);
    if (stranger !== undefined) return stranger;
    const isTheirs = rnc === DGII_RNC || rnc === buyer;
    const receipt = isTheirs ? counterpart.receipt(DGII_RNC, encf) : undefined;
    const mensajes = (receipt?.mensajes ?? []).map(({ valor }) => valor);
    return dataAnswer(
      { rnc, encf, estado: ESTADOS[receipt?.codigo ?? '0'], mensajes },
      { root: 'RespuestaConsultaAcuseRecibo', wantsXml: call.wantsXml },
    );
  };
}

/** Sends the issuer of a received e-CF its approval, or refusal, and answers with it (p. 44). */
export function emisorAprobacion(parts: EmisorParts): Handler {
  return async (call): Promise<Answer> => {
    const wanted = approvalRequest(call.body);
    if (typeof wanted === 'string') return textAnswer(400, wanted);
    const { rnc, encf } = wanted;
    if (!APPROVED_TYPES.has(encf.slice(1, 3))) {
      return textAnswer(400, APPROVAL_TEXTS.notForType);
    }
    const stranger = strangerTo(parts.settings, rnc, call);
    if (stranger !== undefined) return stranger;
    const facts = parts.counterpart.received(rnc, encf);
    if (facts === undefined) return textAnswer(400, 'El e-CF no fue recibido.');
    const unsigned = approvalOf({ rnc, encf, facts }, wanted.estadoaprobacion, call.now);
    const signed = await signCanonical(unsigned, parts.signer());
    const buyer = facts.rncComprador ?? DGII_RNC;
    const file = { name: `${buyer}${encf}.xml`, xml: signed.xml };
    const problem = await failureOf(() => approve(parts.client, wanted, file));
    const record = {
      rnc,
      encf,
      sha256: signed.sha256,
      codigo: problem === undefined ? '1' : '2',
      mensajes: problem === undefined ? [] : [message(problem)],
      approval: { rncComprador: buyer, estado: wanted.estadoaprobacion },
    };
    return problem === undefined
      ? { ...xmlAnswer(signed.xml), record }
      : textAnswer(400, problem, record);
  };
}

/** What is wrong with the issuer's answer to an approval, or undefined. */
export async function approve(
  client: ReceiverClient,
  wanted: Pick<ApprovalRequest, 'urlaprobacioncomercial' | 'urlautenticacion'>,
  file: { readonly name: string; readonly xml: string },
): Promise<string | undefined> {
  const token = await client.token(wanted.urlautenticacion);
  const base = wanted.urlaprobacioncomercial;
  const answer = await client.post(base, 'aprobacioncomercial/api/ecf', file, token);
  return answer.status === 200 ? undefined : `La aprobación comercial responde ${answer.status}.`;
}

/** The same with what a receiver that does not answer is told as. */
export async function failureOf(
  step: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ReceiverFailure) return error.message;
    throw error;
  }
}
