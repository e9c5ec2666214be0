import { codesOf } from './codes.js';
import { SIMPLE_TYPES, type SimpleType } from './simple-types.data.js';

const known = new Map<string, SimpleType>(Object.entries(SIMPLE_TYPES));

/** The simple type of that name; see the tables of the catalogue for how types are named. */
export function simpleType(name: string): SimpleType {
  let type = known.get(name);
  if (!type) {
    type = derive(name);
    known.set(name, type);
  }
  return type;
}

function derive(name: string): SimpleType {
  const text = /^(text|blank)(\d+)$/.exec(name);
  if (text) {
    const maxLength = Number(text[2]);
    return { base: 'string', ...(text[1] === 'text' && { minLength: 1 }), maxLength };
  }
  const codes = [...codesOf(name.slice(1)).keys()];
  if (name.startsWith('=')) return { base: 'string', codes };
  if (!name.startsWith('#')) throw new Error(`catalogue: no type ${name}`);
  // A number compares by value, so codes with leading zeros need their spelling stated as well.
  const spelled = codes.some((code) => code.startsWith('0') && code.length > 1);
  return { base: 'integer', codes, ...(spelled && { pattern: codes.join('|') }) };
}
