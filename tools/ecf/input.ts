import { isUtf8 } from 'node:buffer';
import { FORMATS, formatTree, isTipoEcf, read, type Finding, type Format } from '@getupnet/ecf';
import { PROBLEMS, isProblemCode } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { CliError, EXIT, type Io } from '../cli/io.js';

/** A file of the command line, read. */
export type Input = XmlInput | JsonInput;

export interface XmlInput {
  readonly kind: 'xml';
  readonly bytes: Uint8Array;
  readonly text: string;
}

export interface JsonInput {
  readonly kind: 'json';
  readonly format: Format;
  /** Below the root element. */
  readonly tree: Readonly<Record<string, unknown>>;
}

/** An XML of one of our formats, read. */
export interface XmlDocument {
  readonly format: Format;
  readonly tree: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  readonly signed: boolean;
}

const BOM = '\ufeff';

/** Reads FILE (`-`: standard input) and tells XML from JSON by its first character. */
export async function readInput(path: string, io: Io): Promise<Input> {
  const bytes = path === '-' ? await io.readInput() : await io.readFile(path);
  const name = path === '-' ? 'La entrada' : `«${path}»`;
  if (!isUtf8(bytes)) {
    throw invalid(
      `${name} no está en UTF-8 (¿Windows-1252 o Latin-1?). Guárdelo como UTF-8: ` +
        'con otra codificación se dañan las tildes y las eñes.',
    );
  }
  const text = Buffer.from(bytes).toString('utf8');
  const start = text.replace(BOM, '').trimStart();
  if (start === '') throw invalid(`${name} está vacío.`);
  if (start.startsWith('<')) return { kind: 'xml', bytes, text: text.replace(BOM, '') };
  if (start.startsWith('{') || start.startsWith('[')) return jsonInput(name, start);
  throw invalid(`${name} no es XML ni JSON: empieza por «${start.slice(0, 20).trim()}».`);
}

const invalid = (message: string, cause?: unknown): CliError =>
  new CliError(message, EXIT.invalid, { cause });

/** Root elements of the formats; what has none of them is taken for the tree below `ECF`. */
const ROOTS = new Map(
  FORMATS.filter((format) => !isTipoEcf(format)).map((format) => [formatTree(format).root, format]),
);

function jsonInput(name: string, text: string): JsonInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`${name} no es JSON válido: ${reason}.`, error);
  }
  if (!isRecord(value)) throw invalid(`${name} no es un objeto JSON: falta {"ECF": { … }}.`);
  for (const [root, format] of ROOTS) {
    const tree = value[root];
    if (isRecord(tree)) return { kind: 'json', format, tree };
  }
  const tree = isRecord(value['ECF']) ? value['ECF'] : value;
  return { kind: 'json', format: tipoOf(name, tree), tree };
}

function tipoOf(name: string, tree: Readonly<Record<string, unknown>>): Format {
  const header = tree['Encabezado'];
  const id = isRecord(header) ? header['IdDoc'] : undefined;
  const tipo = isRecord(id) ? String(id['TipoeCF']) : undefined;
  if (tipo === undefined) {
    throw invalid(
      `${name} no parece un comprobante: falta Encabezado.IdDoc.TipoeCF ` +
        '(el JSON es {"ECF": {"Encabezado": {"IdDoc": {"TipoeCF": "31", … }}}}).',
    );
  }
  if (!isTipoEcf(tipo)) throw invalid(`${name}: «${tipo}» no es un tipo de e-CF (31, 32, … 47).`);
  return tipo;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads an XML as one of our formats; what it is not is told in Spanish. */
export function readXml(input: XmlInput): XmlDocument {
  try {
    const { format, document, findings, signed } = read(input.text);
    return { format, tree: document, findings, signed };
  } catch (error) {
    throw explained(error);
  }
}

/** A failure of the libraries as a message of the problem catalogue; anything else as it is. */
export function explained(error: unknown, exitCode: 1 | 2 = EXIT.invalid): unknown {
  if (!(error instanceof AppError) || !isProblemCode(error.code)) return error;
  const [violation] = error.errors;
  const text =
    violation?.message ??
    PROBLEMS[error.code].detail.replace(/\{(\w+)\}/g, (_, name: string) =>
      String(error.params[name] ?? ''),
    );
  return new CliError(text, exitCode, { cause: error });
}
