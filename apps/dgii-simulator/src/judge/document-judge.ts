import { readCanonical, type EcfDocument, type RfceDocument } from '@getupnet/ecf';
import { decimal } from '@getupnet/kernel';
import type { Verified } from '@getupnet/xmldsig';
import type { ForcedVerdicts } from '../faults/forced-verdicts.js';
import { magicOf } from '../faults/magic.data.js';
import type { Settings } from '../options.js';
import type { ReceivedFile } from '../services/call.js';
import type { DocumentStore } from '../state/document-store.js';
import type { DocumentFacts, Verdict } from '../state/verdict.js';
import { inadmissible } from './admission.js';
import { contentVerdict } from './content.js';
import { detached, ecfFacts, rfceFacts } from './facts.js';
import type { Hearing, Judge, Judged } from './judge.js';
import { referenceProblem } from './reference.js';
import { ACCEPTED, REJECTIONS } from './rejections.data.js';
import { rfceArithmetic } from './rfce-arithmetic.js';
import type { SignedReader } from './signed-reader.js';

interface JudgeParts {
  readonly settings: Settings;
  readonly reader: SignedReader;
  readonly store: DocumentStore;
  readonly forced: ForcedVerdicts;
}

/** A type 32 below this goes as RFCE, from it on as full e-CF (Descripción Técnica v1.6, p. 11). */
const CONSUMER_LIMIT = decimal('250000');
const CODIGO_SEGURIDAD = /^[A-Za-z0-9+/]{6}$/;

const isBelowLimit = (montoTotal: string): boolean => decimal(montoTotal).lessThan(CONSUMER_LIMIT);

/** Judges in DGII's order: form, signature, signer and number, then content. */
export class DocumentJudge implements Judge {
  constructor(private readonly parts: JudgeParts) {}

  ecf(hearing: Hearing, file: ReceivedFile): Judged | undefined {
    return this.judge(hearing, file, 'ECF', (signed) => {
      // The schema was checked, so the tree has the shape of its type.
      const document = readCanonical(signed.signedXml).document as unknown as EcfDocument;
      const { IdDoc, Emisor } = document.Encabezado;
      return {
        facts: ecfFacts(document, signed.codigoSeguridad),
        petition: {
          tipo: IdDoc.TipoeCF,
          rnc: Emisor.RNCEmisor,
          encf: IdDoc.eNCF,
          fechaVencimientoSecuencia: IdDoc.FechaVencimientoSecuencia,
          fechaHoraFirma: document.FechaHoraFirma,
          signer: signed.certificate,
        },
        content: () => this.ecfContent(document, hearing),
      };
    });
  }

  rfce(hearing: Hearing, file: ReceivedFile): Judged | undefined {
    return this.judge(hearing, file, 'RFCE', (signed) => {
      const document = readCanonical(signed.signedXml).document as unknown as RfceDocument;
      const { IdDoc, Emisor } = document.Encabezado;
      return {
        facts: rfceFacts(document),
        petition: {
          tipo: IdDoc.TipoeCF,
          rnc: Emisor.RNCEmisor,
          encf: IdDoc.eNCF,
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
    open: (signed: Verified) => Opened,
  ): Judged | undefined {
    const reading = this.parts.reader.read(file.bytes, root, hearing);
    if (reading.kind === 'unreadable') return undefined;
    // Nothing inside is believed yet: the file's name says whose it claims to be.
    if (reading.kind === 'schema') return refused(file, REJECTIONS.schema(reading.detail));
    if (reading.kind !== 'signed') return refused(file, REJECTIONS[reading.kind]);
    return this.decide(open(reading.signed), hearing);
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
    const magic = settings.magicValues ? magicOf(facts.rncComprador, facts.montoTotal) : undefined;
    const polls = magic?.polls ?? 0;
    return { ...opened, polls, verdict: magic?.verdict ?? content() };
  }

  private ecfContent(document: EcfDocument, hearing: Hearing): Verdict {
    const { IdDoc, Totales } = document.Encabezado;
    if (IdDoc.TipoeCF === '32' && isBelowLimit(Totales.MontoTotal)) return REJECTIONS.smallConsumer;
    return (
      referenceProblem(document, hearing, this.parts.store) ?? contentVerdict(document) ?? ACCEPTED
    );
  }
}

interface Opened {
  readonly petition: Parameters<typeof inadmissible>[0];
  readonly facts: DocumentFacts;
  readonly content: () => Verdict;
}

function rfceContent(document: RfceDocument): Verdict {
  const { CodigoSeguridadeCF, Totales } = document.Encabezado;
  if (!CODIGO_SEGURIDAD.test(CodigoSeguridadeCF)) return REJECTIONS.securityCode;
  if (!isBelowLimit(Totales.MontoTotal)) return REJECTIONS.largeConsumer;
  return rfceArithmetic(document) ?? ACCEPTED;
}

function refused(file: ReceivedFile, verdict: Verdict): Judged {
  const name = file.fileName.replace(/\.xml$/i, '');
  return { rnc: name.slice(0, -13), encf: name.slice(-13), verdict, facts: null, polls: 0 };
}
