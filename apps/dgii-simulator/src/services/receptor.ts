import { REFUSALS, arecf, serializeArecf, type EcfDocument, type Refusal } from '@getupnet/ecf';
import { signCanonical, type Signer } from '@getupnet/xmldsig';
import { magicRefusal } from '../faults/magic.js';
import { textAnswer, xmlAnswer, type Answer } from '../http/answer.js';
import { mayActFor, notDelegatedFor } from '../judge/delegation.js';
import { detached, ecfFacts } from '../judge/facts.js';
import { treeOf, type Reading, type SignedReader } from '../judge/signed-reader.js';
import type { EnvironmentSettings } from '../options.js';
import { DGII_RNC } from '../sender/sample-documents.js';
import type { CounterpartStore } from '../state/counterpart-store.js';
import type { DocumentFacts } from '../state/verdict.js';
import { documentOf, type Handler, type ReceivedFile } from './call.js';

/** Types that travel from issuer to receiver (Descripción Técnica v1.6, pp. 42-44). */
export const EXCHANGED_TYPES: ReadonlySet<string> = new Set(['31', '33', '34', '44']);

interface ReceptorParts {
  readonly reader: SignedReader;
  readonly counterpart: CounterpartStore;
  readonly settings: EnvironmentSettings;
  readonly magicValues: boolean;
  readonly signer: () => Signer;
}

interface Claim {
  readonly rncEmisor: string;
  readonly encf: string;
  /** Absent when the document names no buyer. */
  readonly rncComprador: string | undefined;
}

/**
 * Reception of an e-CF as its buyer: a signed ARECF in the same answer, also for what is not
 * received. The directory sends everybody here, so any buyer in the document is "us".
 */
export function receptorRecepcion(parts: ReceptorParts): Handler {
  const { reader, counterpart, settings, magicValues, signer } = parts;
  return async (call): Promise<Answer> => {
    const file = documentOf(call);
    const reading = reader.read(file.bytes, 'ECF', call);
    if (reading.kind === 'unreadable') return textAnswer(400, 'El archivo no es un XML de e-CF.');
    const facts = factsOf(reading);
    const claim = facts?.claim ?? claimOf(file);
    if (claim === undefined) return textAnswer(400, 'El archivo no dice de quién es.');
    if (!mayActFor(claim.rncEmisor, call.holder, settings)) {
      return textAnswer(400, notDelegatedFor(claim.rncEmisor));
    }
    const refusal =
      refusalOf(reading, claim, counterpart) ??
      (magicValues && facts !== undefined ? magicRefusal(facts.facts) : undefined);
    if (refusal === undefined && facts !== undefined) {
      counterpart.take(claim.rncEmisor, claim.encf, facts.facts);
    }
    const receipt = arecf({
      ...claim,
      // A document that names no buyer is refused in DGII's own name.
      rncComprador: claim.rncComprador ?? DGII_RNC,
      ...(refusal === undefined ? {} : { refusal }),
      now: call.now,
    });
    const { xml } = await signCanonical(serializeArecf(receipt), signer());
    return {
      ...xmlAnswer(xml),
      record: {
        ...detached({ rnc: claim.rncEmisor, encf: claim.encf }),
        codigo: receipt.DetalleAcusedeRecibo.Estado,
        mensajes: refusal === undefined ? [] : [{ codigo: REFUSALS[refusal], valor: refusal }],
        facts: facts?.facts ?? null,
      },
    };
  };
}

/** Form, then signature, then repetition, then buyer. */
function refusalOf(
  reading: Reading,
  claim: Claim,
  counterpart: CounterpartStore,
): Refusal | undefined {
  if (reading.kind === 'signature' || reading.kind === 'certificate') return 'signature';
  if (reading.kind !== 'signed' || !EXCHANGED_TYPES.has(claim.encf.slice(1, 3))) {
    return 'specification';
  }
  if (counterpart.received(claim.rncEmisor, claim.encf) !== undefined) return 'duplicate';
  return claim.rncComprador === undefined ? 'wrongBuyer' : undefined;
}

function factsOf(reading: Reading): { claim: Claim; facts: DocumentFacts } | undefined {
  if (reading.kind !== 'signed') return undefined;
  const document = treeOf<EcfDocument>(reading.signed);
  if (document === undefined) return undefined;
  const { Emisor, IdDoc, Comprador } = document.Encabezado;
  return {
    claim: {
      rncEmisor: Emisor.RNCEmisor,
      encf: IdDoc.eNCF,
      rncComprador: Comprador?.RNCComprador,
    },
    facts: ecfFacts(document, reading.signed.codigoSeguridad),
  };
}

/** Whose an unbelievable document says it is: enough to refuse it by name. */
function claimOf(file: ReceivedFile): Claim | undefined {
  const text = file.bytes.toString('utf8');
  const rncEmisor = /<RNCEmisor>\s*(\d{11}|\d{9})\s*</.exec(text)?.[1];
  const encf = /<eNCF>\s*(E\d{12})\s*</.exec(text)?.[1];
  const rncComprador = /<RNCComprador>\s*(\d{11}|\d{9})\s*</.exec(text)?.[1];
  return rncEmisor === undefined || encf === undefined
    ? undefined
    : { rncEmisor, encf, rncComprador };
}
