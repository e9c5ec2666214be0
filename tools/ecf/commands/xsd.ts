import { FORMATS, xsdFor, type Format } from '@getupnet/ecf';
import { argumentOf, type Command } from '../command.js';
import { CliError, EXIT } from '../../cli/io.js';
import { json } from '../report.js';
import { didYouMean } from '../../cli/suggest.js';

export const xsdCommand: Command = {
  name: 'xsd',
  argument: 'TYPE',
  summary: 'escribe el esquema XSD de un tipo',
  help: `
TYPE: ${FORMATS.join(', ')}.
El esquema se deriva de nuestro catálogo y acepta lo mismo que el de la DGII.`,
  options: {},
  async run(invocation, io) {
    const format = formatOf(argumentOf(xsdCommand, invocation));
    const xsd = xsdFor(format);
    io.out(invocation.flag('json') ? json({ format, xsd }) : xsd);
    return EXIT.ok;
  },
};

/** `31`, `E31`, `e-CF-31`, `rfce`, `RFCE-32`… */
function formatOf(written: string): Format {
  const bare = written.replace(/^(e-?cf-?|e)(?=\d)/i, '').replace(/^rfce-32$/i, 'RFCE');
  const format = FORMATS.find((one) => one.toUpperCase() === bare.toUpperCase());
  if (format) return format;
  const near = didYouMean(bare, FORMATS);
  throw new CliError(`«${written}» no es un tipo.${near} Hay: ${FORMATS.join(', ')}.`);
}
