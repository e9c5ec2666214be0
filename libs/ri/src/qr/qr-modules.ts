import encodeQR from 'qr';

/** DGII prescribes version 8, which only the short addresses fit: never a smaller one. */
const MIN_VERSION = 8;
const SIDE_OF_MIN_VERSION = 17 + 4 * MIN_VERSION;

/**
 * Modules of the QR code, row by row, without quiet zone: the smallest version from 8 up that holds
 * the address at level M (Descripción Técnica v1.6, p. 37; Informe Técnico v1.0, p. 34).
 */
export function qrModules(url: string): readonly (readonly boolean[])[] {
  const options = { ecc: 'medium', encoding: 'byte', border: 1 } as const;
  const bordered = encodeQR(url, 'raw', options);
  const smallest = bordered.length - 2;
  const rows =
    smallest >= SIDE_OF_MIN_VERSION
      ? bordered
      : encodeQR(url, 'raw', { ...options, version: MIN_VERSION });
  return rows.slice(1, -1).map((row) => row.slice(1, -1));
}
