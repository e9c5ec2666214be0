import { canonicalize } from '@getupnet/ecf';
import { dominicanDate } from '@getupnet/kernel';
import { verify, type TrustCheck } from '@getupnet/xmldsig';
import { escapeMarkup } from '../../http/answer.js';
import { mayActFor } from '../../judge/delegation.js';
import type { Settings } from '../../options.js';
import { PortalProblem } from '../portal-problem.js';
import type { Postulation } from '../state/postulation.js';
import type { PostulationBook } from '../state/postulation-book.js';
import { registration, type Registration } from '../state/registration.js';

interface PaperParts {
  readonly book: PostulationBook;
  readonly settings: Settings;
  readonly trust: TrustCheck;
}

const ENVIRONMENT = 'certecf';

/**
 * Steps 1, 13 and 14: papers that the portal writes and the representative signs. DGII does not
 * print their elements, and whoever signs needs to know the root only.
 */
export class Papers {
  constructor(private readonly parts: PaperParts) {}

  /** A new postulation from the form; throws a ZodError on a malformed one. */
  create(form: unknown): Postulation {
    const { book, settings } = this.parts;
    const filled = registration.parse(form);
    const { rnc } = filled;
    if (book.active(rnc) !== undefined) {
      throw new PortalProblem(`${rnc} ya tiene una postulación en proceso.`);
    }
    this.checkTaxpayer(rnc);
    const xml = postulationXml(filled, settings.clock.now());
    book.emit(rnc, { type: 'created', registration: filled, xml });
    return book.find(rnc);
  }

  /** Takes the signed paper of step 1. */
  register(rnc: string, bytes: Buffer): void {
    const postulation = this.parts.book.at(rnc, 1);
    const holder = this.signerOf(postulation, bytes, postulation.xml);
    this.checkTaxpayer(rnc);
    this.parts.book.emit(rnc, { type: 'registered', holder });
  }

  /** The declaration that step 13 wants signed. */
  declaration(rnc: string): string {
    const { registration: form } = this.parts.book.at(rnc, 13);
    return element('DeclaracionJurada', [
      ['RNC', form.rnc],
      ['RazonSocial', form.razonSocial],
      ['Representante', form.representante],
      ['NombreRepresentante', form.nombreRepresentante],
      ['Declaracion', 'Declaro que la empresa cumple los requisitos de emisor electrónico.'],
    ]);
  }

  declare(rnc: string, bytes: Buffer): void {
    const postulation = this.parts.book.at(rnc, 13);
    const holder = this.signerOf(postulation, bytes, this.declaration(rnc));
    this.parts.book.emit(rnc, { type: 'declared', holder });
  }

  /** Step 14: the taxpayer once more. */
  verifyStatus(rnc: string): void {
    this.parts.book.at(rnc, 14);
    this.checkTaxpayer(rnc);
    this.parts.book.emit(rnc, { type: 'verified' });
  }

  /** Who signed a paper; it must be the one that was handed out, and signed by the representative. */
  private signerOf({ registration: form }: Postulation, bytes: Buffer, paper: string): string {
    const { settings, trust } = this.parts;
    const signed = verify(bytes, { trust, at: settings.clock.now() });
    if (!signed.ok) throw new PortalProblem(`La firma no es válida (${signed.fault}).`, 400);
    const { holder } = signed.certificate;
    if (holder?.id !== form.representante) {
      throw new PortalProblem('El certificado no es del representante registrado.', 400);
    }
    if (!mayActFor(form.rnc, holder.id, settings.environments[ENVIRONMENT])) {
      throw new PortalProblem('El representante no está delegado para el RNC.', 400);
    }
    if (signed.signedXml !== canonicalize(paper)) {
      throw new PortalProblem('El contenido no es el del archivo que generó el portal.', 400);
    }
    return holder.id;
  }

  private checkTaxpayer(rnc: string): void {
    const { inactiveIssuers } = this.parts.settings.environments[ENVIRONMENT];
    if (inactiveIssuers.has(rnc)) throw new PortalProblem(`El RNC ${rnc} no está activo.`);
  }
}

function postulationXml(form: Registration, now: Date): string {
  return element('Postulacion', [
    ['RNC', form.rnc],
    ['RazonSocial', form.razonSocial],
    ['Representante', form.representante],
    ['NombreRepresentante', form.nombreRepresentante],
    ['Correo', form.correo],
    ['TipoRegistro', 'Emisor Electrónico'],
    ['TipoSoftware', form.tipoSoftware],
    ['NombreSoftware', form.nombreSoftware],
    ['VersionSoftware', form.versionSoftware],
    ['RNCProveedor', form.rncProveedor],
    ['NombreProveedor', form.nombreProveedor],
    ['URLRecepcion', form.recepcion],
    ['URLAprobacionComercial', form.aprobacion],
    ['URLAutenticacion', form.autenticacion],
    ['Fecha', dominicanDate(now)],
  ]);
}

function element(root: string, fields: readonly (readonly [string, string | undefined])[]): string {
  const inner = fields.map(([name, text]) =>
    text === undefined ? '' : `<${name}>${escapeMarkup(text)}</${name}>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?><${root}>${inner.join('')}</${root}>`;
}
