import { isUtf8 } from 'node:buffer';
import { ParseOption, XmlC14NMode, XmlDocument, XmlError } from 'libxml2-wasm';

/** Why a received document was refused; the first part is the area of the fault. */
export type XmlFault =
  | 'xml.too_complex'
  | 'xml.encoding'
  | 'xml.dtd_forbidden'
  | 'xml.pi_forbidden'
  | 'xml.malformed'
  | 'xml.namespace'
  | 'signature.structure'
  | 'signature.algorithm'
  | 'signature.certificate'
  | 'signature.untrusted'
  | 'signature.digest'
  | 'signature.value';

/** Carries a fault out of the gate; never leaves this library. */
export class Refusal extends Error {
  constructor(
    readonly fault: XmlFault,
    readonly reason: string,
  ) {
    super(`${fault}: ${reason}`);
    this.name = 'Refusal';
  }
}

export interface XmlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}

export const RECEIVED_LIMITS: XmlLimits = {
  maxBytes: 2 * 1024 * 1024,
  maxDepth: 32,
  maxElements: 50_000,
};

/** Semillas, applications and declarations have a few kB; signing them goes through a slow library. */
export const FOREIGN_LIMITS: XmlLimits = {
  maxBytes: 256 * 1024,
  maxDepth: 32,
  maxElements: 2_000,
};

export type CanonicalMode = 'inclusive' | 'exclusive';

/** Canonical texts of one parsed document. */
export interface CanonicalSource {
  text(mode: CanonicalMode, comments?: boolean): string;
}

const PARSE_OPTIONS: ParseOption =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_NOERROR |
  ParseOption.XML_PARSE_NOWARNING;

/**
 * Lets `use` read the canonical forms of a document whose bytes passed the checks that need no
 * parser. The parsed tree lives in WebAssembly memory, is never handed out and is always freed.
 */
export function withCanonical<T>(
  bytes: Uint8Array,
  limits: XmlLimits,
  use: (source: CanonicalSource) => T,
): T {
  checkBytes(bytes, limits);
  const document = parse(bytes);
  try {
    return use({
      text: (mode, comments = false) =>
        document.canonicalizeToString({
          mode:
            mode === 'inclusive' ? XmlC14NMode.XML_C14N_1_0 : XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
          withComments: comments,
        }),
    });
  } finally {
    document.dispose();
  }
}

function parse(bytes: Uint8Array): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option: PARSE_OPTIONS });
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal('xml.malformed', error.message.trim());
    throw error;
  }
}

const DECLARATION =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i;

function checkBytes(bytes: Uint8Array, limits: XmlLimits): void {
  if (bytes.length > limits.maxBytes) throw new Refusal('xml.too_complex', 'too many bytes');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, 3).equals(BOM)) throw new Refusal('xml.encoding', 'byte order mark');
  if (!isUtf8(buffer)) throw new Refusal('xml.encoding', 'not UTF-8');
  const head = buffer.toString('latin1', 0, 200);
  if (head.startsWith('<?xml') && !DECLARATION.test(head)) {
    throw new Refusal('xml.encoding', 'declaration is not of XML 1.0 in utf-8');
  }
  if (buffer.includes('<!DOCTYPE')) throw new Refusal('xml.dtd_forbidden', 'document type');
  if (countAttributes(buffer) > MAX_ATTRIBUTES) {
    throw new Refusal('xml.too_complex', 'too many attributes');
  }
  // Before the parser builds a tree: each element has at most two tags.
  if (countByte(buffer, 0x3c) > 2 * limits.maxElements + 100) {
    throw new Refusal('xml.too_complex', 'too many tags');
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Ours carry about fifteen; canonical order costs the square of an element's number. */
const MAX_ATTRIBUTES = 1_000;

/** Quotes behind an equals sign: every attribute's, and seldom one in a text. */
function countAttributes(buffer: Buffer): number {
  let count = 0;
  for (const quote of [0x22, 0x27]) {
    for (let at = buffer.indexOf(quote); at !== -1; at = buffer.indexOf(quote, at + 1)) {
      let before = at - 1;
      while (isSpace(buffer[before])) before -= 1;
      if (buffer[before] === 0x3d) count += 1;
    }
  }
  return count;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function countByte(buffer: Buffer, byte: number): number {
  let count = 0;
  for (let at = buffer.indexOf(byte); at !== -1; at = buffer.indexOf(byte, at + 1)) count += 1;
  return count;
}

/**
 * Checks that hold for every document we read, on its canonical text: there each `<` starts a tag, a
 * comment or an instruction, because text and attribute values have it escaped.
 */
export function checkShape(canonical: string, limits: XmlLimits): void {
  if (canonical.includes('<?')) throw new Refusal('xml.pi_forbidden', 'processing instruction');
  let depth = 0;
  let elements = 0;
  for (let at = canonical.indexOf('<'); at !== -1; at = canonical.indexOf('<', at + 1)) {
    if (canonical.charCodeAt(at + 1) === SLASH) {
      depth -= 1;
      continue;
    }
    depth += 1;
    elements += 1;
    if (depth > limits.maxDepth) throw new Refusal('xml.too_complex', 'nested too deeply');
    if (elements > limits.maxElements) throw new Refusal('xml.too_complex', 'too many elements');
  }
}

const SLASH = 0x2f;

/**
 * Drops white space between elements, as .NET does when it loads a document without preserving it;
 * text of leaf elements stays (Descripción Técnica v1.6, p. 60: issuers sign "without preserving whitespace",
 * Descripción Técnica, p. 60).
 */
export function dropWhitespace(canonical: string): string {
  return canonical.replace(
    /(<(\/?)[^<>]*>)(?:[ \t\n]|&#xD;)+(?=<(\/?))/g,
    (whole: string, tag: string, closes: string, nextCloses: string) =>
      closes === '' && nextCloses === '/' ? whole : tag,
  );
}
