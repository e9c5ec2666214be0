import {
  hasErrors,
  isTipoEcf,
  validateAs,
  validateNote,
  type EcfDocument,
  type Finding,
  type Format,
} from '@getupnet/ecf';
import { argumentOf, type Command } from '../command.js';
import type { Invocation } from '../../cli/options.js';
import { completeDraft, DRAFT_HELP, DRAFT_OPTIONS, recordsOf, type Records } from '../draft.js';
import { isRecord, readInput, readXml, type JsonInput } from '../input.js';
import { CliError, EXIT, type Io } from '../../cli/io.js';
import { findingsText, json, nameOf, summary } from '../report.js';

interface Judged {
  readonly format: Format;
  readonly findings: readonly Finding[];
  /** Fields that stand for what the platform knows. */
  readonly assumed: readonly string[];
  readonly signed: boolean;
  /** Absent when it is no e-CF, or not readable as one. */
  readonly document?: EcfDocument;
}

export const validateCommand: Command = {
  name: 'validate',
  argument: 'FILE',
  summary: 'comprueba formato, aritmética y reglas; dice cómo corregir cada falta',
  help: `
Un XML se comprueba tal como está (la firma, con «ecf verify»). Un JSON es una solicitud, como la
de la API: se completa primero, y lo que pondría la plataforma (emisor, número, vencimiento) se
supone si falta.
${DRAFT_HELP}
  --modifies FILE    el comprobante que la nota modifica: se comprueban número, fecha, comprador, saldo
  --after FILE       otra nota, ya aceptada, sobre ese comprobante; se puede repetir`,
  options: {
    ...DRAFT_OPTIONS,
    modifies: { type: 'string' },
    after: { type: 'string', multiple: true },
  },
  async run(invocation, io) {
    const file = argumentOf(validateCommand, invocation);
    const input = await readInput(file, io);
    const judged =
      input.kind === 'json'
        ? judgeJson(input, await recordsOf(invocation, io), io)
        : judgeXml(readXml(input));
    const { format, assumed, signed } = judged;
    const findings = [...judged.findings, ...(await againstModified(judged, invocation, io))];
    const valid = !hasErrors(findings);
    if (invocation.flag('json')) {
      io.out(json({ file, format, valid, signed, assumed, findings }));
      return valid ? EXIT.ok : EXIT.invalid;
    }
    io.out(`${nameOf(format)}: ${valid ? 'válido' : 'no válido'}, ${summary(findings)}.\n`);
    if (findings.length > 0) io.out(`\n${findingsText(findings)}`);
    if (assumed.length > 0) {
      io.note(`\nSe supuso lo que pone la plataforma: ${assumed.join(', ')} (vea --help).\n`);
    }
    if (signed) io.note('\nEl documento está firmado; la firma se comprueba con «ecf verify».\n');
    return valid ? EXIT.ok : EXIT.invalid;
  },
};

/** A note against the document it modifies, where one is given and the note itself is in order. */
async function againstModified(
  { document, findings }: Judged,
  invocation: Invocation,
  io: Io,
): Promise<readonly Finding[]> {
  const original = invocation.text('modifies');
  if (original === undefined) {
    if (invocation.texts('after').length > 0) throw new CliError('--after va con --modifies FILE.');
    return [];
  }
  const tipo = document?.Encabezado.IdDoc.TipoeCF;
  if (!document || hasErrors(findings)) return [];
  if (tipo !== '33' && tipo !== '34') throw new CliError('--modifies es de las notas (33 y 34).');
  const earlier: EcfDocument[] = [];
  for (const file of invocation.texts('after')) earlier.push(await ecfOf(file, io));
  return validateNote(document, { original: await ecfOf(original, io), earlier });
}

/** A whole e-CF of another file. */
async function ecfOf(file: string, io: Io): Promise<EcfDocument> {
  const input = await readInput(file, io);
  const { format, tree } = input.kind === 'json' ? input : readXml(input);
  if (isTipoEcf(format) && !hasErrors(validateAs(format, tree))) {
    return tree as unknown as EcfDocument;
  }
  throw new CliError(
    `«${file}» no es un e-CF válido: compruébelo con «ecf validate».`,
    EXIT.invalid,
  );
}

function judgeXml({ format, tree, findings, signed }: ReturnType<typeof readXml>): Judged {
  const all = [...findings, ...validateAs(format, tree)];
  const judged = { format, findings: all, assumed: [], signed };
  return isTipoEcf(format) ? { ...judged, document: tree as unknown as EcfDocument } : judged;
}

function judgeJson({ format, tree }: JsonInput, records: Records, io: Io): Judged {
  if (!isTipoEcf(format)) {
    return { format, findings: validateAs(format, tree), assumed: [], signed: false };
  }
  const { assumed, filled } = assume(format, tree, records);
  const { document, findings } = completeDraft(tree, filled, io.now);
  return { format, findings, assumed, signed: false, ...(document && { document }) };
}

/** Nobody's RNC, though its check digit holds. */
const NOBODY = '000000002';

/** What the platform would put, where neither the request nor an option says it. */
function assume(tipo: string, tree: Readonly<Record<string, unknown>>, records: Records) {
  const header = tree['Encabezado'];
  const section = (name: string): Readonly<Record<string, unknown>> => {
    const found = isRecord(header) ? header[name] : undefined;
    return isRecord(found) ? found : {};
  };
  const [id, issuer] = [section('IdDoc'), section('Emisor')];
  const assumed: string[] = [];
  const fill = (name: string, stated: unknown, given: string | undefined, value: string) => {
    if (stated !== undefined || given !== undefined) return given;
    assumed.push(name);
    return value;
  };
  const own = records.issuer;
  const profile = { ...own };
  for (const [name, value] of Object.entries({
    RNCEmisor: NOBODY,
    RazonSocialEmisor: 'EMISOR',
    DireccionEmisor: 'DIRECCIÓN',
  }) as ['RNCEmisor' | 'RazonSocialEmisor' | 'DireccionEmisor', string][]) {
    const filled = fill(name, issuer[name], own[name], value);
    if (filled !== undefined) profile[name] = filled;
  }
  const encf = fill('eNCF', id['eNCF'], records.encf, `E${tipo}0000000001`);
  const carriesExpiry = tipo !== '32' && tipo !== '34';
  const expires = carriesExpiry
    ? fill(
        'FechaVencimientoSecuencia',
        id['FechaVencimientoSecuencia'],
        records.expires,
        '31-12-2099',
      )
    : undefined;
  const filled: Records = {
    issuer: profile,
    ...(encf !== undefined && { encf }),
    ...(expires !== undefined && { expires }),
  };
  return { assumed, filled };
}
