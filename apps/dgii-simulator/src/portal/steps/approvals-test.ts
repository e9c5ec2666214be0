import type { AcecfDocument, TipoEcf } from '@getupnet/ecf';
import { treeOf } from '../../judge/signed-reader.js';
import { dataAnswer, type Answer } from '../../http/answer.js';
import { approvalLine } from '../../services/aprobacion-comercial.js';
import type { Call, Handler } from '../../services/call.js';
import { differenceOf } from '../comparison.js';
import { PortalProblem } from '../portal-problem.js';
import type { Cell } from '../sheets/columns.js';
import { flatten } from '../sheets/flatten.js';
import type { Postulation } from '../state/postulation.js';
import { Random } from '../test-set/random.js';
import { TEST_ENTITY } from '../test-set/test-set.js';
import type { DocumentParts } from './data-test.js';

const ENVIRONMENT = 'certecf';
const ISSUED = '02-04-2020';
const ANSWERED = '15-04-2020';
/** Types of DGII's own approval sets: only these have a buyer who approves. */
const TYPES = ['31', '31', '31', '31', '33', '34', '34', '44', '44', '45', '45'] as const;
/** These are refused, with a reason. */
const REFUSED: ReadonlySet<number> = new Set([2, 8]);

/** Step 3: approvals of e-CF that DGII's test entity sent the applicant. */
export class ApprovalsTest {
  constructor(private readonly parts: DocumentParts) {
    for (const postulation of parts.book.all()) this.plant(postulation);
  }

  /** The rows to approve or refuse; the first download makes them. */
  rows(rnc: string): readonly (readonly Cell[])[] {
    const { book } = this.parts;
    const postulation = book.at(rnc, 3);
    if (postulation.approvals === undefined) {
      book.emit(rnc, { type: 'approvals', rows: this.fresh(rnc) });
      this.plant(postulation);
    }
    return [...(postulation.approvals ?? new Map<string, readonly Cell[]>()).values()];
  }

  /** The approval service with the portal's eye on it: rows are sent exactly as they are. */
  watch(service: Handler): Handler {
    return async (call) => {
      const heard = call.environment === ENVIRONMENT ? this.documentOf(call) : undefined;
      if (heard === undefined) return service(call);
      const { document, postulation } = heard;
      const { eNCF } = document.DetalleAprobacionComercial;
      const row = postulation.approvals?.get(eNCF);
      const problem =
        row === undefined
          ? `El e-NCF ${eNCF} no es del set de aprobaciones.`
          : differenceOf(row, flatten(document, 'ACECF'));
      if (problem !== undefined) return this.refuse(call, document, problem);
      const answer = await service(call);
      if (answer.record?.codigo === '1') {
        this.parts.book.emit(postulation.rnc, { type: 'approved', encf: eNCF });
      }
      return answer;
    };
  }

  /** An approval in order of an applicant at this step. */
  private documentOf(
    call: Call,
  ): { readonly document: AcecfDocument; readonly postulation: Postulation } | undefined {
    // Most certification traffic is nobody's rehearsal: then nothing is read twice.
    if (!this.parts.book.all().some(({ step }) => step === 3) || call.file === undefined) {
      return undefined;
    }
    const reading = this.parts.reader.read(call.file.bytes, 'ACECF', call);
    if (reading.kind !== 'signed') return undefined;
    const document = treeOf<AcecfDocument>(reading.signed);
    const buyer = document?.DetalleAprobacionComercial.RNCComprador ?? '';
    const postulation = this.parts.book.active(buyer);
    const isHere = postulation?.step === 3 && postulation.approvals !== undefined;
    return document !== undefined && isHere ? { document, postulation } : undefined;
  }

  private refuse(call: Call, document: AcecfDocument, problem: string): Answer {
    const { RNCComprador, eNCF } = document.DetalleAprobacionComercial;
    this.parts.book.emit(RNCComprador, { type: 'noted', text: `Aprobación ${eNCF}: ${problem}` });
    return dataAnswer(
      { mensaje: [problem], estado: 'Aprobacion Comercial Rechazada.', codigo: '2' },
      { root: 'RespuestaAprobacionComercial', wantsXml: call.wantsXml },
      { ...approvalLine(document), codigo: '2', mensajes: [{ codigo: '0', valor: problem }] },
    );
  }

  private fresh(rnc: string): Cell[][] {
    const { settings } = this.parts;
    const random = new Random(`${settings.seed}|${rnc}|aprobaciones`);
    const used = new Map<string, number>();
    return TYPES.map((tipo, at) => {
      const refused = REFUSED.has(at);
      return [
        ['Version', '1.0'],
        ['RNCEmisor', TEST_ENTITY.rnc],
        ['eNCF', this.freshNumber(tipo, used)],
        ['FechaEmision', ISSUED],
        ['MontoTotal', random.price(1_000, 90_000)],
        ['RNCComprador', rnc],
        ['Estado', refused ? '2' : '1'],
        ...(refused ? [['DetalleMotivoRechazo', 'Mercancía no recibida'] as const] : []),
        ['FechaHoraAprobacionComercial', `${ANSWERED} ${10 + at}:20:30`],
      ];
    });
  }

  private freshNumber(tipo: TipoEcf, used: Map<string, number>): string {
    for (let number = (used.get(tipo) ?? 0) + 1; number < 10_000_000; number += 1) {
      const encf = `E${tipo}${String(number).padStart(10, '0')}`;
      used.set(tipo, number);
      if (!this.parts.store.isUsed(ENVIRONMENT, TEST_ENTITY.rnc, encf)) return encf;
    }
    throw new PortalProblem(`No quedan e-NCF del tipo ${tipo} para ${TEST_ENTITY.rnc}.`);
  }

  /** DGII takes approvals of accepted e-CF only: those of the set are as if they had been sent. */
  private plant({ approvals }: Postulation): void {
    for (const [encf, row] of approvals ?? []) {
      const texts = new Map(row);
      const text = (column: string): string => texts.get(column) ?? '';
      this.parts.store.record(
        {
          environment: ENVIRONMENT,
          rnc: TEST_ENTITY.rnc,
          encf,
          trackId: null,
          verdict: { codigo: '1', mensajes: [], secuenciaUtilizada: true },
          receivedAtMs: 0,
          visibleAtMs: 0,
          pendingPolls: 0,
        },
        {
          tipo: encf.slice(1, 3),
          route: 'ecf',
          montoTotal: text('MontoTotal'),
          totalItbis: '0.00',
          fechaEmision: text('FechaEmision'),
          fechaFirma: `${text('FechaEmision')} 08:00:00`,
          rncComprador: text('RNCComprador'),
          idExtranjero: null,
          codigoSeguridad: 'aaaaaa',
          razonSocialEmisor: TEST_ENTITY.name,
          razonSocialComprador: null,
        },
      );
    }
  }
}
