import {
  C14N,
  DIGEST_HASHES,
  DS_NAMESPACE,
  ENVELOPED,
  EXCLUSIVE_C14N,
  SIGNATURE_HASHES,
  type Hash,
} from './algorithms.js';
import { Refusal, type CanonicalMode } from './canonical.js';

/** A signed document's canonical text, taken apart at its Signature. */
export interface CutDocument {
  readonly rootName: string;
  /** Namespace declarations of the root, prefix (with `xmlns:`) → URI. */
  readonly rootNamespaces: ReadonlyMap<string, string>;
  /** The document without its Signature: what the enveloped transform leaves. */
  readonly body: string;
  /** The Signature element. */
  readonly signature: string;
}

/** What the Signature says, read from canonical text. */
export interface SignatureParts {
  readonly bodyMode: CanonicalMode;
  readonly signedInfoMode: CanonicalMode;
  /** SignedInfo as it stands inside the document. */
  readonly signedInfo: string;
  /** Prefix of the signature's elements with its colon, or empty. */
  readonly prefix: string;
  readonly digestHash: Hash;
  readonly digestValue: string;
  readonly signatureHash: Hash;
  readonly signatureValue: string;
  /** Base64 of the one X509Certificate. */
  readonly certificate: string;
}

const structure = (reason: string): Refusal => new Refusal('signature.structure', reason);

const SIGNATURE_START = /<(?:[\w.-]+:)?Signature(?=[ >])/g;
const ROOT_START = /^<([A-Za-z_][\w.-]*)((?: [\w.:-]+="[^"<>]*")*)>/;
const ATTRIBUTE = / ([\w.:-]+)="([^"<>]*)"/g;

/** Prefixes that .NET declares on every root it writes; they bind nothing in our documents. */
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const HARMLESS_NAMESPACES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/XMLSchema',
  SCHEMA_INSTANCE,
  DS_NAMESPACE,
]);

/**
 * Cuts a canonical document at its one Signature, which must be the root's last child, and refuses
 * foreign namespaces and attributes in the rest: nothing in these formats uses them, and values
 * could hide in them.
 */
export function cutSignature(canonical: string): CutDocument {
  const starts = [...canonical.matchAll(SIGNATURE_START)];
  const [start] = starts;
  if (start === undefined) throw structure('no Signature');
  if (starts.length > 1) throw structure('more than one Signature');
  const close = `</${start[0].slice(1)}>`;
  const end = canonical.indexOf(close, start.index) + close.length;
  const root = ROOT_START.exec(canonical);
  const rootName = root?.[1];
  if (root === null || rootName === undefined) throw new Refusal('xml.namespace', 'root element');
  if (canonical.slice(end).replace(SPACE, '') !== `</${rootName}>`) {
    throw structure('Signature is not the last child of the root');
  }
  const body = canonical.slice(0, start.index) + canonical.slice(end);
  // A blank ends a name in canonical text; what else JavaScript calls white space may be part of it.
  if (/<[^> ]* /.test(body.slice(root[0].length))) {
    throw new Refusal('xml.namespace', 'attribute in the document');
  }
  if (/<\/?[^>: ]*:/.test(body)) throw new Refusal('xml.namespace', 'prefixed element');
  return {
    rootName,
    rootNamespaces: rootNamespaces(root[2] ?? ''),
    body,
    signature: canonical.slice(start.index, end),
  };
}

const SPACE = /(?:[ \t\n]|&#xD;)+/g;

function rootNamespaces(attributes: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (name.startsWith('xmlns:') && HARMLESS_NAMESPACES.has(value)) found.set(name, value);
    else if (!isSchemaLocation(name, found)) {
      throw new Refusal('xml.namespace', `attribute ${name} on the root`);
    }
  }
  return found;
}

/** Declarations come first in canonical order; `xml:` would be inherited by SignedInfo. */
function isSchemaLocation(name: string, declared: ReadonlyMap<string, string>): boolean {
  const prefix = /^([\w.-]+):(?:noNamespaceS|s)chemaLocation$/.exec(name)?.[1];
  return prefix !== undefined && declared.get(`xmlns:${prefix}`) === SCHEMA_INSTANCE;
}

const S = '(?:[ \\t\\n]|&#xD;)*';
const BASE64 = '((?:[A-Za-z0-9+/= \\t\\n]|&#xD;)*)';
const ID = '(?: Id="[^"<>]*")?';
const URI = '"([^"<>]*)"';
const TEXT = '[^<>]*';

/** One pattern for the whole element: what it does not name cannot be there. */
function compile(p: string): RegExp {
  const open = (name: string): string => `<${p}${name}>${S}`;
  const close = (name: string): string => `</${p}${name}>${S}`;
  const empty = (name: string): string => `<${p}${name} Algorithm=${URI}>${S}${close(name)}`;
  const leaf = (name: string, value: string): string => `<${p}${name}>${value}${close(name)}`;
  const transforms =
    open('Transforms') + empty('Transform') + `(?:${empty('Transform')})?` + close('Transforms');
  const reference =
    `<${p}Reference${ID} URI="">${S}${transforms}${empty('DigestMethod')}` +
    leaf('DigestValue', BASE64) +
    close('Reference');
  const signedInfo =
    `(<${p}SignedInfo${ID}>${S}${empty('CanonicalizationMethod')}${empty('SignatureMethod')}` +
    `${reference}</${p}SignedInfo>)${S}`;
  // Besides the certificate KeyInfo may describe the key; none of that is ever used.
  const key = group(
    leaf('KeyName', TEXT),
    open('KeyValue') +
      open('RSAKeyValue') +
      leaf('Modulus', TEXT) +
      leaf('Exponent', TEXT) +
      close('RSAKeyValue') +
      close('KeyValue'),
  );
  const described = group(
    open('X509IssuerSerial') +
      leaf('X509IssuerName', TEXT) +
      leaf('X509SerialNumber', TEXT) +
      close('X509IssuerSerial'),
    leaf('X509SubjectName', TEXT),
    leaf('X509SKI', TEXT),
  );
  const x509Data =
    open('X509Data') + described + leaf('X509Certificate', BASE64) + described + close('X509Data');
  return new RegExp(
    `^<${p}Signature[^<>]*>${S}${signedInfo}` +
      `<${p}SignatureValue${ID}>${BASE64}${close('SignatureValue')}` +
      `<${p}KeyInfo${ID}>${S}${key}${x509Data}${key}${close('KeyInfo')}</${p}Signature>$`,
  );
}

/** Any number of these, in any order. */
function group(...choices: readonly string[]): string {
  return `(?:${choices.join('|')})*`;
}

const PLAIN = compile('');
/** With certificate and indentation it has 3–8 kB; the bound keeps the patterns cheap. */
const MAX_SIGNATURE_CHARS = 64 * 1024;

/** Reads a Signature element of a canonical document; refuses any other shape. */
export function readSignature(cut: CutDocument): SignatureParts {
  const { signature } = cut;
  if (signature.length > MAX_SIGNATURE_CHARS) throw structure('Signature is too long');
  const start = /^<([\w.-]+:)?Signature((?: [\w.:-]+="[^"<>]*")*)>/.exec(signature);
  if (start === null) throw structure('start of Signature');
  const prefix = start[1] ?? '';
  checkNamespaces(cut, prefix, start[2] ?? '');
  const pattern = prefix === '' ? PLAIN : compile(prefix.replace(/[.]/g, '\\.'));
  const match = pattern.exec(signature);
  if (match === null) throw structure(faultOf(signature, prefix));
  const [, signedInfo = '', c14n = '', method = '', first = '', second, digest = ''] = match;
  const [, , , , , , , digestValue = '', signatureValue = '', certificate = ''] = match;
  if (first !== ENVELOPED) throw new Refusal('signature.algorithm', `transform ${first}`);
  return {
    bodyMode: second === undefined ? 'inclusive' : modeOf(second),
    signedInfoMode: modeOf(c14n),
    signedInfo,
    prefix,
    digestHash: hashOf(DIGEST_HASHES, 'digest', digest),
    digestValue: compact(digestValue),
    signatureHash: hashOf(SIGNATURE_HASHES, 'signature', method),
    signatureValue: compact(signatureValue),
    certificate: compact(certificate),
  };
}

function hashOf(known: ReadonlyMap<string, Hash>, what: string, algorithm: string): Hash {
  const hash = known.get(algorithm);
  if (hash === undefined) throw new Refusal('signature.algorithm', `${what} ${algorithm}`);
  return hash;
}

function modeOf(algorithm: string): CanonicalMode {
  if (algorithm === C14N) return 'inclusive';
  if (algorithm === EXCLUSIVE_C14N) return 'exclusive';
  throw new Refusal('signature.algorithm', `canonicalization ${algorithm}`);
}

function compact(base64: string): string {
  return base64.replace(SPACE, '');
}

/** The signature's elements are in its namespace, declared on Signature or on the root. */
function checkNamespaces(cut: CutDocument, prefix: string, own: string): void {
  let bound = prefix === '' ? undefined : cut.rootNamespaces.get(`xmlns:${prefix.slice(0, -1)}`);
  for (const [, name = '', value = ''] of own.matchAll(ATTRIBUTE)) {
    if (name === 'Id') continue;
    if (name !== (prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`)) {
      throw structure(`attribute ${name} on Signature`);
    }
    bound = value;
  }
  if (bound !== DS_NAMESPACE) throw structure('Signature is not in its namespace');
}

/** A word for the log about the commonest ways in which a Signature has another shape. */
function faultOf(signature: string, prefix: string): string {
  const count = (name: string): number => signature.split(`<${prefix}${name}`).length - 1;
  if (count('Object') > 0) return 'Object in Signature';
  if (count('Reference') !== 1) return 'not exactly one Reference';
  if (!signature.includes('URI=""')) return 'Reference does not cover the whole document';
  if (count('Transform ') > 2) return 'too many transforms';
  if (count('KeyInfo') !== 1) return 'not exactly one KeyInfo';
  if (count('X509Certificate') !== 1) return 'not exactly one X509Certificate';
  return 'unexpected content of Signature';
}

/**
 * SignedInfo as the apex of its own canonical form: inclusive C14N makes it declare every namespace
 * in scope, the root's too, default first and then by prefix; exclusive only the one it uses.
 */
export function apexSignedInfo(cut: CutDocument, parts: SignatureParts): string {
  const own = parts.prefix === '' ? 'xmlns' : `xmlns:${parts.prefix.slice(0, -1)}`;
  const scope = new Map(parts.signedInfoMode === 'inclusive' ? cut.rootNamespaces : []);
  scope.set(own, DS_NAMESPACE);
  const declarations = [...scope]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, uri]) => ` ${name}="${uri}"`)
    .join('');
  const tag = `<${parts.prefix}SignedInfo`;
  return tag + declarations + parts.signedInfo.slice(tag.length);
}
