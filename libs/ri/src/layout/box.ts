import type { FontName } from '../fonts/font.js';

/** Points; y grows downwards from the top of the sheet. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextBox extends Area {
  readonly kind: 'text';
  readonly text: string;
  readonly font: FontName;
  readonly size: number;
  readonly color: string;
  /** Where the letters stand, from the top of the sheet. */
  readonly baseline: number;
}

export interface FillBox extends Area {
  readonly kind: 'fill';
  readonly color: string;
}

/** The symbol alone; its quiet zone is around it. */
export interface QrBox extends Area {
  readonly kind: 'qr';
}

export interface LogoBox extends Area {
  readonly kind: 'logo';
}

export type Box = TextBox | FillBox | QrBox | LogoBox;

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

export const PT_PER_MM = 72 / 25.4;

export const mm = (value: number): number => value * PT_PER_MM;
