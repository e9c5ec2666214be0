import { isTipoEcf, readCanonical } from '@getupnet/ecf';
import { isValidAt, trustAuthorities, type Refused, type Verified } from '@getupnet/xmldsig';
import { argumentOf, type Command } from '../command.js';
import { certificatesOf } from '../../cli/certificates.js';
import { EXIT, type ExitCode, type Io } from '../../cli/io.js';
import { json } from '../report.js';
import { judgeFile, refusalText } from '../verified.js';

export const verifyCommand: Command = {
  name: 'verify',
  argument: 'FILE',
  summary: 'comprueba la firma y dice quién firmó',
  help: `
Comprueba que el documento es el que se firmó y que la firma es de ese certificado. Quién es de
confianza lo dice usted:

  --ca FILE      certificados PEM de las autoridades; se puede repetir. Sin ellos no se comprueba quién
                 emitió el certificado
  --chain FILE   certificados PEM intermedios, entre la autoridad y quien firma; se puede repetir`,
  options: {
    ca: { type: 'string', multiple: true },
    chain: { type: 'string', multiple: true },
  },
  async run(invocation, io) {
    const file = argumentOf(verifyCommand, invocation);
    const authorities = await certificatesOf(invocation.texts('ca'), io);
    const intermediates = await certificatesOf(invocation.texts('chain'), io);
    const checked = authorities.length > 0;
    const trust = trustAuthorities({ authorities, intermediates, now: () => io.now });
    const verified = await judgeFile(file, io, checked ? { trust } : {});
    if (!verified.ok) return refused(verified, file, invocation.flag('json'), io);
    const facts = factsOf(verified, checked, io.now);
    io.out(invocation.flag('json') ? json({ file, valid: true, ...facts }) : readable(facts));
    return EXIT.ok;
  },
};

function refused(refusal: Refused, file: string, asJson: boolean, io: Io): ExitCode {
  const { fault, reason } = refusal;
  const message = refusalText(refusal);
  if (asJson) io.out(json({ file, valid: false, fault, reason, message }));
  else io.note(`${message}\n`);
  return EXIT.invalid;
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
