const NAMESPACE = String.raw`\s+xmlns:[\w.-]{1,32}\s*=\s*(?:"[^"<>]{1,200}"|'[^'<>]{1,200}')`;
const SEMILLA = new RegExp(
  String.raw`^\s*(?:<\?xml\s[^<>]{1,100}\?>\s*)?<SemillaModel(?:${NAMESPACE}){0,4}\s*>\s*` +
    String.raw`<valor>[^<>]{1,4096}</valor>\s*<fecha>[^<>]{1,64}</fecha>\s*</SemillaModel>\s*$`,
);
/** DGII's have some hundred characters. */
const MAX_CHARS = 8_192;

/**
 * The semilla of a body, or null. It is going to be signed, so the whole body is judged: `valor` and
 * `fecha` and nothing else, no comment, no instruction, no other element (Descripción Técnica v1.6,
 * p. 9). The signer judges again.
 */
export function readSemilla(body: string): string | null {
  const text = body.replace(/^\uFEFF/, '');
  return text.length <= MAX_CHARS && SEMILLA.test(text) ? text : null;
}
