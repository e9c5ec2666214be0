type Point = readonly [number, number];

/** Far outside any page; larger numbers would be written with exponents, which PDF does not have. */
const FAR = 1_000_000;

/** A number as PDF operators have it, whatever a hostile drawing computes. */
export function pdfNumber(value: number, digits = 3): string {
  const bounded = Number.isNaN(value) ? 0 : Math.min(FAR, Math.max(-FAR, value));
  const scale = 10 ** digits;
  return String(Math.round(bounded * scale) / scale);
}

const n = (value: number): string => pdfNumber(value);
const at = ([x, y]: Point): string => `${n(x)} ${n(y)}`;
/** Distance of control points that makes four curves a circle. */
const KAPPA = 0.5522847498;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;

/** PDF operators of a shape's outline; undefined when it cannot be read, empty when it is empty. */
export function pathOperators(
  name: string,
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  const value = (key: string) => Number.parseFloat(attributes.get(key) ?? '0') || 0;
  switch (name) {
    case 'path':
      return new PathReader(attributes.get('d') ?? '').operators();
    case 'rect':
      return rectangle(value('x'), value('y'), value('width'), value('height'), {
        rx: value(attributes.has('rx') ? 'rx' : 'ry'),
        ry: value(attributes.has('ry') ? 'ry' : 'rx'),
      });
    case 'circle':
      return ellipse(value('cx'), value('cy'), value('r'), value('r'));
    case 'ellipse':
      return ellipse(value('cx'), value('cy'), value('rx'), value('ry'));
    case 'line':
      return `${n(value('x1'))} ${n(value('y1'))} m ${n(value('x2'))} ${n(value('y2'))} l`;
    default:
      return polygon(attributes.get('points') ?? '', name === 'polygon');
  }
}

function polygon(points: string, closed: boolean): string {
  const numbers = (points.match(NUMBER) ?? []).map(Number);
  const operators: string[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const point = at([numbers[index] ?? 0, numbers[index + 1] ?? 0]);
    operators.push(`${point} ${index === 0 ? 'm' : 'l'}`);
  }
  if (operators.length > 0 && closed) operators.push('h');
  return operators.join(' ');
}

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  if (!(rx > 0) || !(ry > 0)) return '';
  return rectangle(cx - rx, cy - ry, 2 * rx, 2 * ry, { rx, ry });
}

function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  radii: { readonly rx: number; readonly ry: number },
): string {
  if (!(width > 0) || !(height > 0)) return '';
  const rx = Math.min(radii.rx, width / 2);
  const ry = Math.min(radii.ry, height / 2);
  if (!(rx > 0) || !(ry > 0)) return `${at([x, y])} ${at([width, height])} re`;
  const [right, bottom] = [x + width, y + height];
  const [kx, ky] = [rx * (1 - KAPPA), ry * (1 - KAPPA)];
  return [
    `${at([x + rx, y])} m ${at([right - rx, y])} l`,
    `${at([right - kx, y])} ${at([right, y + ky])} ${at([right, y + ry])} c`,
    `${at([right, bottom - ry])} l`,
    `${at([right, bottom - ky])} ${at([right - kx, bottom])} ${at([right - rx, bottom])} c`,
    `${at([x + rx, bottom])} l`,
    `${at([x + kx, bottom])} ${at([x, bottom - ky])} ${at([x, bottom - ry])} c`,
    `${at([x, y + ry])} l ${at([x, y + ky])} ${at([x + kx, y])} ${at([x + rx, y])} c h`,
  ].join(' ');
}

const ARGUMENTS: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};
const COMMAND = /([MLHVCSQTAZ])([^MLHVCSQTAZ]*)/gi;

/** Path data (SVG 1.1, 8.3) as absolute lines and cubic curves. */
class PathReader {
  private readonly out: string[] = [];
  private point: Point = [0, 0];
  private start: Point = [0, 0];
  private control: Point | undefined;
  private controlOf = '';

  constructor(private readonly data: string) {}

  operators(): string | undefined {
    for (const [, letter = '', rest = ''] of this.data.matchAll(COMMAND)) {
      // Neither format knows where a line without a start begins.
      if (this.out.length === 0 && letter.toUpperCase() !== 'M') return undefined;
      const count = ARGUMENTS[letter.toUpperCase()] ?? 0;
      const numbers = letter.toUpperCase() === 'A' ? arcNumbers(rest) : numbersOf(rest);
      if (count === 0) {
        this.step(letter, []);
        continue;
      }
      if (numbers.length === 0 || numbers.length % count !== 0) return undefined;
      for (let index = 0; index < numbers.length; index += count) {
        // Further pairs after a «move to» are lines.
        const name = index > 0 && letter === 'M' ? 'L' : index > 0 && letter === 'm' ? 'l' : letter;
        this.step(name, numbers.slice(index, index + count));
      }
    }
    return this.out.join(' ');
  }

  private step(letter: string, numbers: readonly number[]): void {
    const name = letter.toUpperCase();
    const [ox, oy] = letter === name ? [0, 0] : this.point;
    const point = (index: number): Point => [
      ox + (numbers[index] ?? 0),
      oy + (numbers[index + 1] ?? 0),
    ];
    const [px, py] = this.point;
    if (name === 'Z') this.close();
    else if (name === 'M') this.move(point(0));
    else if (name === 'L') this.line(point(0));
    else if (name === 'H') this.line([ox + (numbers[0] ?? 0), py]);
    else if (name === 'V') this.line([px, oy + (numbers[0] ?? 0)]);
    else if (name === 'C') this.curve(point(0), point(2), point(4));
    else if (name === 'S') this.curve(this.reflected('C'), point(0), point(2));
    else if (name === 'Q') this.quadratic(point(0), point(2));
    else if (name === 'T') this.quadratic(this.reflected('Q'), point(0));
    else this.arc(numbers, point(5));
  }

  private move(to: Point): void {
    this.out.push(`${at(to)} m`);
    this.point = this.start = to;
    this.control = undefined;
  }

  private line(to: Point): void {
    this.out.push(`${at(to)} l`);
    this.point = to;
    this.control = undefined;
  }

  private close(): void {
    this.out.push('h');
    this.point = this.start;
    this.control = undefined;
  }

  private curve(first: Point, second: Point, to: Point): void {
    this.out.push(`${at(first)} ${at(second)} ${at(to)} c`);
    this.point = to;
    this.control = second;
    this.controlOf = 'C';
  }

  private quadratic(control: Point, to: Point): void {
    const from = this.point;
    const towards = (end: Point): Point => [
      end[0] + (2 / 3) * (control[0] - end[0]),
      end[1] + (2 / 3) * (control[1] - end[1]),
    ];
    this.curve(towards(from), towards(to), to);
    this.control = control;
    this.controlOf = 'Q';
  }

  /** The control point of the curve before, mirrored. */
  private reflected(of: 'C' | 'Q'): Point {
    const [x, y] = this.point;
    const control = this.controlOf === of ? this.control : undefined;
    return control ? [2 * x - control[0], 2 * y - control[1]] : [x, y];
  }

  /** An elliptical arc as curves of at most a quarter (SVG 1.1, F.6). */
  private arc([rx0 = 0, ry0 = 0, degrees = 0, large = 0, sweep = 0]: readonly number[], to: Point) {
    const [x1, y1] = this.point;
    let [rx, ry] = [Math.abs(rx0), Math.abs(ry0)];
    if (rx === 0 || ry === 0 || (x1 === to[0] && y1 === to[1])) {
      this.line(to);
      return;
    }
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [dx, dy] = [(x1 - to[0]) / 2, (y1 - to[1]) / 2];
    const [x, y] = [cos * dx + sin * dy, cos * dy - sin * dx];
    const grow = Math.sqrt(Math.max(1, (x / rx) ** 2 + (y / ry) ** 2));
    [rx, ry] = [rx * grow, ry * grow];
    const below = (rx * y) ** 2 + (ry * x) ** 2;
    const root = Math.sqrt(Math.max(0, ((rx * ry) ** 2 - below) / below));
    const factor = large === sweep ? -root : root;
    const [cx, cy] = [(factor * rx * y) / ry, (-factor * ry * x) / rx];
    const from = Math.atan2((y - cy) / ry, (x - cx) / rx);
    let turn = Math.atan2((-y - cy) / ry, (-x - cx) / rx) - from;
    if (sweep === 0 && turn > 0) turn -= 2 * Math.PI;
    if (sweep !== 0 && turn < 0) turn += 2 * Math.PI;
    const [mx, my] = [(x1 + to[0]) / 2, (y1 + to[1]) / 2];
    const place = (u: number, v: number): Point => {
      const [ex, ey] = [cx + rx * u, cy + ry * v];
      return [cos * ex - sin * ey + mx, sin * ex + cos * ey + my];
    };
    const steps = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9));
    const part = turn / steps;
    const reach = (4 / 3) * Math.tan(part / 4);
    for (let index = 0; index < steps; index++) {
      const [a, b] = [from + index * part, from + (index + 1) * part];
      this.curve(
        place(Math.cos(a) - reach * Math.sin(a), Math.sin(a) + reach * Math.cos(a)),
        place(Math.cos(b) + reach * Math.sin(b), Math.sin(b) - reach * Math.cos(b)),
        index === steps - 1 ? to : place(Math.cos(b), Math.sin(b)),
      );
    }
    this.control = undefined;
  }
}

export const numbersOf = (text: string): readonly number[] =>
  (text.match(NUMBER) ?? []).map(Number);

/** The flags of an arc may stand without anything between them: `a1 1 0 01.5.5`. */
function arcNumbers(text: string): readonly number[] {
  const found: number[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    if (rest === '') return found;
    const flag = found.length % 7 === 3 || found.length % 7 === 4;
    const match = (flag ? /^[01]/ : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i).exec(rest);
    if (!match) return [];
    found.push(Number(match[0]));
    rest = rest.slice(match[0].length);
  }
}

const TRANSFORM = /(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)/g;

/** PDF operators of a `transform`; undefined when it holds something else. */
export function transformOperator(text: string): string | undefined {
  if (text.replace(TRANSFORM, '').replace(/[\s,]/g, '') !== '') return undefined;
  const operators: string[] = [];
  for (const [, name = '', list = ''] of text.matchAll(TRANSFORM)) {
    const values = numbersOf(list);
    const [a = 0, b = 0, c = 0] = values;
    const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
    if (name === 'matrix') operators.push(cm(values));
    else if (name === 'translate') operators.push(cm([1, 0, 0, 1, a, b]));
    else if (name === 'scale') operators.push(cm([a, 0, 0, values.length > 1 ? b : a, 0, 0]));
    else if (name === 'skewX') operators.push(cm([1, 0, Math.tan((a * Math.PI) / 180), 1, 0, 0]));
    else if (name === 'skewY') operators.push(cm([1, Math.tan((a * Math.PI) / 180), 0, 1, 0, 0]));
    else {
      const shift = [b - cos * b + sin * c, c - sin * b - cos * c];
      operators.push(cm([cos, sin, -sin, cos, ...shift]));
    }
  }
  return operators.join(' ');
}

const cm = (values: readonly number[]): string =>
  `${values.map((value) => pdfNumber(value, 6)).join(' ')} cm`;
