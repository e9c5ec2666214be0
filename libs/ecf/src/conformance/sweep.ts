import { type Format, type FormatNode } from '../catalogue/formats.js';
import { fieldsOf } from '../catalogue/fields.js';
import { descendants, generate, type XmlNode } from './generate.js';
import type { Random } from './random.js';
import { NUMBER_TEXTS, TEXTS } from './texts.data.js';

/** A document made on purpose, and what for. The next one may change it. */
export interface Case {
  readonly root: XmlNode;
  readonly what: string;
}

/** The path and all above it. */
function upTo(path: string): ReadonlySet<string> {
  const names = path.split('/');
  return new Set(names.map((_, index) => names.slice(0, index + 1).join('/')));
}

/** A document with one field and little else, and that field in it. */
function withField(format: Format, { path }: FormatNode, random: Random) {
  const root = generate(format, random, { density: 0, entries: 1, wanted: upTo(path) });
  const all = [root, ...descendants(root)];
  const one = all.find(({ node }) => node?.path === path);
  const parent = all.find(({ children }) => one !== undefined && children.includes(one));
  if (!one || !parent) throw new Error(`${path} of ${format} was not generated`);
  return { root, one, parent };
}

/** Every list at its limit, and with one entry more. */
export function* limitCases(format: Format, random: Random): Generator<Case> {
  for (const node of fieldsOf(format).values()) {
    if (node.max === 1) continue;
    const { root, one, parent } = withField(format, node, random);
    const at = parent.children.indexOf(one);
    for (const count of [node.max, node.max + 1]) {
      const entries = Array.from({ length: count }, () => one);
      parent.children = [
        ...parent.children.slice(0, at),
        ...entries,
        ...parent.children.slice(at).filter((child) => child !== one),
      ];
      yield { root, what: `${node.path} ${count} times` };
    }
  }
}

/** Every text in every leaf, or of all of them one in `stride`. */
export function* textCases(
  format: Format,
  codes: readonly string[],
  random: Random,
  stride: number,
): Generator<Case> {
  for (const node of fieldsOf(format).values()) {
    if (!node.type) continue;
    const { root, one } = withField(format, node, random);
    const { maxLength } = node.type;
    const lengths =
      maxLength === undefined ? [] : ['á'.repeat(maxLength), 'á'.repeat(maxLength + 1)];
    const own = node.type.codes ? codes : [];
    for (const text of [...TEXTS, ...NUMBER_TEXTS, ...lengths, ...own]) {
      if (stride > 1 && random.below(stride) > 0) continue;
      one.text = text;
      yield { root, what: `${node.path} = ${JSON.stringify(text.slice(0, 40))}` };
    }
  }
}
