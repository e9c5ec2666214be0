/** Any JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * RFC 8785 (JCS) text of a JSON value: keys sorted by UTF-16 code units, no white space, numbers
 * and strings as ECMAScript writes them. `undefined` properties are left out.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new RangeError('canonical JSON has no infinities');
    }
    return JSON.stringify(value);
  }
  let text = '';
  if (isList(value)) {
    for (const item of value) text += `${text && ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  for (const key of sorted(Object.keys(value))) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text && ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Keys are often in order as they are, and sorting allocates more than all the rest here. */
function sorted(keys: string[]): string[] {
  const isSorted = keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') < key);
  return isSorted ? keys : keys.sort();
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
