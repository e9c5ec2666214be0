import { codesOf } from '../catalogue/codes.js';
import { formatTree, type FormatNode, type TipoEcf } from '../catalogue/formats.js';
import type { SimpleType } from '../catalogue/simple-types.data.js';
import { xsdPattern } from '../validate/pattern.js';

/** A JSON Schema (draft 2020-12) object. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Tables too long to be listed in a schema are described by their form. */
const MAX_LISTED = 100;

/**
 * JSON Schema of the request's tree below `ECF` for one type, derived from the catalogue. Only
 * TipoeCF is required, because the rest may be derived; numbers pass for texts and a single object
 * for a list of one, as `normalize` takes them.
 */
export function jsonSchemaFor(tipo: TipoEcf): JsonSchema {
  const definitions = new Map<string, JsonSchema>();
  const root = container(formatTree(tipo).children, definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `e-CF ${tipo}: ${codesOf('TipoeCF').get(tipo) ?? ''}`,
    ...root,
    $defs: Object.fromEntries(definitions),
  };
}

/** The way to the one field that a request must state. */
const REQUIRED = new Set(['Encabezado', 'Encabezado/IdDoc', 'Encabezado/IdDoc/TipoeCF']);

function container(nodes: readonly FormatNode[], definitions: Map<string, JsonSchema>): JsonSchema {
  const required = nodes.filter(({ path }) => REQUIRED.has(path)).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(nodes.map((node) => [node.name, element(node, definitions)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function element(node: FormatNode, definitions: Map<string, JsonSchema>): JsonSchema {
  const one = node.type
    ? reference(node.typeName, node.type, definitions)
    : container(node.children, definitions);
  if (node.max === 1) return one;
  return { anyOf: [{ type: 'array', items: one, maxItems: node.max }, one] };
}

function reference(
  typeName: string,
  type: SimpleType,
  definitions: Map<string, JsonSchema>,
): JsonSchema {
  const name = typeName.replace(/^[#=]/, '');
  if (!definitions.has(name)) definitions.set(name, leaf(typeName, type));
  return { $ref: `#/$defs/${name}` };
}

function leaf(typeName: string, type: SimpleType): JsonSchema {
  const { codes, pattern, minLength, maxLength } = type;
  if (codes && codes.length <= MAX_LISTED) {
    // A number loses leading zeros, so only codes without them may be numbers.
    const numbers = codes.filter((code) => /^(0|[1-9]\d*)$/.test(code)).map(Number);
    return { enum: [...codes, ...numbers], ...meanings(typeName) };
  }
  return {
    type: ['string', 'number'],
    ...(pattern !== undefined && { pattern: xsdPattern(pattern).source }),
    ...(codes && { pattern: String.raw`^\d{6}$` }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

function meanings(typeName: string): JsonSchema {
  if (!/^[#=]/.test(typeName)) return {};
  const entries = [...codesOf(typeName.slice(1))];
  return { description: entries.map(([code, meaning]) => `${code} ${meaning}`).join(' · ') };
}
