import { formatTree, type Format, type FormatNode } from '../catalogue/formats.js';
import { escapeText } from '../xml/text.js';
import type { Random } from './random.js';

/** An element as XML has it: in any order, as often as it likes. */
export interface XmlNode {
  readonly name: string;
  readonly node: FormatNode | undefined;
  children: XmlNode[];
  text: string | undefined;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzñÑáéíóúÁÉÍÓÚ';
const ANY = `${LETTERS}0123456789 .,-_/()&<>'"%$#@!¿?üÜ€日𝒳\t`;

/** A random document that the format's schema accepts. */
export function generate(format: Format, random: Random): XmlNode {
  const density = random.pick([0.05, 0.3, 0.8]);
  const tree = formatTree(format);
  return {
    name: tree.root,
    node: undefined,
    text: undefined,
    children: tree.children.flatMap((node) => element(node, format, density, random)),
  };
}

function element(node: FormatNode, format: Format, density: number, random: Random): XmlNode[] {
  if (node.min === 0 && !random.chance(density)) return [];
  const count = node.max === 1 ? 1 : 1 + random.below(Math.min(node.max, 3));
  return Array.from({ length: count }, () => ({
    name: node.name,
    node,
    text: node.type ? leafText(node, format, random) : undefined,
    children: node.children.flatMap((child) => element(child, format, density, random)),
  }));
}

const chars = (set: string, count: number, random: Random): string => {
  const list = Array.from(set);
  return Array.from({ length: count }, () => random.pick(list)).join('');
};

function leafText(node: FormatNode, format: Format, random: Random): string {
  const type = node.type;
  if (node.name === 'TipoeCF' && type?.codes?.includes(format)) return format;
  if (type?.codes) return random.pick(type.codes);
  const special = SPECIAL[node.typeName] ?? SPECIAL[node.typeName.replace(/\d+$/, '')];
  if (special) return special(random);
  const max = type?.maxLength ?? 40;
  const min = type?.minLength ?? 1;
  const extra = random.below(Math.min(max - min + 1, random.chance(0.1) ? 1001 : 8));
  return chars(ANY, min + extra, random);
}

const two = (value: number): string => String(value).padStart(2, '0');
const day = (random: Random): string =>
  `${two(1 + random.below(31))}-${two(1 + random.below(12))}-20${two(random.below(40))}`;
const time = (random: Random): string =>
  [random.below(24), random.below(60), random.below(60)].map(two).join(':');

const decimal = (integers: number, decimals: readonly number[]) => (random: Random) => {
  const places = random.pick(decimals);
  const whole = 1 + random.below(9) + random.digits(random.below(integers));
  return places === 0 ? whole : `${whole}.${random.digits(places)}`;
};

/** Makers for the types a random string will not hit. */
const SPECIAL: Readonly<Record<string, (random: Random) => string>> = {
  amount: decimal(16, [0, 1, 2]),
  positive: decimal(16, [0, 1, 2]),
  signed: (random) => random.pick(['', '-', '+']) + decimal(16, [0, 1, 2])(random),
  amount2: decimal(16, [0, 2]),
  positive2: decimal(16, [0, 2]),
  signed2: decimal(16, [0, 2]),
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
  date: day,
  dateSpaced: day,
  dateTime: (random) => `${day(random)} ${time(random)}`,
  dateTimeAny: (random) => `${day(random)} ${time(random)}`,
  dateTimeIso: (random) => `20${random.pick(['24', '25'])}-05-0${1 + random.below(9)}T10:00:00`,
  term: (random) => chars(`${LETTERS}0123456789 `, 1 + random.below(15), random),
  phone: (random) => `${random.digits(3)}-${random.digits(3)}-${random.digits(4)}`,
  email: (random) => `${chars('abc+9ñ', 3, random)}.x@${chars('abc', 4, random)}-y.com`,
  letters: (random) => chars(`${LETTERS}, `, 1 + random.below(20), random),
  word: (random) => chars(LETTERS, 3, random),
};

/** The document as text, with an element in the signature's place. */
export function toXml(root: XmlNode, signature = true): string {
  const slot = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"></Signature>';
  const body = root.children.map(elementXml).join('');
  return `<${root.name}>${body}${signature ? slot : ''}</${root.name}>`;
}

function elementXml(element: XmlNode): string {
  const content =
    element.text === undefined
      ? element.children.map(elementXml).join('')
      : escapeText(element.text);
  return `<${element.name}>${content}</${element.name}>`;
}
