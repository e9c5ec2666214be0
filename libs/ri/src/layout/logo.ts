import type { Branding } from '../branding/branding.js';
import { logoOf } from '../branding/logo.js';
import type { Pen } from './pen.js';

/** Draws the logo into a space at most so large, keeping its proportions. */
export function drawLogo(
  pen: Pen,
  { logo }: Branding,
  most: { readonly width: number; readonly height: number; readonly centered?: boolean },
): void {
  if (!logo) return;
  const { width, height } = logoOf(logo);
  const scale = Math.min(most.width / width, most.height / height);
  const drawn = { width: width * scale, height: height * scale };
  const x = most.centered === true ? (pen.width - drawn.width) / 2 : 0;
  pen.add({ kind: 'logo', x, y: pen.y, ...drawn }).gap(drawn.height);
}
