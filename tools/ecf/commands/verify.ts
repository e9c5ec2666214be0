import { X509Certificate } from 'node:crypto';
import { isTipoEcf, readCanonical } from '@getupnet/ecf';
import { isValidAt, type TrustCheck, type Verified } from '@getupnet/xmldsig';
import { argumentOf, type Command } from '../command.js';
import { CliError, EXIT, type Io } from '../io.js';
import { json } from '../report.js';
import { verifiedFile } from '../verified.js';

export const verifyCommand: Command = {
  name: 'verify',
  argument: 'FILE',
  summary: 'comprueba la firma y dice quién firmó',
  help: `
Comprueba que el documento es el que se firmó y que la firma es de ese certificado. Quién es de
confianza lo dice usted:

  --ca FILE   certificado (PEM o DER) de una autoridad; se puede repetir. Sin ella no se comprueba
              quién emitió el certificado`,
  options: { ca: { type: 'string', multiple: true } },
  async run(invocation, io) {
    const file = argumentOf(verifyCommand, invocation);
    const files = invocation.texts('ca');
    const authorities = await Promise.all(files.map((path) => authorityOf(path, io)));
    const checked = authorities.length > 0;
    const verified = await verifiedFile(file, io, checked ? { trust: issuedBy(authorities) } : {});
    const facts = factsOf(verified, checked, io.now);
    io.out(invocation.flag('json') ? json({ file, valid: true, ...facts }) : readable(facts));
    return EXIT.ok;
  },
};

async function authorityOf(path: string, io: Io): Promise<X509Certificate> {
  try {
    return new X509Certificate(await io.readFile(path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`«${path}» no es un certificado PEM o DER.`, undefined, { cause: error });
  }
}

/** Trusts what one of the authorities issued. */
function issuedBy(authorities: readonly X509Certificate[]): TrustCheck {
  return ({ der }) => {
    const certificate = new X509Certificate(der);
    const issued = authorities.some(
      (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
    );
    return issued ? null : 'not issued by any of the given authorities';
  };
}

function factsOf(verified: Verified, checked: boolean, now: Date) {
  const { certificate, signedXml } = verified;
  const { holder, subject, issuer, notBefore, notAfter } = certificate;
  return {
    ...documentOf(signedXml, verified.rootName),
    codigoSeguridad: verified.codigoSeguridad,
    sha256: verified.digest,
    subject,
    holder,
    issuer,
    authorityChecked: checked,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    validNow: isValidAt(certificate, now),
    whitespace: verified.whitespace,
  };
}

/** Values are read from the signed text only. */
function documentOf(signedXml: string, rootName: string) {
  const known = ['ECF', 'RFCE', 'ARECF', 'ACECF', 'ANECF', 'SemillaModel'].includes(rootName);
  if (!known) return { document: rootName, encf: null };
  const { format } = readCanonical(signedXml);
  const encf = /<eNCF>([^<]*)<\/eNCF>/.exec(signedXml)?.[1] ?? null;
  return { document: isTipoEcf(format) ? `e-CF ${format}` : format, encf };
}

function readable(facts: ReturnType<typeof factsOf>): string {
  const { holder } = facts;
  const kinds = { cedula: 'cédula', rnc: 'RNC', passport: 'pasaporte' } as const;
  const rows: readonly (readonly [string, string])[] = [
    ['Documento', facts.encf === null ? facts.document : `${facts.document}  ${facts.encf}`],
    ['Firmado por', facts.subject],
    ['Identidad', holder ? `${kinds[holder.kind]} ${holder.id}` : 'el certificado no la dice'],
    ['Emitido por', `${facts.issuer}${facts.authorityChecked ? '' : ' (no se comprobó: --ca)'}`],
    [
      'Vigencia',
      `${facts.notBefore.slice(0, 10)} a ${facts.notAfter.slice(0, 10)}${facts.validNow ? '' : ' (hoy no está vigente)'}`,
    ],
    ['Código de seguridad', facts.codigoSeguridad],
    ['SHA-256', facts.sha256],
  ];
  const note =
    facts.whitespace === 'dropped'
      ? '\nVale solo sin los espacios que se pusieron entre etiquetas después de firmar.\n'
      : '';
  const width = Math.max(...rows.map(([title]) => title.length));
  const lines = rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}\n`);
  return `Firma válida.\n\n${lines.join('')}${note}`;
}
