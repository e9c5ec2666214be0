import { qrUrl, RFCE_LIMIT } from '@getupnet/ecf';
import { decimal } from '@getupnet/kernel';
import type { Judged } from '../../judge/judge.js';
import { isAccepted, type DocumentFacts, type Verdict } from '../../state/verdict.js';
import { PortalProblem } from '../portal-problem.js';
import type { Postulation } from '../state/postulation.js';
import {
  PRINTED_KINDS,
  PRINTED_LIMIT_BYTES,
  SIMULATION_GOALS,
  type PrintedKind,
  type SimulationKind,
} from '../state/steps.data.js';
import type { DataTest, DocumentParts, Sent } from './data-test.js';

const ENVIRONMENT = 'certecf';
const PDF = Buffer.from('%PDF-');
const PDF_END = Buffer.from('%%EOF');
/** A PDF may have some bytes behind its end mark. */
const PDF_TAIL_BYTES = 1_024;

/** Steps 4 to 6: the applicant's own documents, and their printed representations. */
export class Simulation {
  constructor(
    private readonly parts: DocumentParts,
    private readonly dataTest: DataTest,
  ) {}

  /** Counts an accepted document; a rejected one is told and changes nothing. */
  hear(postulation: Postulation, sent: Sent, judged: Judged): void {
    const { book } = this.parts;
    const { rnc, encf, facts, verdict } = judged;
    if (!isAccepted(verdict) || facts === null) {
      const reason = verdict.mensajes.map(({ valor }) => valor).join(' ');
      book.emit(rnc, { type: 'noted', text: `${encf} rechazado: ${reason}` });
      return;
    }
    const kind = sent === 'rfce' ? 'rfce' : facts.tipo;
    if (!isKind(kind)) return;
    const { razonSocialEmisor } = facts;
    const qr = qrOf(postulation.rnc, encf, facts);
    book.emit(rnc, { type: 'simulated', document: { kind, encf, razonSocialEmisor, qr } });
  }

  /** Full invoice of an own summary. */
  upload(rnc: string, bytes: Buffer): Verdict {
    const { book } = this.parts;
    const { simulated } = book.at(rnc, 4);
    const { encf, verdict } = this.dataTest.invoiceJudge().judge(bytes, rnc);
    if (!isAccepted(verdict) || encf === null) return verdict;
    const summary = simulated.get(`rfce|${encf}`);
    if (summary === undefined) {
      throw new PortalProblem(`El RFCE de ${encf} no es de esta simulación.`);
    }
    book.emit(rnc, { type: 'simulated', document: { ...summary, kind: 'factura' } });
    return verdict;
  }

  /** Printed representation of one kind; with the last one they are looked at. */
  print(rnc: string, kind: PrintedKind, bytes: Buffer): void {
    const { book } = this.parts;
    const postulation = book.at(rnc, 5);
    if (!isPdf(bytes)) throw new PortalProblem(`El archivo de ${kind} no es un PDF.`, 400);
    const others = [...postulation.printed].filter(([other]) => other !== kind);
    const total = others.reduce((sum, [, size]) => sum + size, bytes.length);
    if (total > PRINTED_LIMIT_BYTES) {
      throw new PortalProblem('Las representaciones impresas suman más de 10 MB.', 400);
    }
    book.emit(rnc, { type: 'printed', kind, bytes: bytes.length });
    if (postulation.step === 6) {
      book.emit(rnc, { type: 'reviewed', problems: this.review(postulation) });
    }
  }

  /**
   * What can be told without looking at the paper: that each kind has a document of step 4, issued
   * under the registered name. Nobody reads the PDF here; the page lists where each QR must lead.
   */
  private review({ simulated, registration }: Postulation): string[] {
    const documents = [...simulated.values()];
    const missing = PRINTED_KINDS.filter((kind) => !documents.some((own) => own.kind === kind));
    const own = plain(registration.razonSocial);
    const misnamed = documents.filter(({ razonSocialEmisor }) => plain(razonSocialEmisor) !== own);
    const names = new Set(misnamed.map(({ razonSocialEmisor }) => razonSocialEmisor));
    return [
      ...missing.map((kind) => `No hay documento de simulación para ${kind}.`),
      ...[...names].map((name) => `La razón social del emisor no es la registrada: ${name}.`),
    ];
  }
}

const plain = (name: string): string => name.trim().toUpperCase();

function isKind(kind: string): kind is SimulationKind {
  return Object.hasOwn(SIMULATION_GOALS, kind) && kind !== 'factura';
}

function isPdf(bytes: Buffer): boolean {
  const tail = bytes.subarray(-PDF_TAIL_BYTES);
  return bytes.subarray(0, PDF.length).equals(PDF) && tail.includes(PDF_END);
}

function qrOf(rncEmisor: string, encf: string, facts: DocumentFacts): string {
  const isSmall = decimal(facts.montoTotal).lessThan(RFCE_LIMIT) && facts.tipo === '32';
  return qrUrl({
    environment: ENVIRONMENT,
    route: isSmall ? 'rfce' : 'ecf',
    rncEmisor,
    rncComprador: facts.rncComprador,
    encf,
    fechaEmision: facts.fechaEmision,
    montoTotal: facts.montoTotal,
    fechaFirma: facts.fechaFirma ?? '',
    codigoSeguridad: facts.codigoSeguridad,
  });
}
