import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isTipoEcf, type Format } from '../catalogue/formats.js';

/** Names the folder of the official schemas, which are never part of this project. */
export const XSD_VARIABLE = 'ECF_OFFICIAL_XSD_DIR';
/** Names the folder of signed sample documents; `samples` beside the schemas otherwise. */
export const SAMPLES_VARIABLE = 'ECF_OFFICIAL_SAMPLES_DIR';

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the official schemas, corrected copies preferred; undefined when there is none. */
export function officialXsdDir(env: Environment = process.env): string | undefined {
  const dir = env[XSD_VARIABLE];
  if (!dir || !existsSync(dir)) return undefined;
  const patched = join(dir, 'patched');
  return existsSync(patched) ? patched : dir;
}

/** Folder of sample documents: stated, or beside the schemas. */
export function samplesDir(env: Environment = process.env): string | undefined {
  const xsd = env[XSD_VARIABLE];
  const dir =
    env[SAMPLES_VARIABLE] ?? (xsd ? join(dirname(xsd.replace(/\/+$/, '')), 'samples') : undefined);
  return dir !== undefined && existsSync(dir) ? dir : undefined;
}

/** Text of the official schema of a format. */
export function officialXsd(from: string, format: Format): string {
  const name = isTipoEcf(format) ? `e-CF-${format}` : format === 'RFCE' ? 'RFCE-32' : format;
  return readFileSync(join(from, `${name}.xsd`), 'utf8');
}

/** A sample document and the name of its file. */
export interface Sample {
  readonly name: string;
  readonly xml: string;
}

/** All sample documents of a folder. */
export const samplesIn = (dir: string): readonly Sample[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => ({ name, xml: readFileSync(join(dir, name), 'utf8') }));

/** The values that a schema enumerates, whatever for. */
export const enumeratedIn = (xsd: string): readonly string[] => [
  ...new Set(
    [...xsd.matchAll(/<xs:enumeration\s+value\s*=\s*"([^"]*)"/g)].map(([, code = '']) => code),
  ),
];
