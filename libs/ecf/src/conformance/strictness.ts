import { formatTree, isTipoEcf, type Format } from '../catalogue/formats.js';
import { dayNumber } from '../rules/dates.js';
import { xsdPattern } from '../validate/pattern.js';
import { copyOf, descendants, element, leafText, type XmlNode } from './generate.js';
import { Random } from './random.js';
import { STRICTNESSES, type StrictnessId } from './strictnesses.data.js';

/** Changes a document so that the difference cannot show; answers whether it was there. */
type Repair = (root: XmlNode, format: Format, signed: boolean) => boolean;

/** What may explain that verdicts on a document differ, and the document without it. */
export interface Explained {
  readonly ids: readonly StrictnessId[];
  readonly repaired: XmlNode;
}

/** The documented differences that a document shows, and the document with all of them repaired. */
export function explain(root: XmlNode, format: Format, signed: boolean): Explained {
  const repaired = copyOf(root);
  const ids = STRICTNESSES.filter(
    ({ id, formats }) =>
      (formats === 'all' || formats.includes(format)) && REPAIRS[id](repaired, format, signed),
  ).map(({ id }) => id);
  return { ids, repaired };
}

/** Applies a change wherever it is called for. */
const each =
  (change: (one: XmlNode, format: Format) => boolean): Repair =>
  (root, format) =>
    [root, ...descendants(root)].map((one) => change(one, format)).includes(true);

const hasContent = ({ raw, text, children }: XmlNode): boolean =>
  raw !== undefined
    ? raw.replace(/<!--.*?-->/g, '') !== ''
    : (text ?? '') !== '' || children.length > 0;

/** Whether the schema takes an empty element there. */
function mayBeEmpty(one: XmlNode): boolean {
  const type = one.node?.type;
  if (!type) return one.node?.children.every(({ min }) => min === 0) ?? false;
  if (type.base !== 'string' || type.codes || (type.minLength ?? 0) > 0) return false;
  return type.pattern === undefined || xsdPattern(type.pattern).test('');
}

const NOTHING = { density: 0 };
/** For texts that repairs put in the place of others; any would do. */
const filling = new Random(1);

const fillEmpty: Repair = each((one, format) => {
  if (!one.node || hasContent(one) || !mayBeEmpty(one)) return false;
  if (one.node.type) one.text = leafText(one.node, format, filling);
  else if (isTipoEcf(format)) {
    one.children = element(one.node, format, NOTHING, filling).children;
  } else return false;
  delete one.raw;
  return true;
});

const DATE_PART = /^\s*(\d{1,2}-\d{1,2}-\d{4})/;

const fixDate: Repair = each((one) => {
  if (!/^date(?!TimeIso)/.test(one.node?.typeName ?? '')) return false;
  const written = plainText(one);
  const date = DATE_PART.exec(written)?.[1];
  if (date === undefined || dayNumber(date) !== undefined) return false;
  one.text = written.replace(/\d{1,2}-/, date.startsWith('0') || date.length === 10 ? '01-' : '1-');
  delete one.raw;
  return true;
});

/** Text of a leaf without the mark-up that mutations put into it. */
const plainText = ({ raw, text }: XmlNode): string =>
  raw === undefined ? (text ?? '') : raw.replace(/<[^>]*>/g, '').replaceAll('&#x30;', '0');

const dropInstructions: Repair = each((one) => {
  const raw = one.raw?.replace(/<\?.*?\?>/g, '');
  if (raw === one.raw) return false;
  one.raw = raw ?? '';
  return true;
});

/**
 * Without a signature its slot takes the last element, even one of the format's own that has no
 * place there: it is made a stranger.
 */
const renameInSlot: Repair = (root, format, signed) => {
  const order = formatTree(format).children.map(({ name }) => name);
  const indexes = root.children.map(({ name }) => order.indexOf(name));
  const last = root.children.findLastIndex(({ name }) => name !== '');
  const one = root.children[last];
  const index = indexes[last] ?? -1;
  if (signed || !one || index < 0 || Math.max(-1, ...indexes.slice(0, last)) < index) return false;
  root.children[last] = { ...one, name: 'Otro', node: undefined };
  return true;
};

const keepOneLine: Repair = each((one) => {
  if (one.name !== 'Anulacion') return false;
  const first = one.children.findIndex(({ name }) => name === 'NoLinea');
  const kept = one.children.filter(({ name }, at) => name !== 'NoLinea' || at === first);
  if (kept.length === one.children.length) return false;
  one.children = kept;
  return true;
});

const dropPayer: Repair = each((one, format) => {
  const kept = one.children.filter(({ name }) => name !== 'ResponsablePago');
  if (kept.length === one.children.length) return false;
  // In type 34 it may have been all that the container had.
  const left = kept.length > 0 || !one.node;
  one.children = left ? kept : element(one.node, format, NOTHING, filling).children;
  return true;
});

const ownType: Repair = each((one, format) => {
  if (one.name !== 'TipoeCF' || !isTipoEcf(format) || plainText(one) === format) return false;
  one.text = format;
  delete one.raw;
  return true;
});

const LONGEST = 13;

const shorten: Repair = each((one, format) => {
  if (!one.node || !/^(rnc|encfAny)/.test(one.node.typeName)) return false;
  if (plainText(one).trim().length <= LONGEST) return false;
  one.text = leafText(one.node, format, filling);
  delete one.raw;
  return true;
});

const REPAIRS: Readonly<Record<StrictnessId, Repair>> = {
  'etiqueta-vacia': fillEmpty,
  'fecha-inexistente': fixDate,
  'instruccion-de-proceso': dropInstructions,
  'elemento-propio-en-la-firma': renameInSlot,
  'linea-de-anulacion-unica': keepOneLine,
  'responsable-de-pago': dropPayer,
  'tipo-de-otro-formato': ownType,
  'rnc-de-mas-de-once': shorten,
};
