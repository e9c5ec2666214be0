import {
  hasErrors,
  isRfceRoute,
  readCanonical,
  validate,
  validateAs,
  type EcfDocument,
  type ReadResult,
  type RfceDocument,
} from '@getupnet/ecf';
import type { Verified } from '@getupnet/xmldsig';
import type { ForcedVerdicts } from '../faults/forced-verdicts.js';
import { magicOf } from '../faults/magic.js';
import type { Settings } from '../options.js';
import type { ReceivedFile } from '../services/call.js';
import type { DocumentStore } from '../state/document-store.js';
import type { DocumentFacts, Verdict } from '../state/verdict.js';
import { inadmissible } from './admission.js';
import { verdictOn } from './content.js';
import { detached, ecfFacts, rfceFacts } from './facts.js';
import type { Hearing, Judge, Judged } from './judge.js';
import { referenceProblem } from './reference.js';
import { ACCEPTED, REJECTIONS } from './rejections.data.js';
import type { SignedReader } from './signed-reader.js';

interface JudgeParts {
  readonly settings: Settings;
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly forced: ForcedVerdicts;
}

const CODIGO_SEGURIDAD = /^[A-Za-z0-9+/]{6}$/;

/** Judges in DGII's order: form, signature, signer and number, then content. */
export class DocumentJudge implements Judge {
  constructor(private readonly parts: JudgeParts) {}

  ecf(hearing: Hearing, file: ReceivedFile): Judged | undefined {
    return this.judge(hearing, file, 'ECF', (signed, tree) => {
      // The schema was checked, so the tree has the shape of its type.
      const document = tree as unknown as EcfDocument;
      const { IdDoc, Emisor } = document.Encabezado;
      return {
        facts: ecfFacts(document, signed.codigoSeguridad),
        petition: {
          tipo: IdDoc.TipoeCF,
          rnc: Emisor.RNCEmisor,
          encf: IdDoc.eNCF,
          fechaEmision: Emisor.FechaEmision,
          fechaVencimientoSecuencia: IdDoc.FechaVencimientoSecuencia,
          fechaHoraFirma: document.FechaHoraFirma,
          signer: signed.certificate,
        },
        content: () => this.ecfContent(document, hearing),
      };
    });
  }

  rfce(hearing: Hearing, file: ReceivedFile): Judged | undefined {
    return this.judge(hearing, file, 'RFCE', (signed, tree) => {
      const document = tree as unknown as RfceDocument;
      const { IdDoc, Emisor } = document.Encabezado;
      return {
        facts: rfceFacts(document),
        petition: {
          tipo: IdDoc.TipoeCF,
          rnc: Emisor.RNCEmisor,
          encf: IdDoc.eNCF,
          fechaEmision: Emisor.FechaEmision,
          fechaVencimientoSecuencia: undefined,
          fechaHoraFirma: undefined,
          signer: signed.certificate,
        },
        content: () => rfceContent(document),
      };
    });
  }

  private judge(
    hearing: Hearing,
    file: ReceivedFile,
    root: 'ECF' | 'RFCE',
    open: (signed: Verified, tree: ReadResult['document']) => Opened,
  ): Judged | undefined {
    const reading = this.parts.reader.read(file.bytes, root, hearing);
    if (reading.kind === 'unreadable') return undefined;
    // Nothing inside is believed yet: the file's name says whose it claims to be.
    if (reading.kind === 'schema') return refused(file, REJECTIONS.schema(reading.detail));
    if (reading.kind !== 'signed') return refused(file, REJECTIONS[reading.kind]);
    const { document, findings } = readCanonical(reading.signed.signedXml);
    // What the schema lets pass in the place of the signature.
    if (hasErrors(findings)) return refused(file, REJECTIONS.structure);
    return this.decide(open(reading.signed, document), hearing);
  }

  private decide({ petition, facts, content }: Opened, hearing: Hearing): Judged {
    const { settings, store, forced } = this.parts;
    const { rnc, encf } = detached({ rnc: petition.rnc, encf: petition.encf });
    const environment = settings.environments[hearing.environment];
    const barred = inadmissible(petition, hearing, environment, store);
    const opened = { rnc, encf, facts, polls: 0 };
    if (barred !== undefined) return { ...opened, verdict: barred };
    const decreed = forced.take(hearing.environment, rnc, encf);
    if (decreed !== undefined) return { ...opened, verdict: decreed };
    const magic = settings.magicValues ? magicOf(facts) : undefined;
    const polls = magic?.polls ?? 0;
    return { ...opened, polls, verdict: magic?.verdict ?? content() };
  }

  private ecfContent(document: EcfDocument, hearing: Hearing): Verdict {
    if (isRfceRoute(document)) return REJECTIONS.smallConsumer;
    const { IdDoc, Emisor } = document.Encabezado;
    const { deferredIssuers } = this.parts.settings.environments[hearing.environment];
    if (Number(IdDoc.IndicadorEnvioDiferido) === 1) {
      if (deferredIssuers?.has(Emisor.RNCEmisor) === false) return REJECTIONS.notDeferred;
    }
    return (
      referenceProblem(document, hearing, this.parts.store) ??
      verdictOn(validate(document), document) ??
      ACCEPTED
    );
  }
}

interface Opened {
  readonly petition: Parameters<typeof inadmissible>[0];
  readonly facts: DocumentFacts;
  readonly content: () => Verdict;
}

function rfceContent(document: RfceDocument): Verdict {
  const { CodigoSeguridadeCF } = document.Encabezado;
  if (!CODIGO_SEGURIDAD.test(CodigoSeguridadeCF)) return REJECTIONS.securityCode;
  const findings = validateAs('RFCE', document);
  if (findings.some(({ code }) => code === 'ECF-RES-01')) return REJECTIONS.largeConsumer;
  return verdictOn(findings) ?? ACCEPTED;
}

function refused(file: ReceivedFile, verdict: Verdict): Judged {
  const name = file.fileName.replace(/\.xml$/i, '');
  return { rnc: name.slice(0, -13), encf: name.slice(-13), verdict, facts: null, polls: 0 };
}
