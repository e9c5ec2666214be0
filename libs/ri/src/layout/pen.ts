import { fontOf, type FontName } from '../fonts/font.js';
import type { Box, TextBox } from './box.js';
import { INK } from './theme.js';
import { wrap } from './wrap.js';

export interface TextStyle {
  readonly size: number;
  readonly font?: FontName;
  readonly color?: string;
  readonly align?: 'left' | 'right' | 'center';
  /** From the left edge of what is being drawn. */
  readonly x?: number;
  readonly width?: number;
}

/** Part of a text box that lies above its baseline and below it, in em (DejaVu, Spanish capitals). */
const ABOVE = 0.93;
const BELOW = 0.24;
/** Distance of baselines, in em. */
export const LEADING = 1.28;

/** Something drawn, with its top left corner at the origin; atomic when pages are made. */
export interface Block {
  readonly height: number;
  readonly parts: readonly Part[];
}

/** A box, or a block put somewhere: moved only when the whole page is known. */
type Part = Box | Placed;

interface Placed {
  readonly kind: 'placed';
  readonly block: Block;
  readonly x: number;
  readonly y: number;
}

/** Draws downwards: each text starts below the one before. */
export class Pen {
  private readonly drawn: Part[] = [];
  /** Where the next thing starts. */
  y = 0;

  constructor(readonly width: number) {}

  /** A paragraph; advances below it. */
  text(text: string, style: TextStyle): this {
    const font = fontOf(style.font ?? 'regular');
    for (const line of wrap(font, text, style.size, style.width ?? this.width - (style.x ?? 0))) {
      this.line(line, style);
      this.y += style.size * LEADING;
    }
    return this;
  }

  /** One line, as it is; stays on it. */
  line(text: string, { size, font = 'regular', color = INK, ...style }: TextStyle): this {
    if (text === '') return this;
    const width = fontOf(font).widthOf(text, size);
    const left = style.x ?? 0;
    const room = (style.width ?? this.width - left) - width;
    const x = left + (style.align === 'right' ? room : style.align === 'center' ? room / 2 : 0);
    const baseline = this.y + size * (ABOVE + (LEADING - ABOVE - BELOW) / 2);
    this.drawn.push({
      kind: 'text',
      text,
      font,
      size,
      color,
      x,
      width,
      baseline,
      y: baseline - size * ABOVE,
      height: size * (ABOVE + BELOW),
    } satisfies TextBox);
    return this;
  }

  gap(height: number): this {
    this.y += height;
    return this;
  }

  rule(color: string, thickness: number, x = 0, width = this.width - x): this {
    return this.fill(color, { x, y: this.y, width, height: thickness }).gap(thickness);
  }

  fill(color: string, area: { x: number; y: number; width: number; height: number }): this {
    this.drawn.push({ kind: 'fill', color, ...area });
    return this;
  }

  add(box: Box): this {
    this.drawn.push(box);
    return this;
  }

  /** Draws a finished block with its corner there; does not advance. */
  place(block: Block, x: number, y: number): this {
    this.drawn.push({ kind: 'placed', block, x, y });
    return this;
  }

  block(): Block {
    return { height: this.y, parts: this.drawn };
  }
}

/** Everything a block holds, where it stands on the page. */
export function boxesOf(block: Block): readonly Box[] {
  const boxes: Box[] = [];
  collect(block, 0, 0, boxes);
  return boxes;
}

function collect({ parts }: Block, x: number, y: number, into: Box[]): void {
  for (const part of parts) {
    if (part.kind === 'placed') collect(part.block, x + part.x, y + part.y, into);
    else into.push(moved(part, x, y));
  }
}

function moved(box: Box, x: number, y: number): Box {
  const { width, height } = box;
  const area = { x: box.x + x, y: box.y + y, width, height };
  if (box.kind === 'fill') return { kind: box.kind, color: box.color, ...area };
  if (box.kind !== 'text') return { kind: box.kind, ...area };
  const { kind, text, font, size, color } = box;
  return { kind, text, font, size, color, baseline: box.baseline + y, ...area };
}

export const widthOf = (text: string, size: number, font: FontName = 'regular'): number =>
  fontOf(font).widthOf(text, size);
