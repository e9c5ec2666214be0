import { serialize } from '@getupnet/ecf';
import { signCanonical, type Signer } from '@getupnet/xmldsig';
import { APPROVED_TYPES } from '../../judge/approval-judge.js';
import type { ReceiverClient } from '../../sender/receiver-client.js';
import { DGII_RNC, approvalOf, sampleEcf } from '../../sender/sample-documents.js';
import { approve, deliver, failureOf } from '../../services/emisor.js';
import { EXCHANGED_TYPES } from '../../services/receptor.js';
import type { CounterpartStore } from '../../state/counterpart-store.js';
import { ecfFacts } from '../../judge/facts.js';
import { PortalProblem } from '../portal-problem.js';
import type { ExchangeLine } from '../state/events.js';
import type { Postulation } from '../state/postulation.js';
import { serviceUrls, type ServiceUrls } from '../state/registration.js';
import type { DocumentParts } from './data-test.js';

export interface CommunicationParts extends DocumentParts {
  readonly counterpart: CounterpartStore;
  readonly client: ReceiverClient;
  readonly signer: () => Signer;
}

const ENVIRONMENT = 'certecf';
const FORGOTTEN = 'El e-CF ya no está registrado.';
/** Documents of the applicant whose approval is sent to it, at most. */
const MAX_APPROVALS = 5;

/** Steps 7 to 12: the applicant's own services are called. */
export class Communication {
  constructor(private readonly parts: CommunicationParts) {}

  /** Addresses for the tests (step 7, or again while they are running) or for production (12). */
  setUrls(rnc: string, phase: 'prueba' | 'produccion', form: unknown): void {
    const { book } = this.parts;
    if (phase === 'prueba') book.at(rnc, 7, 8, 10);
    else book.at(rnc, 12);
    book.emit(rnc, { type: 'urls', phase, urls: serviceUrls.parse(form) });
  }

  /** Steps 8 and 9: one e-CF of each type that travels between taxpayers. */
  async testReception(rnc: string): Promise<void> {
    const { book } = this.parts;
    const urls = urlsOf(book.at(rnc, 8, 9));
    book.emit(rnc, { type: 'sending', test: 'recepcion' });
    const log: ExchangeLine[] = [];
    for (const tipo of EXCHANGED_TYPES) log.push(await this.sendDocument(rnc, tipo, urls));
    book.emit(rnc, { type: 'exchanged', test: 'recepcion', log });
  }

  /** Steps 10 and 11: approvals of documents the applicant issued before. */
  async testApprovals(rnc: string): Promise<void> {
    const { book } = this.parts;
    const postulation = book.at(rnc, 10, 11);
    const urls = urlsOf(postulation);
    const encfs = issuedBy(postulation);
    if (encfs.length === 0) {
      throw new PortalProblem('No hay e-CF aceptados del emisor que aprobar.');
    }
    book.emit(rnc, { type: 'sending', test: 'aprobaciones' });
    const log: ExchangeLine[] = [];
    for (const encf of encfs) log.push(await this.sendApproval(rnc, encf, urls));
    book.emit(rnc, { type: 'exchanged', test: 'aprobaciones', log });
  }

  private async sendDocument(rnc: string, tipo: string, urls: ServiceUrls): Promise<ExchangeLine> {
    const { settings, counterpart, signer } = this.parts;
    const now = settings.clock.now();
    const encf = counterpart.nextNumber(tipo, now);
    const document = sampleEcf({
      tipo,
      encf,
      rncComprador: rnc,
      fechaVencimientoSecuencia: settings.environments[ENVIRONMENT].fechaVencimientoSecuencia,
      modified: counterpart.lastInvoice(rnc, now),
      now,
    });
    const signed = await signCanonical(serialize(document), signer());
    counterpart.issue(DGII_RNC, encf, ecfFacts(document, signed.codigoSeguridad));
    const wanted = { rnc, urlrecepcion: urls.recepcion, urlautenticacion: urls.autenticacion };
    const at = { environment: ENVIRONMENT, now } as const;
    const problem = await failureOf(() => deliver(this.parts, wanted, encf, signed, at));
    return { encf, problem };
  }

  private async sendApproval(rnc: string, encf: string, urls: ServiceUrls): Promise<ExchangeLine> {
    const { settings, store, client, signer } = this.parts;
    const now = settings.clock.now();
    const facts = store.visible(ENVIRONMENT, rnc, encf, now.getTime())?.facts ?? undefined;
    if (facts === undefined) return { encf, problem: FORGOTTEN };
    const signed = await signCanonical(approvalOf({ rnc, encf, facts }, '1', now), signer());
    const file = { name: `${facts.rncComprador ?? DGII_RNC}${encf}.xml`, xml: signed.xml };
    const wanted = {
      urlaprobacioncomercial: urls.aprobacion,
      urlautenticacion: urls.autenticacion,
    };
    const problem = await failureOf(() => approve(client, wanted, file));
    return { encf, problem };
  }
}

function urlsOf({ urls }: Postulation): ServiceUrls {
  if (urls.prueba === undefined) throw new PortalProblem('Faltan las URL de prueba.');
  return urls.prueba;
}

/** Accepted documents of the applicant that have a buyer who approves. */
function issuedBy({ simulated, passed }: Postulation): string[] {
  const own = [...simulated.values()].filter(({ kind }) => kind !== 'rfce').map((one) => one.encf);
  return [...own, ...passed.ecf]
    .filter((encf) => APPROVED_TYPES.has(encf.slice(1, 3)))
    .slice(0, MAX_APPROVALS);
}
