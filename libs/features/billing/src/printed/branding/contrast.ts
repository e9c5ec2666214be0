import { AppError } from '@getupnet/kernel';

/** WCAG 2.2, 1.4.3: text of normal size. Paper is not more forgiving than a screen. */
const LEAST_CONTRAST = 4.5;
const WHITE_LUMINANCE = 1;
/** WCAG's allowance for light that a screen reflects. */
const FLARE = 0.05;

/** Contrast of `#RRGGBB` with white, from 1 (white) to 21 (black). */
export function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (WHITE_LUMINANCE + FLARE) / (luminance + FLARE);
}

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

/** Rejects with `branding.contrast` a colour in which text on white is hard to read. */
export function checkContrast(color: string): void {
  const contrast = contrastWithWhite(color);
  if (contrast >= LEAST_CONTRAST) return;
  // Cut, not rounded: 4.496 must not be shown as the 4.5 it misses.
  const shown = (Math.floor(contrast * 100) / 100).toFixed(2);
  throw new AppError(
    'branding.contrast',
    { color, contrast: shown, least: String(LEAST_CONTRAST) },
    {
      errors: [
        {
          pointer: '/accentColor',
          code: 'branding.contrast',
          message: `El contraste con el blanco del papel es de solo ${shown}:1.`,
          fix: `Elija un tono más oscuro, por ejemplo ${darker(color)}.`,
        },
      ],
    },
  );
}

/** The same hue, darkened just until it can be read. */
function darker(color: string): string {
  for (let percent = 95; percent > 0; percent -= 5) {
    const channels = [1, 3, 5].map((at) =>
      Math.floor((Number.parseInt(color.slice(at, at + 2), 16) * percent) / 100)
        .toString(16)
        .padStart(2, '0'),
    );
    const candidate = `#${channels.join('')}`.toUpperCase();
    if (contrastWithWhite(candidate) >= LEAST_CONTRAST) return candidate;
  }
  return '#000000';
}
