import type { Representation } from './model.js';

/**
 * Official file name: RNCEmisor + e-NCF, as for the XML (Descripción Técnica v1.6, p. 12):
 * `131880738E310000000001.pdf`.
 */
export function riFileName(
  { rncEmisor, encf }: Pick<Representation, 'rncEmisor' | 'encf'>,
  extension: string,
): string {
  return `${`${rncEmisor}${encf}`.replace(/[^A-Za-z0-9]/g, '')}.${extension}`;
}
