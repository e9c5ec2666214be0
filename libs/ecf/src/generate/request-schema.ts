import { codesOf } from '../catalogue/codes.js';
import { formatTree, TIPOS_ECF, type FormatNode } from '../catalogue/formats.js';
import { xsdPattern } from '../validate/pattern.js';
import type { JsonSchema } from './json-schema.js';

/** Longer code tables are named, not listed. */
const MAX_LISTED = 12;

/**
 * One JSON Schema for requests of all ten types, for OpenAPI: every field of any type, nothing
 * refers to anything else. Which fields a type has, and their exact limits, is `jsonSchemaFor`'s.
 */
export function requestSchema(): JsonSchema {
  return container(TIPOS_ECF.map((tipo) => formatTree(tipo).children));
}

function container(levels: readonly (readonly FormatNode[])[]): JsonSchema {
  const names = new Set(levels.flatMap((level) => level.map(({ name }) => name)));
  const entries = [...names].map((name) => {
    const nodes = levels.flatMap((level) => level.filter((node) => node.name === name));
    return [name, element(nodes)] as const;
  });
  return { type: 'object', properties: Object.fromEntries(entries), additionalProperties: false };
}

function element(nodes: readonly FormatNode[]): JsonSchema {
  const one = nodes.some(({ type }) => type) ? leaf(nodes) : container(nodes.map(childrenOf));
  const maxItems = Math.max(...nodes.map(({ max }) => max));
  return maxItems === 1 ? one : { anyOf: [{ type: 'array', items: one, maxItems }, one] };
}

const childrenOf = ({ children }: FormatNode): readonly FormatNode[] => children;

/** Where types differ in what they take, only what they have in common is said. */
function leaf(nodes: readonly FormatNode[]): JsonSchema {
  const [first] = nodes;
  const base = { type: ['string', 'number'] };
  if (!first?.type) return base;
  const { codes, maxLength, minLength, pattern } = first.type;
  const table = first.typeName.replace(/^[#=]/, '');
  if (codes && /^[#=]/.test(first.typeName)) {
    const meanings = [...codesOf(table)].map(([code, meaning]) => `${code} ${meaning}`);
    return {
      ...base,
      description:
        meanings.length > MAX_LISTED ? `Código de la tabla ${table}` : meanings.join(' · '),
    };
  }
  if (nodes.some(({ typeName }) => typeName !== first.typeName)) return base;
  return {
    ...base,
    ...(pattern !== undefined && { pattern: xsdPattern(pattern).source }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
  };
}
