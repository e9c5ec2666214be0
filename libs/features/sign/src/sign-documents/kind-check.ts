import type { SignedKind } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';

/** Root of a document and where it names whoever signs it. */
interface Shape {
  readonly root: string;
  readonly signerRnc: string;
}

/**
 * Issuers sign e-CF, summaries and voids; buyers sign acknowledgements and approvals (Informe
 * Técnico e-CF v1.0 and DGII's XSDs).
 */
const SHAPES: Readonly<Record<Exclude<SignedKind, 'semilla'>, Shape>> = {
  ecf: { root: 'ECF', signerRnc: 'RNCEmisor' },
  rfce: { root: 'RFCE', signerRnc: 'RNCEmisor' },
  arecf: { root: 'ARECF', signerRnc: 'RNCComprador' },
  acecf: { root: 'ACECF', signerRnc: 'RNCComprador' },
  anecf: { root: 'ANECF', signerRnc: 'RncEmisor' },
};

/**
 * The journal and its conflicts go by kind, so a label must be what the bytes are: a canonical
 * document of that root which names the tenant, once, as the one who signs. Canonical text has every
 * other `<` escaped. Throws `sign.kind_mismatch`.
 */
export function requireKind(xml: string, kind: Exclude<SignedKind, 'semilla'>, rnc: string): void {
  const { root, signerRnc } = SHAPES[kind];
  const open = `<${signerRnc}>`;
  const at = xml.indexOf(open);
  const named =
    at !== -1 &&
    xml.startsWith(`${rnc}</${signerRnc}>`, at + open.length) &&
    !xml.includes(open, at + 1);
  // Whoever wrote a comment or CDATA did not write canonical text: it could hide the real name.
  if (!named || !xml.startsWith(`<${root}>`) || xml.includes('<!')) {
    throw new AppError('sign.kind_mismatch', { kind });
  }
}
