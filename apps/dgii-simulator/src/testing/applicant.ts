import {
  complete,
  isTipoEcf,
  normalize,
  serialize,
  serializeAcecf,
  serializeAs,
  type AcecfDocument,
  type EcfDocument,
} from '@getupnet/ecf';
import { signCanonical, signForeign, type Signer } from '@getupnet/xmldsig';
import readXlsxFile, { type SheetData } from 'read-excel-file/node';
import { unflatten } from '../../../../libs/ecf/src/conformance/unflatten.js';
import { TestClient, signed, testSigner, type SignedFile } from './client.js';
import type { Progress } from '../portal/progress.js';

export const RNC = '131880738';
export const HOLDER = '00100000001';
export const COMPANY = 'EMPRESA DE PRUEBAS SRL';

export const FORM = {
  rnc: RNC,
  razonSocial: COMPANY,
  representante: HOLDER,
  nombreRepresentante: 'PERSONA DE PRUEBA',
  correo: 'persona@ejemplo.com.do',
  nombreSoftware: 'Facturador & Cía',
  versionSoftware: '1.0',
};

export type Row = Readonly<Record<string, string>>;
export type Change = (document: EcfDocument) => void;

/** What the portal answers to an action. */
export interface Answer {
  readonly status: number;
  readonly error?: string;
  readonly codigo?: string;
  readonly mensajes?: readonly { readonly valor: string }[];
  readonly progreso: Progress;
}

/** Final answer to a sent document. */
export interface Result {
  readonly codigo: number | string;
  readonly mensajes: readonly { readonly valor: string; readonly codigo: number | string }[];
}

/** An applicant with software of its own: it reads the workbooks with a reader that is not ours. */
export class Applicant {
  readonly client: TestClient;
  /** Signed full invoices below 250,000.00, kept for the upload. */
  readonly invoices = new Map<string, SignedFile>();

  constructor(
    readonly url: string,
    readonly rnc = RNC,
    readonly signer: Signer = testSigner(),
  ) {
    this.client = new TestClient(url, 'certecf');
  }

  address(name: string): string {
    return `${this.url}/_portal/api/postulaciones/${this.rnc}/${name}`;
  }

  /** Step 1: the form, and its paper signed. */
  async register(): Promise<Answer> {
    await this.client.authenticate(this.signer);
    const created = await this.apply({ ...FORM, rnc: this.rnc });
    return created.status === 201 ? this.handIn('postulacion') : created;
  }

  async apply(form: object): Promise<Answer> {
    return this.answered(
      await fetch(`${this.url}/_portal/api/postulaciones`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(form),
      }),
    );
  }

  /** Downloads a paper of the portal, signs it and sends it back. */
  async handIn(name: string, change = (xml: string): string => xml): Promise<Answer> {
    const paper = await (await fetch(this.address(`${name}.xml`))).text();
    return this.upload(name, signForeign(Buffer.from(change(paper)), this.signer).xml);
  }

  async upload(name: string, xml: string): Promise<Answer> {
    return this.answered(
      await fetch(this.address(name), {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: xml,
      }),
    );
  }

  async act(name: string, fields: object = {}): Promise<Answer> {
    return this.answered(
      await fetch(this.address(name), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
    );
  }

  async print(kind: string, bytes: Buffer): Promise<Answer> {
    return this.answered(
      await fetch(this.address(`representaciones/${kind}`), {
        method: 'PUT',
        headers: { 'content-type': 'application/pdf' },
        body: new Uint8Array(bytes),
      }),
    );
  }

  async progress(): Promise<Progress> {
    const url = `${this.url}/_portal/api/postulaciones/${this.rnc}`;
    return (await (await fetch(url)).json()) as Progress;
  }

  /** Rows of the data test as JSON: the same as in the workbook, without unpacking it. */
  async dataTest(): Promise<{ readonly ECF: Row[]; readonly RFCE: Row[] }> {
    return (await this.rows('set-ecf.json')) as { ECF: Row[]; RFCE: Row[] };
  }

  async approvalRows(): Promise<Row[]> {
    return (await this.rows('set-aprobaciones.json'))['ACEECF_Generadas'] ?? [];
  }

  private async rows(name: string): Promise<Readonly<Record<string, Row[]>>> {
    const answer = await fetch(this.address(name));
    if (answer.status !== 200) throw new Error(await answer.text());
    return (await answer.json()) as Record<string, Row[]>;
  }

  /** Sheets of a workbook: rows of populated cells by heading, blanks around headings dropped. */
  async download(name: string): Promise<Readonly<Record<string, Row[]>>> {
    const answer = await fetch(this.address(name));
    if (answer.status !== 200) throw new Error(await answer.text());
    const sheets = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
    return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, rowsOf(data)]));
  }

  /** Sends a row as e-CF and waits for its verdict. */
  async sendEcf(row: Row, change?: Change): Promise<Result> {
    const file = await this.signedEcf(row, change);
    const answer = (await (await this.client.sendEcf(file)).json()) as { trackId: string };
    return (await (await this.client.result(answer.trackId)).json()) as Result;
  }

  /** Signs the full invoice of a summary's row, keeps it, and sends the summary. */
  async sendRfce(row: Row, full: Row, change?: (tree: Row) => Row): Promise<Result> {
    const invoice = await this.signedEcf(full);
    const encf = text(row, 'ENCF');
    this.invoices.set(encf, invoice);
    const [, code = ''] = /<SignatureValue>(.{6})/.exec(invoice.xml) ?? [];
    const tree = unflatten(change?.(row) ?? row, 'RFCE');
    Object.assign(tree['Encabezado'] ?? {}, { CodigoSeguridadeCF: code });
    const file = await signed(serializeAs('RFCE', tree), `${this.rnc}${encf}.xml`, this.signer);
    return (await (await this.client.sendRfce(file)).json()) as Result;
  }

  async sendApproval(row: Row): Promise<Result> {
    const detail = { ...row, MontoTotal: Number(row['MontoTotal']).toFixed(2) };
    const document = { DetalleAprobacionComercial: detail } as unknown as AcecfDocument;
    const name = `${this.rnc}${text(row, 'eNCF')}.xml`;
    const file = await signed(serializeAcecf(document), name, this.signer);
    return (await (await this.client.approve(file)).json()) as Result;
  }

  async signedEcf(row: Row, change?: Change): Promise<SignedFile> {
    const document = documentOf(row);
    change?.(document);
    return signed(serialize(document), `${this.rnc}${text(row, 'ENCF')}.xml`, this.signer);
  }

  /** The same document signed at another moment: other bytes, another security code. */
  async signedAgain(row: Row): Promise<string> {
    const document = documentOf(row);
    document.FechaHoraFirma = '01-06-2020 10:00:00';
    return (await signCanonical(serialize(document), this.signer)).xml;
  }

  private async answered(answer: Response): Promise<Answer> {
    return { status: answer.status, ...((await answer.json()) as Omit<Answer, 'status'>) };
  }
}

export const text = (row: Row, column: string): string => row[column] ?? '';

/** Notes last: the official order of step 2. */
export function inOrder(rows: readonly Row[]): Row[] {
  const isNote = (row: Row): boolean => /^3[34]$/.test(text(row, 'TipoeCF'));
  return [...rows.filter((row) => !isNote(row)), ...rows.filter(isNote)];
}

function documentOf(row: Row): EcfDocument {
  const tipo = text(row, 'TipoeCF');
  if (!isTipoEcf(tipo)) throw new Error(`row of type ${tipo}`);
  const result = normalize(unflatten(row, tipo));
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  const issuer = { RNCEmisor: text(row, 'RNCEmisor'), RazonSocialEmisor: '', DireccionEmisor: '' };
  return complete(result.document, { issuer, now: new Date() }).document;
}

function rowsOf([headings = [], ...lines]: SheetData): Row[] {
  return lines.map((line) => {
    const cells = line.map((value, at) => [String(headings[at]).trim(), String(value)] as const);
    const stated = cells.filter(([column, value]) => column !== 'CasoPrueba' && value !== '#e');
    return Object.fromEntries(stated);
  });
}
