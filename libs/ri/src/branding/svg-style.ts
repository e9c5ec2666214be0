import { numbersOf, pdfNumber } from './svg-path.js';

/** How shapes of a drawing are painted; what a group says holds for its shapes. */
export interface Style {
  readonly fill: Rgb | undefined;
  readonly stroke: Rgb | undefined;
  readonly strokeWidth: number;
  readonly fillOpacity: number;
  readonly strokeOpacity: number;
  readonly opacity: number;
  readonly evenOdd: boolean;
  readonly cap: number;
  readonly join: number;
  readonly miterLimit: number;
  readonly dashes: readonly number[];
  readonly dashOffset: number;
  readonly hidden: boolean;
}

export type Rgb = readonly [number, number, number];

export const ROOT_STYLE: Style = {
  fill: [0, 0, 0],
  stroke: undefined,
  strokeWidth: 1,
  fillOpacity: 1,
  strokeOpacity: 1,
  opacity: 1,
  evenOdd: false,
  cap: 0,
  join: 0,
  miterLimit: 4,
  dashes: [],
  dashOffset: 0,
  hidden: false,
};

const NAMES: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  yellow: '#ffff00',
  orange: '#ffa500',
  gray: '#808080',
  grey: '#808080',
  silver: '#c0c0c0',
  navy: '#000080',
  maroon: '#800000',
  purple: '#800080',
  teal: '#008080',
  gold: '#ffd700',
};
const CAPS: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
const JOINS: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };
/** Attributes that would need what the printed drawing does not have. */
const REFUSED = /^(href|class|clip-path|mask|filter|on.*)$/;

/** Style of an element from its attributes and its `style`. */
export function styleOf(
  attributes: ReadonlyMap<string, string>,
  inherited: Style,
): Style | { readonly fault: string } {
  for (const [name, value] of attributes) {
    if ((REFUSED.test(name) && value !== 'none') || /url\(|@import|javascript:/i.test(value)) {
      return {
        fault:
          `El SVG usa «${name.slice(0, 30)}», que no se imprime: ` +
          'exporte el logo con colores planos escritos en cada forma.',
      };
    }
  }
  const rules = (attributes.get('style') ?? '').split(';').map((rule) => rule.split(':'));
  const styles = new Map(rules.map(([name = '', value = '']) => [name.trim(), value.trim()]));
  const value = (name: string) => styles.get(name) ?? attributes.get(name);
  const number = (name: string, otherwise: number) => {
    const parsed = Number((value(name) ?? '').replace(/px$/, '').replace(/^$/, 'x'));
    return Number.isFinite(parsed) ? parsed : otherwise;
  };
  const paint = (name: string, otherwise: Rgb | undefined) => {
    const text = value(name);
    return text === undefined || text === 'inherit' ? otherwise : rgbOf(text);
  };
  return {
    fill: paint('fill', inherited.fill),
    stroke: paint('stroke', inherited.stroke),
    strokeWidth: number('stroke-width', inherited.strokeWidth),
    fillOpacity: number('fill-opacity', inherited.fillOpacity),
    strokeOpacity: number('stroke-opacity', inherited.strokeOpacity),
    opacity: inherited.opacity * number('opacity', 1),
    evenOdd: (value('fill-rule') ?? (inherited.evenOdd ? 'evenodd' : '')) === 'evenodd',
    cap: CAPS[value('stroke-linecap') ?? ''] ?? inherited.cap,
    join: JOINS[value('stroke-linejoin') ?? ''] ?? inherited.join,
    miterLimit: Math.max(1, number('stroke-miterlimit', inherited.miterLimit)),
    dashes: dashesOf(value('stroke-dasharray'), inherited.dashes),
    dashOffset: number('stroke-dashoffset', inherited.dashOffset),
    hidden: value('display') === 'none' || value('visibility') === 'hidden',
  };
}

/** Lengths of dashes and gaps; none that make a line, as for `none`, mean a solid one. */
function dashesOf(text: string | undefined, otherwise: readonly number[]): readonly number[] {
  if (text === undefined || text === 'inherit') return otherwise;
  const lengths = numbersOf(text);
  return lengths.every((length) => length >= 0) && lengths.some((length) => length > 0)
    ? lengths
    : [];
}

/** Width, ends, corners and dashes of a line; a format starts with another miter limit than the other. */
export function lineOperators(style: Style): string {
  const { strokeWidth, cap, join, miterLimit, dashes, dashOffset } = style;
  const line = `${pdfNumber(strokeWidth)} w ${cap} J ${join} j ${pdfNumber(miterLimit)} M`;
  if (dashes.length === 0) return line;
  const lengths = dashes.map((length) => pdfNumber(length)).join(' ');
  return `${line} [${lengths}] ${pdfNumber(dashOffset)} d`;
}

/** A colour; undefined for none. What is not understood is black, as viewers do. */
function rgbOf(text: string): Rgb | undefined {
  if (text === 'none' || text === 'transparent') return undefined;
  const hex = NAMES[text.toLowerCase()] ?? text;
  const long = /^#[0-9a-f]{3}$/i.test(hex) ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(long);
  if (match) return triple(match.slice(1).map((part) => parseInt(part, 16) / 255));
  const parts = /^rgba?\(([^)]*)\)$/.exec(text)?.[1]?.split(/[\s,/]+/) ?? [];
  return triple(
    parts.map((part) =>
      part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part) / 255,
    ),
  );
}

const triple = ([red = 0, green = 0, blue = 0]: readonly number[]): Rgb => [red, green, blue];

/** Colour operator; what shines through is mixed with the white of the paper. */
export function colorOperator(color: Rgb, opacity: number, operator: 'rg' | 'RG'): string {
  const share = Math.min(1, Math.max(0, opacity));
  const mixed = color.map((part) => Number((part * share + 1 - share).toFixed(3)));
  return `${mixed.join(' ')} ${operator}`;
}
