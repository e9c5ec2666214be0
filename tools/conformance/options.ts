import { parseArgs } from 'node:util';
import { FORMATS, type Format } from '@getupnet/ecf';

export interface Options {
  readonly count: number;
  readonly seed: number;
  readonly formats: readonly Format[];
  readonly json: boolean;
  readonly help: boolean;
}

/** A command line that asks for something impossible; the text is for the user. */
export class Misuse extends Error {}

export const DEFAULT_COUNT = 20_000;
const DEFAULT_SEED = 20261121;
/** Ten times the usual already takes hours. */
const MAX_COUNT = 1_000_000;

export const HELP = `npm run conformance [-- opciones]

Compara, formato por formato, el esquema XSD oficial de la DGII, el que publica este proyecto y su
validador: con los documentos de muestra, con documentos generados que deben pasar, con cada texto
difícil en cada campo y con documentos alterados. Toda diferencia que no esté documentada es una falla.

Opciones
  --count N        documentos generados, y otras tantas alteraciones, por formato (${DEFAULT_COUNT})
  --format F       solo este formato; se puede repetir (${FORMATS.join(', ')})
  --seed N         semilla: la misma da los mismos documentos (${DEFAULT_SEED})
  --json           el resultado como JSON
  --help           esta ayuda

Variables
  ECF_OFFICIAL_XSD_DIR      carpeta con los esquemas de la DGII; de «patched» si existe (obligatoria)
  ECF_OFFICIAL_SAMPLES_DIR  carpeta con documentos de muestra («samples» junto a los esquemas)

Salida: 0 sin diferencias · 1 con diferencias o campos sin probar · 2 mal uso
`;

/** Reads the command line; throws {@link Misuse}. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parsed(args);
  return {
    count: wholeNumber('--count', values.count, DEFAULT_COUNT, MAX_COUNT),
    seed: wholeNumber('--seed', values.seed, DEFAULT_SEED, Number.MAX_SAFE_INTEGER),
    formats: formatsOf(values.format),
    json: values.json,
    help: values.help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        count: { type: 'string' },
        format: { type: 'string', multiple: true },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Misuse(`${reason}\nPruebe con --help.`, { cause: error });
  }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  most: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Misuse(`${name} debe ser un número entero de 1 a ${most}, no «${text}».`);
}

function formatsOf(wanted: readonly string[] | undefined): readonly Format[] {
  if (!wanted) return FORMATS;
  return wanted.map((text) => {
    const format = FORMATS.find((one) => one.toLowerCase() === text.toLowerCase());
    if (format) return format;
    throw new Misuse(`No hay un formato «${text}». Los hay: ${FORMATS.join(', ')}.`);
  });
}
