import type { Violation } from '@getupnet/kernel';
import { COLUMNS } from '../model.js';
import { BRANDING_LIMITS, LOGO_TYPES, type Branding, type Logo } from './branding.js';
import { jpegImage } from './jpeg.js';
import { pngIsComplete, pngSize } from './png.js';
import { svgDrawing } from './svg.js';

/** What is wrong with a branding; empty when it can be printed. Pointers are into the branding. */
export function checkBranding(branding: Branding): readonly Violation[] {
  const { logo, accentColor, footerText, columns } = branding;
  const faults: Violation[] = [];
  const add = (pointer: string, code: string, message: string, fix: string) =>
    faults.push({ pointer, code, message, fix });
  if (logo) {
    const message = logoFault(logo);
    if (message !== undefined) {
      add('/logo', 'RI-LOGO', message, 'Envíe un PNG o JPEG de hasta 200 kB, o un SVG de formas.');
    }
  }
  if (accentColor !== undefined && !/^#[0-9a-f]{6}$/i.test(accentColor)) {
    add('/accentColor', 'RI-COLOR', 'El color no tiene la forma #rrggbb.', 'Por ejemplo #1f4e79.');
  }
  if (footerText !== undefined && footerText.length > BRANDING_LIMITS.footerCharacters) {
    const most = BRANDING_LIMITS.footerCharacters;
    add('/footerText', 'RI-FOOTER', `El pie supera ${most} caracteres.`, 'Acórtelo.');
  }
  columns?.forEach((name, index) => {
    if (COLUMNS.includes(name)) return;
    const known = `Use alguna de: ${COLUMNS.join(', ')}.`;
    add(`/columns/${index}`, 'RI-COLUMN', 'La columna no existe.', known);
  });
  return faults;
}

function logoFault({ mediaType, bytes }: Logo): string | undefined {
  if (!LOGO_TYPES.includes(mediaType)) return 'El logo no es PNG, JPEG ni SVG.';
  if (bytes.length > BRANDING_LIMITS.logoBytes) return 'El logo supera 200 kB.';
  if (mediaType === 'image/svg+xml') {
    const drawing = svgDrawing(bytes);
    return 'fault' in drawing ? drawing.fault : undefined;
  }
  const isPng = mediaType === 'image/png';
  const size = isPng ? pngSize(bytes) : jpegImage(bytes);
  if (!size) return `El archivo no es una imagen ${mediaType} que se pueda imprimir.`;
  const most = BRANDING_LIMITS.logoPixels;
  if (Math.max(size.width, size.height) > most) {
    return `El logo mide más de ${most} píxeles por lado.`;
  }
  return isPng && !isComplete(bytes) ? 'El PNG está dañado.' : undefined;
}

/** Whether the pixels are all there; the size has been checked. */
function isComplete(bytes: Uint8Array): boolean {
  try {
    return pngIsComplete(bytes);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) return false;
    throw error;
  }
}
