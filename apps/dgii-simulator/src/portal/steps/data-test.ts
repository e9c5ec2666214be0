import type { EcfDocument, RfceDocument, TipoEcf } from '@getupnet/ecf';
import { FullInvoiceJudge } from '../../judge/full-invoice.js';
import type { Hearing, Judged } from '../../judge/judge.js';
import { REJECTIONS } from '../../judge/rejections.data.js';
import { treeOf, type SignedReader } from '../../judge/signed-reader.js';
import { sequenceOf, type Settings } from '../../options.js';
import type { ReceivedFile } from '../../services/call.js';
import type { DocumentStore } from '../../state/document-store.js';
import type { Verdict } from '../../state/verdict.js';
import { differenceOf } from '../comparison.js';
import { PortalProblem } from '../portal-problem.js';
import type { Cell } from '../sheets/columns.js';
import { flatten } from '../sheets/flatten.js';
import type { TestSetRows } from '../sheets/workbook.js';
import type { Postulation } from '../state/postulation.js';
import type { PostulationBook } from '../state/postulation-book.js';
import { testSet } from '../test-set/test-set.js';

export interface DocumentParts {
  readonly book: PostulationBook;
  readonly settings: Settings;
  readonly reader: SignedReader;
  readonly store: DocumentStore;
}

export type Sent = 'ecf' | 'rfce';

const ENVIRONMENT = 'certecf';
/** The e-NCF was used already: of a document sent twice, which counts as passed. */
const ALREADY_USED = '1209';

/** Step 2: rows that are sent exactly as they are; any rejection starts the set anew. */
export class DataTest {
  constructor(private readonly parts: DocumentParts) {}

  /** The set that is being taken; the first download, and the first after a reset, makes one. */
  rows(rnc: string): TestSetRows {
    const { book, settings } = this.parts;
    const postulation = book.at(rnc, 2);
    if (postulation.set !== undefined) return postulation.set.rows;
    const { fechaVencimientoSecuencia } = settings.environments[ENVIRONMENT];
    const rows = testSet({
      seed: `${settings.seed}|${rnc}|${postulation.attempts + 1}`,
      rnc,
      now: settings.clock.now(),
      fechaVencimientoSecuencia,
      nextEncf: this.freshNumbers(postulation),
    });
    book.emit(rnc, { type: 'set', rows });
    return rows;
  }

  /** What becomes of a judged document of an applicant at this step. */
  hear(
    postulation: Postulation,
    sent: Sent,
    document: { readonly judged: Judged; readonly file: ReceivedFile; readonly hearing: Hearing },
  ): Judged {
    const { judged } = document;
    const { set, rnc } = postulation;
    // Before a set is handed out, and after a reset, documents have nothing to do with it.
    if (set === undefined) return judged;
    if (judged.verdict.mensajes.some(({ codigo }) => codigo === ALREADY_USED)) return judged;
    const verdict = this.verdictOf(set[sent].get(judged.encf), sent, document);
    if (verdict.codigo === '2') this.restart(rnc, judged.encf, verdict);
    else this.parts.book.emit(rnc, { type: 'passed', kind: sent, encf: judged.encf });
    return verdict === judged.verdict ? judged : { ...judged, verdict, polls: 0 };
  }

  /** A full invoice below 250,000.00, uploaded after its summary was accepted. */
  upload(rnc: string, bytes: Buffer): Verdict {
    const { book } = this.parts;
    const { set, passed } = book.at(rnc, 2);
    if (set === undefined) throw new PortalProblem('Descargue primero el set de pruebas.');
    const { encf, verdict } = this.invoiceJudge().judge(bytes, rnc);
    // The wrong file picked in a dialog is no document that DGII rejects.
    if (verdict === REJECTIONS.unreadable) return verdict;
    if (encf !== null && !passed.rfce.has(encf)) {
      throw new PortalProblem(`El RFCE de ${encf} no ha sido aceptado todavía.`);
    }
    const own = verdict.codigo === '2' ? verdict : this.againstRow(set.factura, encf, bytes);
    if (own.codigo === '2') this.restart(rnc, encf ?? 'factura de consumo', own);
    else book.emit(rnc, { type: 'passed', kind: 'factura', encf: encf ?? '' });
    return own.codigo === '2' ? own : verdict;
  }

  invoiceJudge(): FullInvoiceJudge {
    const { settings, reader, store } = this.parts;
    return new FullInvoiceJudge({ environment: ENVIRONMENT, settings, reader, store });
  }

  private againstRow(
    rows: ReadonlyMap<string, readonly Cell[]>,
    encf: string | null,
    bytes: Buffer,
  ): Verdict {
    const row = rows.get(encf ?? '');
    if (row === undefined) return rejected(`El e-NCF ${encf ?? ''} no es del set de pruebas.`);
    const now = this.parts.settings.clock.now();
    return this.compared(row, 'ecf', bytes, now) ?? PASSED;
  }

  private verdictOf(
    row: readonly Cell[] | undefined,
    sent: Sent,
    { judged, file, hearing }: Parameters<DataTest['hear']>[2],
  ): Verdict {
    if (judged.verdict.codigo === '2') return judged.verdict;
    if (row === undefined) return rejected(`El e-NCF ${judged.encf} no es del set de pruebas.`);
    return this.compared(row, sent, file.bytes, hearing.now) ?? judged.verdict;
  }

  /** A rejection that names the first field in which the document is not its row. */
  private compared(
    row: readonly Cell[],
    sent: Sent,
    bytes: Buffer,
    now: Date,
  ): Verdict | undefined {
    const root = sent === 'ecf' ? 'ECF' : 'RFCE';
    const reading = this.parts.reader.read(bytes, root, { environment: ENVIRONMENT, now });
    const tree =
      reading.kind === 'signed' ? treeOf<EcfDocument | RfceDocument>(reading.signed) : undefined;
    if (tree === undefined) return rejected('El documento no se pudo comparar con su fila.');
    const format = sent === 'ecf' ? (tree.Encabezado.IdDoc.TipoeCF as TipoEcf) : 'RFCE';
    const difference = differenceOf(row, flatten(tree, format));
    return difference === undefined ? undefined : rejected(difference);
  }

  private restart(rnc: string, encf: string, { mensajes }: Verdict): void {
    const reason = mensajes.map(({ valor }) => valor).join(' ');
    this.parts.book.emit(rnc, { type: 'restarted', reason: `${encf}: ${reason}` });
  }

  /** Numbers nobody used, neither in an earlier attempt nor outside the portal. */
  private freshNumbers({ rnc, lastNumbers }: Postulation): (tipo: TipoEcf) => string {
    const { settings, store } = this.parts;
    const next = new Map(lastNumbers);
    return (tipo) => {
      const { first, last } = sequenceOf(settings.environments[ENVIRONMENT], tipo);
      for (let number = Math.max(first, (next.get(tipo) ?? 0) + 1); number <= last; number += 1) {
        const encf = `E${tipo}${String(number).padStart(10, '0')}`;
        next.set(tipo, number);
        if (store.isUsed(ENVIRONMENT, rnc, encf)) continue;
        if (!store.isVoided(ENVIRONMENT, rnc, encf)) return encf;
      }
      throw new PortalProblem(`No quedan e-NCF del tipo ${tipo} para ${rnc}.`);
    };
  }
}

const rejected = (valor: string): Verdict => ({
  codigo: '2',
  mensajes: [{ codigo: '0', valor }],
  secuenciaUtilizada: true,
});

const PASSED: Verdict = { codigo: '1', mensajes: [], secuenciaUtilizada: true };
