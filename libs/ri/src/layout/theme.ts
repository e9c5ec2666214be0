import { DEFAULT_ACCENT, type Branding } from '../branding/branding.js';

export const INK = '#1d232b';
export const MUTED = '#5f6875';
export const HAIRLINE = '#d9dde3';
export const TINT = '#f4f6f8';
export const MARKS = { rejected: '#b3261e', pending: '#9a6700' } as const;
export const WHITE = '#ffffff';

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
const DARK_ENOUGH = 0.45;

/** The tenant's colour where it can be read on white paper; ours otherwise. */
export function accentOf({ accentColor }: Branding): string {
  const match = HEX.exec(accentColor ?? '');
  if (!match) return DEFAULT_ACCENT;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => parseInt(part, 16) / 255);
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > DARK_ENOUGH ? darkened([red, green, blue], DARK_ENOUGH / luminance) : match[0];
}

function darkened(parts: readonly number[], factor: number): string {
  const text = parts.map((part) =>
    Math.round(part * factor * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${text.join('')}`;
}
