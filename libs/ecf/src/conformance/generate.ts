import { formatTree, type Format, type FormatNode } from '../catalogue/formats.js';
import { dayNumber } from '../rules/dates.js';
import { escapeText } from '../xml/text.js';
import type { Random } from './random.js';

/** An element as XML has it: in any order, as often as it likes. */
export interface XmlNode {
  readonly name: string;
  /** Undefined for elements that the format does not have. */
  readonly node: FormatNode | undefined;
  children: XmlNode[];
  text: string | undefined;
  /** Content as it is written, mark-up included, in the place of text and children. */
  raw?: string;
  /** What follows the name in the start tag. */
  attributes?: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzñÑáéíóúÁÉÍÓÚ';
const ANY = `${LETTERS}0123456789 .,-_/()&<>'"%$#@!¿?üÜ€日𝒳\t`;

/** How much of a format a generated document has. */
export interface Extent {
  /** Chance of each element that may be absent. */
  readonly density: number;
  /** Entries of each list: so many, or one to three at random. */
  readonly entries?: number;
  /** Paths of elements that are there in any case. */
  readonly wanted?: ReadonlySet<string>;
}

/** Everything the format has, lists with several entries. */
export const EVERYTHING: Extent = { density: 1, entries: 2 };

const DENSITIES = [0.05, 0.3, 0.8] as const;

/** A random document that the format's schema and our validator accept. */
export function generate(
  format: Format,
  random: Random,
  extent: Extent = { density: random.pick(DENSITIES) },
): XmlNode {
  const tree = formatTree(format);
  return {
    name: tree.root,
    node: undefined,
    text: undefined,
    children: tree.children.flatMap((node) => elements(node, format, extent, random)),
  };
}

function elements(node: FormatNode, format: Format, extent: Extent, random: Random): XmlNode[] {
  const wanted = extent.wanted?.has(node.path) ?? false;
  if (node.min === 0 && !wanted && !random.chance(extent.density)) return [];
  const most = extent.entries ?? 1 + random.below(3);
  const count = Math.min(node.max, wanted || node.max === 1 ? 1 : most);
  return Array.from({ length: count }, () => element(node, format, extent, random));
}

/** One element with random content. */
export function element(node: FormatNode, format: Format, extent: Extent, random: Random): XmlNode {
  const children = node.children.flatMap((child) => elements(child, format, extent, random));
  if (!node.type && children.length === 0) {
    // A container holds something, although the schema would let it be empty.
    const child = node.children[0];
    if (child) children.push(element(child, format, extent, random));
  }
  return {
    name: node.name,
    node,
    text: node.type ? leafText(node, format, random) : undefined,
    children,
  };
}

const chars = (set: string, count: number, random: Random): string => {
  const list = Array.from(set);
  return Array.from({ length: count }, () => random.pick(list)).join('');
};

/** A text that the leaf's type accepts. */
export function leafText(node: FormatNode, format: Format, random: Random): string {
  const type = node.type;
  if (node.name === 'TipoeCF' && type?.codes?.includes(format)) return format;
  if (type?.codes) return random.pick(type.codes);
  const special = SPECIAL[node.typeName] ?? SPECIAL[node.typeName.replace(/\d+$/, '')];
  if (special) return special(random);
  const max = type?.maxLength ?? 40;
  const min = Math.max(1, type?.minLength ?? 1);
  const extra = random.below(Math.min(max - min + 1, random.chance(0.1) ? 1001 : 8));
  return chars(ANY, min + extra, random);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Days of the calendar, `pad` as it must be written; the schemas alone would take 31-02. */
function day(random: Random, pad: (value: number) => string = two): string {
  for (;;) {
    const [date, month] = [1 + random.below(31), 1 + random.below(12)];
    const text = `${pad(date)}-${pad(month)}-20${two(random.below(40))}`;
    if (dayNumber(text) !== undefined) return text;
  }
}

const time = (random: Random): string =>
  [random.below(24), random.below(60), random.below(60)].map(two).join(':');

const decimal = (integers: number, decimals: readonly number[]) => (random: Random) => {
  const places = random.pick(decimals);
  const whole = 1 + random.below(9) + random.digits(random.below(integers));
  return places === 0 ? whole : `${whole}.${random.digits(places)}`;
};

const short = (random: Random): string => day(random, random.chance(0.2) ? String : two);

/** Makers for the types a random string will not hit. */
const SPECIAL: Readonly<Record<string, (random: Random) => string>> = {
  amount: decimal(16, [0, 1, 2]),
  positive: decimal(16, [0, 1, 2]),
  signed: (random) => random.pick(['', '-', '+']) + decimal(16, [0, 1, 2])(random),
  amount2: decimal(16, [0, 2]),
  positive2: decimal(16, [0, 2]),
  signed2: (random) => random.pick(['', '-', '+']) + decimal(16, [0, 2])(random),
  amountExact: decimal(16, [2]),
  price: decimal(16, [0, 1, 2, 3, 4]),
  weight: decimal(16, [0, 1, 2, 3]),
  rate: decimal(3, [0, 1, 2]),
  exchange: decimal(3, [0, 1, 2, 3, 4]),
  bit: (random) => String(random.below(2)),
  int: (random) => random.digits(1 + random.below(2)),
  digits2: (random) => random.digits(1 + random.below(2)),
  digits10: (random) => random.digits(1 + random.below(10)),
  digits20: (random) => random.digits(1 + random.below(20)),
  line: (random) => String(1 + random.below(1000)),
  pages: (random) => String(2 + random.below(9998)),
  rnc: (random) => random.digits(random.pick([9, 11])),
  rncNumber: (random) => random.digits(random.pick([9, 11])),
  encf: (random) => `E${random.digits(12)}`,
  encfAny: (random) => `E${random.digits(random.pick([12, 10, 8]))}`,
  code: (random) => chars(`${LETTERS}+/09`, 6, random),
  date: short,
  date20: short,
  dateSpaced: (random) => random.pick(['', ' ', '\n']) + short(random) + random.pick(['', ' ']),
  dateTime: (random) => `${day(random)} ${time(random)}`,
  dateTimeAny: (random) => `${day(random)} ${time(random)}`,
  dateTimeIso: (random) => `20${random.pick(['24', '25'])}-05-0${1 + random.below(9)}T10:00:00`,
  term: (random) => chars(`${LETTERS}0123456789 `, 1 + random.below(15), random),
  phone: (random) => `${random.digits(3)}-${random.digits(3)}-${random.digits(4)}`,
  email: (random) => `${chars('abc+9ñ', 3, random)}.x@${chars('abc', 4, random)}-y.com`,
  letters: (random) => chars(`${LETTERS}, `, 1 + random.below(20), random),
  word: (random) => chars(LETTERS, 3, random),
};

const SLOT = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"></Signature>';

/** The document as text, with an element in the signature's place. */
export function toXml(root: XmlNode, signature = true): string {
  const body = root.children.map(elementXml).join('');
  const open = `<${root.name}${root.attributes ?? ''}>`;
  return `${open}${body}${signature ? SLOT : ''}</${root.name}>`;
}

function elementXml(one: XmlNode): string {
  const content =
    one.raw ??
    (one.text === undefined ? one.children.map(elementXml).join('') : escapeText(one.text));
  return one.name === '' ? content : `<${one.name}${one.attributes ?? ''}>${content}</${one.name}>`;
}

/** Every element below, parents before children. */
export const descendants = (root: XmlNode): XmlNode[] =>
  root.children.flatMap((child) => [child, ...descendants(child)]);

/** A copy that can be changed without touching the original. */
export const copyOf = (root: XmlNode): XmlNode => ({
  ...root,
  children: root.children.map(copyOf),
});
