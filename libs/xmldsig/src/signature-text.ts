import { C14N, DS_NAMESPACE, ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SHA256 } from './algorithms.js';
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
  readonly digestValue: string;
  readonly signatureValue: string;
  readonly certificate: string;
}

const structure = (reason: string): Refusal => new Refusal('signature.structure', reason);

const SIGNATURE_START = /<(?:[\w.-]+:)?Signature(?=[ >])/g;
const ROOT_START = /^<([A-Za-z_][\w.-]*)((?: [\w.:-]+="[^"<>]*")*)>/;
const ATTRIBUTE = / ([\w.:-]+)="([^"<>]*)"/g;

/** Prefixes that .NET declares on every root it writes; they bind nothing in our documents. */
const HARMLESS_NAMESPACES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/XMLSchema',
  'http://www.w3.org/2001/XMLSchema-instance',
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
  if (/<[^>\s]* /.test(body.slice(root[0].length))) {
    throw new Refusal('xml.namespace', 'attribute in the document');
  }
  if (/<\/?[^>\s]*:/.test(body)) throw new Refusal('xml.namespace', 'prefixed element');
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
    else if (!/:(?:noNamespaceS|s)chemaLocation$/.test(name)) {
      throw new Refusal('xml.namespace', `attribute ${name} on the root`);
    }
  }
  return found;
}

const S = '(?:[ \\t\\n]|&#xD;)*';
const BASE64 = '((?:[A-Za-z0-9+/= \\t\\n]|&#xD;)*)';
const ID = '(?: Id="[^"<>]*")?';
const URI = '"([^"<>]*)"';

interface Patterns {
  readonly signature: RegExp;
  readonly certificate: RegExp;
}

/** One pattern for the whole element: what it does not name cannot be there. */
function compile(p: string): Patterns {
  const empty = (name: string): string => `<${p}${name} Algorithm=${URI}>${S}</${p}${name}>${S}`;
  const transforms = `<${p}Transforms>${S}${empty('Transform')}(?:${empty('Transform')})?</${p}Transforms>${S}`;
  const reference =
    `<${p}Reference${ID} URI="">${S}${transforms}${empty('DigestMethod')}` +
    `<${p}DigestValue>${BASE64}</${p}DigestValue>${S}</${p}Reference>${S}`;
  const signedInfo =
    `(<${p}SignedInfo${ID}>${S}${empty('CanonicalizationMethod')}${empty('SignatureMethod')}` +
    `${reference}</${p}SignedInfo>)${S}`;
  return {
    signature: new RegExp(
      `^<${p}Signature[^<>]*>${S}${signedInfo}` +
        `<${p}SignatureValue${ID}>${BASE64}</${p}SignatureValue>${S}` +
        `<${p}KeyInfo${ID}>([\\s\\S]*)</${p}KeyInfo>${S}</${p}Signature>$`,
    ),
    certificate: new RegExp(`<${p}X509Certificate>${BASE64}</${p}X509Certificate>`, 'g'),
  };
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
  checkNamespaces(cut, prefix, start[2] ?? '', signature.slice(start[0].length));
  const patterns = prefix === '' ? PLAIN : compile(prefix.replace(/[.]/g, '\\.'));
  const match = patterns.signature.exec(signature);
  if (match === null) throw structure(faultOf(signature, prefix));
  const [, signedInfo = '', c14n = '', method = '', first = '', second, digest = ''] = match;
  const [, , , , , , , digestValue = '', signatureValue = '', keyInfo = ''] = match;
  if (method !== RSA_SHA256) throw new Refusal('signature.algorithm', `signature ${method}`);
  if (digest !== SHA256) throw new Refusal('signature.algorithm', `digest ${digest}`);
  if (first !== ENVELOPED) throw new Refusal('signature.algorithm', `transform ${first}`);
  return {
    bodyMode: second === undefined ? 'inclusive' : modeOf(second),
    signedInfoMode: modeOf(c14n),
    signedInfo,
    prefix,
    digestValue: compact(digestValue),
    signatureValue: compact(signatureValue),
    certificate: onlyCertificate(keyInfo, patterns.certificate),
  };
}

function onlyCertificate(keyInfo: string, pattern: RegExp): string {
  const [certificate, ...others] = [...keyInfo.matchAll(pattern)];
  if (certificate === undefined) throw structure('no X509Certificate');
  if (others.length > 0) throw structure('more than one X509Certificate');
  return compact(certificate[1] ?? '');
}

function modeOf(algorithm: string): CanonicalMode {
  if (algorithm === C14N) return 'inclusive';
  if (algorithm === EXCLUSIVE_C14N) return 'exclusive';
  throw new Refusal('signature.algorithm', `canonicalization ${algorithm}`);
}

function compact(base64: string): string {
  return base64.replace(SPACE, '');
}

/** Inside the Signature everything is in its namespace, declared on it or on the root. */
function checkNamespaces(cut: CutDocument, prefix: string, own: string, inner: string): void {
  let bound = prefix === '' ? undefined : cut.rootNamespaces.get(`xmlns:${prefix.slice(0, -1)}`);
  for (const [, name = '', value = ''] of own.matchAll(ATTRIBUTE)) {
    if (name === 'Id') continue;
    if (name !== (prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`)) {
      throw structure(`attribute ${name} on Signature`);
    }
    bound = value;
  }
  if (bound !== DS_NAMESPACE) throw structure('Signature is not in its namespace');
  // In a tag: base64 text may spell anything.
  if (/<[^<>]* xmlns[:=]/.test(inner)) throw structure('namespace declared inside Signature');
}

/** A word for the log about the commonest ways in which a Signature has another shape. */
function faultOf(signature: string, prefix: string): string {
  const count = (name: string): number => signature.split(`<${prefix}${name}`).length - 1;
  if (count('Object') > 0) return 'Object in Signature';
  if (count('Reference') !== 1) return 'not exactly one Reference';
  if (!signature.includes('URI=""')) return 'Reference does not cover the whole document';
  if (count('Transform ') > 2) return 'too many transforms';
  if (count('KeyInfo') !== 1) return 'not exactly one KeyInfo';
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
