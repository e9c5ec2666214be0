/** In JSON text as `JSON.stringify` writes it: any escape; whole pairs of surrogates are not escaped. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g;
const NOT_STORABLE = /^\\u(?:0000|d[89a-f][0-9a-f]{2})$/;

/**
 * JSON text of what others wrote, fit for the database: neither its texts nor jsonb can hold U+0000 or
 * half of a surrogate pair. U+FFFD stands in for them, so that a garbled answer can be recorded.
 */
export function storableJson(value: object): string {
  const text = JSON.stringify(value);
  // Nearly always: looking at each escape of a batch costs more than writing it.
  if (!text.includes('\\u')) return text;
  return text.replace(ESCAPE, (escape) => (NOT_STORABLE.test(escape) ? '\\ufffd' : escape));
}
