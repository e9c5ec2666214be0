import { BRANDING_LIMITS } from '@getupnet/ri';
import { logoFault } from './logo-fault.js';

/** Of the file as uploaded, and of what is kept of it. */
export const MAX_LOGO_BYTES = BRANDING_LIMITS.logoBytes;
export const MIN_SIDE = 16;
export const MAX_SIDE = BRANDING_LIMITS.logoPixels;
/** Of all pixels together: rewriting them costs time. */
export const MAX_PIXELS = 2_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rejects with `branding.logo_invalid` before anything of that size is decoded. */
export function checkSize({ width, height }: Size): void {
  const fits = (side: number): boolean => side >= MIN_SIDE && side <= MAX_SIDE;
  if (fits(width) && fits(height)) {
    if (width * height <= MAX_PIXELS) return;
    throw logoFault('pixels', { width, height, most: MAX_PIXELS });
  }
  throw logoFault('dimensions', { width, height, least: MIN_SIDE, most: MAX_SIDE });
}
