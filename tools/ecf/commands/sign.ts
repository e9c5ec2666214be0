import {
  DECLARATION,
  hasErrors,
  isTipoEcf,
  serializeAs,
  validateAs,
  type Finding,
  type Format,
} from '@getupnet/ecf';
import { AppError, isAppError } from '@getupnet/kernel';
import {
  createSigner,
  isValidAt,
  readP12,
  signCanonical,
  signForeign,
  type P12Contents,
  type SignedDocument,
  type Signer,
} from '@getupnet/xmldsig';
import { argumentOf, type Command } from '../command.js';
import { completeDraft, DRAFT_HELP, DRAFT_OPTIONS, recordsOf } from '../draft.js';
import { explained, readInput, readXml, type Input } from '../input.js';
import { CliError, EXIT, type Io } from '../../cli/io.js';
import type { Invocation } from '../../cli/options.js';
import { passwordOf } from '../../cli/password.js';
import { findingsText, json, nameOf, summary } from '../report.js';

export const signCommand: Command = {
  name: 'sign',
  argument: 'FILE',
  summary: 'firma un documento con un certificado P12',
  help: `
Firma e-CF, RFCE, ANECF, ARECF, ACECF y la semilla; un JSON se completa antes. Un documento con
errores no se firma. La contraseña se pide por el teclado; nunca va en la línea de órdenes.

  --p12 FILE             certificado con su clave (.p12, .pfx)
  --password-file FILE   archivo con la contraseña, en una línea
  --out FILE             escribe ahí y no en la salida
  --force                firma aunque el documento tenga errores o el certificado no esté vigente
${DRAFT_HELP}`,
  options: {
    ...DRAFT_OPTIONS,
    p12: { type: 'string' },
    'password-file': { type: 'string' },
    out: { type: 'string' },
    force: { type: 'boolean' },
  },
  async run(invocation, io) {
    const force = invocation.flag('force');
    const input = await readInput(argumentOf(signCommand, invocation), io);
    const document = await prepare(input, invocation, io);
    if (hasErrors(document.findings) && !force) {
      io.note(findingsText(document.findings));
      io.note(`No se firmó: ${summary(document.findings)}. Con --force se firma así.\n`);
      return EXIT.invalid;
    }
    const contents = await openP12(invocation, io);
    const { subject, notBefore, notAfter } = contents.facts;
    if (!isValidAt(contents.facts, io.now) && !force) {
      throw new CliError(
        `El certificado no está vigente: vale del ${day(notBefore)} al ${day(notAfter)}.`,
      );
    }
    const signer = createSigner(contents.privateKey, contents.certificateDer);
    const signed = await document.sign(signer);
    const out = invocation.text('out');
    const { codigoSeguridad, sha256, xml } = signed;
    const text = invocation.flag('json') ? json({ codigoSeguridad, sha256, subject, xml }) : xml;
    if (out === undefined) io.out(text);
    else await io.writeFile(out, text);
    io.note(`${document.name} firmado por ${subject}. Código de seguridad: ${codigoSeguridad}\n`);
    return EXIT.ok;
  },
};

const day = (instant: Date): string => instant.toISOString().slice(0, 10);

interface Prepared {
  readonly name: string;
  readonly findings: readonly Finding[];
  sign(signer: Signer): Promise<SignedDocument>;
}

async function prepare(input: Input, invocation: Invocation, io: Io): Promise<Prepared> {
  if (input.kind === 'json') {
    const { format, tree } = input;
    if (!isTipoEcf(format)) return ours(format, tree, validateAs(format, tree));
    const { document, findings } = completeDraft(tree, await recordsOf(invocation, io), io.now);
    return ours(format, document, findings);
  }
  const { format, tree, findings, signed } = readXml(input);
  if (signed) throw new CliError('El documento ya está firmado.', EXIT.invalid);
  // Only DGII writes semillas: what we sign are its bytes.
  if (format === 'Semilla') {
    const sign = async (signer: Signer) => signForeign(input.bytes, signer);
    return { name: nameOf(format), findings, sign };
  }
  return ours(format, tree, [...findings, ...validateAs(format, tree)]);
}

const ours = (format: Format, tree: unknown, findings: readonly Finding[]): Prepared => ({
  name: nameOf(format),
  findings,
  sign: async (signer) => signCanonical(canonical(format, tree), signer),
});

function canonical(format: Format, tree: unknown): string {
  const cannot = 'El documento tiene faltas de forma y no se puede escribir como XML.';
  if (typeof tree !== 'object' || tree === null) throw new CliError(cannot, EXIT.invalid);
  try {
    return serializeAs(format, tree).replace(DECLARATION, '');
  } catch (error) {
    if (error instanceof TypeError || error instanceof AppError) {
      throw new CliError(cannot, EXIT.invalid, { cause: error });
    }
    throw error;
  }
}

async function openP12(invocation: Invocation, io: Io): Promise<P12Contents> {
  const file = invocation.text('p12');
  if (file === undefined) {
    throw new CliError('Falta --p12 FILE: el certificado con su clave privada (.p12 o .pfx).');
  }
  const bytes = await io.readFile(file);
  const password = await passwordOf(file, invocation, io);
  try {
    return readP12(bytes, password);
  } catch (error) {
    throw isAppError(error, 'cert.invalid') ? explained(error, EXIT.misuse) : error;
  }
}
