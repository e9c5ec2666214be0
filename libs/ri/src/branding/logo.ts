import { AppError } from '@getupnet/kernel';
import type { Logo } from './branding.js';
import { jpegImage } from './jpeg.js';
import { pngImage } from './png.js';
import { svgDrawing, type SvgDrawing } from './svg.js';

/** Pixels as a PDF holds them. */
export interface RasterLogo {
  readonly kind: 'raster';
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly colorSpace: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK' | 'Indexed';
  readonly filter: 'FlateDecode' | 'DCTDecode';
  readonly predictor?: Readonly<Record<string, number>>;
  readonly data: Uint8Array;
  readonly palette?: Uint8Array;
  /** One byte a pixel, compressed. */
  readonly opacity?: Uint8Array;
}

export type PreparedLogo = RasterLogo | SvgDrawing;

const prepared = new WeakMap<Logo, PreparedLogo>();

/** The logo made ready for printing; once per logo object, so keep the object. */
export function logoOf(logo: Logo): PreparedLogo {
  let ready = prepared.get(logo);
  if (!ready) {
    ready = prepare(logo);
    if (!ready) throw new AppError('request.invalid', { reason: `logo ${logo.mediaType}` });
    prepared.set(logo, ready);
  }
  return ready;
}

function prepare({ mediaType, bytes }: Logo): PreparedLogo | undefined {
  if (mediaType === 'image/png') return pngImage(bytes);
  if (mediaType === 'image/jpeg') return jpegImage(bytes);
  const drawing = svgDrawing(bytes);
  return 'fault' in drawing ? undefined : drawing;
}
