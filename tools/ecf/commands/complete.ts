import { DECLARATION, hasErrors, isTipoEcf, serialize } from '@getupnet/ecf';
import { argumentOf, type Command } from '../command.js';
import { completeDraft, DRAFT_HELP, DRAFT_OPTIONS, recordsOf } from '../draft.js';
import { readInput, readXml, type Input } from '../input.js';
import { CliError, EXIT } from '../../cli/io.js';
import { findingsText, json, summary } from '../report.js';

export const completeCommand: Command = {
  name: 'complete',
  argument: 'FILE',
  summary: 'calcula y agrega todo lo que se deduce: montos, ITBIS, totales, fechas…',
  help: `
Escribe el XML sin firmar, listo para «ecf sign». Lo que el documento dice no se cambia. Con --json
escribe {"ECF": …, "findings": …}.
${DRAFT_HELP}
  --out FILE         escribe ahí y no en la salida`,
  options: { ...DRAFT_OPTIONS, out: { type: 'string' } },
  async run(invocation, io) {
    const input = await readInput(argumentOf(completeCommand, invocation), io);
    const records = await recordsOf(invocation, io);
    const { document, findings } = completeDraft(treeOf(input), records, io.now);
    const valid = !hasErrors(findings);
    const out = invocation.text('out');
    const write = (text: string): Promise<void> | void =>
      out === undefined ? io.out(text) : io.writeFile(out, text);
    if (invocation.flag('json')) await write(json({ ECF: document ?? null, findings }));
    // What XML cannot carry was told as an error; it has no text to be shown.
    else if (document && valid) await write(`${DECLARATION}${serialize(document)}\n`);
    if (!invocation.flag('json') && findings.length > 0) io.note(findingsText(findings));
    if (!valid) io.note(`No se pudo completar: ${summary(findings)}.\n`);
    return valid ? EXIT.ok : EXIT.invalid;
  },
};

function treeOf(input: Input): unknown {
  const { format, tree } = input.kind === 'json' ? input : readXml(input);
  if (isTipoEcf(format)) return tree;
  throw new CliError(`Solo se completan e-CF; este documento es ${format}.`);
}
