import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

/** Independent opinions about our XML: xmlsec1, and the official schemas where they are at hand. */

const xsdRoot = process.env['ECF_OFFICIAL_XSD_DIR']?.replace(/\/+$/, '');

/** Where the official schemas and samples are expected; undefined when not told. */
export const officialXsdDir =
  xsdRoot === undefined || xsdRoot === ''
    ? undefined
    : [join(xsdRoot, 'patched'), xsdRoot].find((dir) => existsSync(dir));

export const samplesDir =
  xsdRoot === undefined || xsdRoot === '' || !existsSync(join(dirname(xsdRoot), 'samples'))
    ? undefined
    : join(dirname(xsdRoot), 'samples');

const validators = new Map<string, XsdValidator>();

function officialSchema(name: string): XsdValidator {
  const known = validators.get(name);
  if (known) return known;
  const text = readFileSync(join(officialXsdDir ?? '', `${name}.xsd`), 'utf8');
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(text));
  validators.set(name, validator);
  return validator;
}

/** Throws what the official schema (`e-CF-31`, `RFCE-32`) has against the XML. */
export function validateOfficially(name: string, xml: string): void {
  const document = XmlDocument.fromString(xml);
  try {
    officialSchema(name).validate(document);
  } finally {
    document.dispose();
  }
}

export const hasXmlsec = spawnSync('xmlsec1', ['--version']).status === 0;

/** Newer versions read a certificate inside the document only when asked to. */
const keyData =
  hasXmlsec && execFileSync('xmlsec1', ['--help-verify']).includes('--enabled-key-data')
    ? ['--enabled-key-data', 'x509']
    : [];

/** Whether xmlsec1 accepts the enveloped signature with this root as the only trusted one. */
export function xmlsecAccepts(xml: string, authorityPem: string): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'getupnet-xmlsec-'));
  try {
    const authority = join(dir, 'ca.pem');
    const signed = join(dir, 'signed.xml');
    writeFileSync(authority, authorityPem);
    writeFileSync(signed, xml);
    const args = ['--verify', ...keyData, '--trusted-pem', authority, signed];
    return spawnSync('xmlsec1', args).status === 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
