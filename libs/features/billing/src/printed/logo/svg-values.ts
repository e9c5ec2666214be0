import { logoFault } from './logo-fault.js';

const NUMBER = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,2})?';
const NUMBERS = /^[-+0-9eE.,\s]*$/;
const PATH = /^[MmZzLlHhVvCcSsQqTtAa0-9eE+\-.,\s]*$/;
const TRANSFORM =
  /^(?:\s*(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([-+0-9eE.,\s]*\)[\s,]*)*$/;
const LENGTH = new RegExp(`^(${NUMBER})(?:px)?$`);
const FRACTION = new RegExp(`^(${NUMBER})(%?)$`);
const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const RGB = /^rgb\(\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*\)$/;

/** Names that editors write; CSS has 148, and these are nearly all one meets in a logo. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ black: '#000000', white: '#ffffff', red: '#ff0000', green: '#008000', blue: '#0000ff' },
  ...{ gray: '#808080', grey: '#808080', silver: '#c0c0c0', maroon: '#800000', navy: '#000080' },
  ...{ yellow: '#ffff00', olive: '#808000', lime: '#00ff00', aqua: '#00ffff', teal: '#008080' },
  ...{ cyan: '#00ffff', fuchsia: '#ff00ff', magenta: '#ff00ff', purple: '#800080' },
  ...{ orange: '#ffa500', gold: '#ffd700', brown: '#a52a2a', pink: '#ffc0cb', crimson: '#dc143c' },
  ...{ darkgray: '#a9a9a9', darkblue: '#00008b', darkgreen: '#006400', darkred: '#8b0000' },
};

type Check = (value: string) => string | undefined;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? value.replace(/\s+/g, ' ').trim() : undefined;
const length: Check = (value) => LENGTH.exec(value)?.[1];
const word =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value) ? value : undefined;
const fraction: Check = (value) => {
  const found = FRACTION.exec(value);
  if (!found) return undefined;
  return found[2] === '%' ? String(Number(found[1]) / 100) : found[1];
};
const color: Check = (value) => {
  const lower = value.toLowerCase();
  if (lower === 'none' || lower === 'transparent') return 'none';
  if (lower === 'currentcolor') return '#000000';
  if (HEX.test(lower)) return lower;
  const parts = RGB.exec(lower)?.slice(1).map(Number);
  if (!parts) return NAMES[lower];
  return `#${parts.map((part) => Math.min(part, 255).toString(16).padStart(2, '0')).join('')}`;
};

/** What a shape may be painted with, as attribute, in `style` or in a rule of a class. */
const PAINT: Readonly<Record<string, Check>> = {
  fill: color,
  stroke: color,
  'stroke-width': length,
  'stroke-linecap': word('butt', 'round', 'square'),
  'stroke-linejoin': word('miter', 'round', 'bevel'),
  'stroke-miterlimit': length,
  'stroke-dasharray': (value) => (value === 'none' ? value : matching(NUMBERS)(value)),
  'stroke-dashoffset': length,
  'fill-rule': word('nonzero', 'evenodd'),
  opacity: fraction,
  'fill-opacity': fraction,
  'stroke-opacity': fraction,
};

/** Element → its own attributes. */
const GEOMETRY: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  g: {},
  path: { d: matching(PATH) },
  rect: { x: length, y: length, width: length, height: length, rx: length, ry: length },
  circle: { cx: length, cy: length, r: length },
  ellipse: { cx: length, cy: length, rx: length, ry: length },
  line: { x1: length, y1: length, x2: length, y2: length },
  polyline: { points: matching(NUMBERS) },
  polygon: { points: matching(NUMBERS) },
};

/** The elements a logo may be made of, below its root. */
export const isDrawable = (name: string): boolean => Object.hasOwn(GEOMETRY, name);

/** The checked value of a geometry attribute; undefined where the element has no such attribute. */
export function geometry(element: string, name: string, value: string): string | undefined {
  const check =
    name === 'transform'
      ? matching(TRANSFORM)
      : Object.entries(GEOMETRY[element] ?? {}).find(([one]) => one === name)?.[1];
  return check === undefined ? undefined : checked(check, name, value);
}

/** The checked value of a presentation attribute; undefined for what does not paint a shape. */
export function paint(name: string, value: string): string | undefined {
  if (!Object.hasOwn(PAINT, name)) return undefined;
  const written = value.trim().toLowerCase();
  // Inherited anyway, or as good as: what is not stated comes from the element around.
  if (written === 'inherit') return undefined;
  const check = PAINT[name];
  return check === undefined ? undefined : checked(check, name, value);
}

const SHOWN = 40;

function checked(check: Check, name: string, value: string): string {
  const result = check(value.trim());
  if (result !== undefined) return result;
  const reason = `${name}="${value.slice(0, SHOWN)}"`;
  if (/url\s*\(/i.test(value)) throw logoFault('svg_element', { reason });
  throw logoFault('svg_style', { reason });
}

/** Properties that change what is seen and that we do not know how to print. */
const UNPRINTABLE: ReadonlySet<string> = new Set([
  ...['clip-path', 'mask', 'filter', 'mix-blend-mode', 'marker', 'marker-start', 'marker-mid'],
  'marker-end',
]);

/** Refuses `clip-path="url(#a)"` and the like; `none` changes nothing. */
export function refuseEffects(name: string, value: string): void {
  if (!UNPRINTABLE.has(name)) return;
  const written = value.trim().toLowerCase();
  if (written === 'none' || written === 'normal' || written === '') return;
  throw logoFault('svg_element', { reason: `${name}="${value.slice(0, SHOWN)}"` });
}
