import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { isTipoEcf, type Format } from '../catalogue/formats.js';

/** Folder of the official schemas, corrected copies preferred; undefined when there is none. */
export function officialXsdDir(): string | undefined {
  const dir = process.env['ECF_OFFICIAL_XSD_DIR'];
  if (!dir) return undefined;
  const patched = join(dir, 'patched');
  return existsSync(patched) ? patched : dir;
}

/** Folder of sample documents: stated, or beside the schemas. */
export function samplesDir(): string | undefined {
  const stated = process.env['ECF_OFFICIAL_SAMPLES_DIR'];
  const xsd = process.env['ECF_OFFICIAL_XSD_DIR'];
  const dir = stated ? stated : xsd ? join(dirname(xsd.replace(/\/+$/, '')), 'samples') : undefined;
  return dir !== undefined && existsSync(dir) ? dir : undefined;
}

/** Prints why a part of the suite does not run, and answers whether it does. */
export function available(what: string, dir: string | undefined, variable: string): dir is string {
  if (dir !== undefined) return true;
  process.stderr.write(`skipped: ${what} (${variable} is not set or names no such folder)\n`);
  return false;
}

export function officialXsd(dir: string, format: Format): string {
  const name = isTipoEcf(format) ? `e-CF-${format}` : format === 'RFCE' ? 'RFCE-32' : format;
  return readFileSync(join(dir, `${name}.xsd`), 'utf8');
}

export const xmlFiles = (dir: string): string[] =>
  readdirSync(dir).filter((name) => name.endsWith('.xml'));

/** The verdict of a schema on XML texts. */
export function judge(xsd: string): (xml: string) => boolean {
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(xsd));
  return (xml) => {
    const document = XmlDocument.fromString(xml);
    try {
      schema.validate(document);
      return true;
    } catch {
      return false;
    } finally {
      document.dispose();
    }
  };
}
