import { createHash } from 'node:crypto';
import type { LogoMediaType } from '@getupnet/contracts';
import { checkBranding } from '@getupnet/ri';
import { cleanJpeg } from './jpeg.js';
import { MAX_LOGO_BYTES, type Size } from './limits.js';
import { logoFault } from './logo-fault.js';
import { isPng } from './png-chunks.js';
import { cleanPng } from './png.js';
import { cleanSvg } from './svg.js';

/** A logo as it is kept: checked, and rewritten without anything it does not need to be seen. */
export interface CleanLogo extends Size {
  readonly mediaType: LogoMediaType;
  /** Hex. */
  readonly sha256: string;
  readonly body: Buffer;
}

interface Kind {
  looksLike(bytes: Buffer): boolean;
  clean(bytes: Buffer): Size & { readonly body: Buffer };
}

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const KINDS: Readonly<Record<LogoMediaType, Kind>> = {
  'image/png': { looksLike: isPng, clean: cleanPng },
  'image/jpeg': {
    looksLike: (bytes) => bytes.subarray(0, JPEG_START.length).equals(JPEG_START),
    clean: cleanJpeg,
  },
  'image/svg+xml': {
    looksLike: (bytes) => /^\s*</.test(bytes.toString('utf8', 0, 64).replace(/^\ufeff/, '')),
    clean: cleanSvg,
  },
};

/** Rejects with `branding.logo_invalid` whatever is no plain, small, self-contained image. */
export function cleanLogo(bytes: Buffer, mediaType: LogoMediaType): CleanLogo {
  if (bytes.length === 0) throw logoFault('empty');
  refuseTooLarge(bytes.length);
  const kind = KINDS[mediaType];
  if (!kind.looksLike(bytes)) throw logoFault('type', { expected: mediaType });
  const { width, height, body } = kind.clean(bytes);
  // Without transparency an image may take more room than the one uploaded.
  refuseTooLarge(body.length);
  // The last word has the renderer: what it cannot draw must not be found out by a buyer.
  const [fault] = checkBranding({ logo: { mediaType, bytes: body } });
  if (fault) {
    const kindOfFault = mediaType === 'image/svg+xml' ? 'svg_element' : 'damaged';
    throw logoFault(kindOfFault, { reason: fault.message.replace(/\.$/, '') });
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { mediaType, width, height, body, sha256 };
}

function refuseTooLarge(bytes: number): void {
  if (bytes > MAX_LOGO_BYTES) throw logoFault('too_large', { bytes, most: MAX_LOGO_BYTES });
}
