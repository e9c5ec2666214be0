import { extname } from 'node:path';
import {
  renderHtml,
  renderPdf,
  represent,
  type Representation,
  type RiLayout,
  type RiMode,
  type RiStanding,
} from '@getupnet/ri';
import { argumentOf, type Command } from '../command.js';
import type { Invocation } from '../../cli/options.js';
import { CliError, EXIT } from '../../cli/io.js';
import { json } from '../report.js';
import { didYouMean } from '../../cli/suggest.js';
import { judgeFile, refusalText } from '../verified.js';

const LAYOUTS = ['letter', 'ticket'] as const satisfies readonly RiLayout[];
const STATES = ['accepted', 'pending', 'rejected'] as const satisfies readonly RiStanding[];
const MODES = ['normal', 'deferred', 'contingency'] as const satisfies readonly RiMode[];
const ENVIRONMENTS = ['testecf', 'certecf', 'ecf'] as const;

export const riCommand: Command = {
  name: 'ri',
  argument: 'FILE',
  summary: 'hace la representación impresa (PDF o HTML) de un e-CF firmado',
  help: `
Necesita el XML firmado, propio o recibido; todo lo que se imprime sale de él. Lo que la DGII dijo no
está en el XML: lo dice --state, y sin él sale como pendiente.

  --out FILE      dónde se escribe; .pdf o .html
  --layout NAME   letter (carta, si no se dice otro) o ticket (rollo de 80 mm); solo en PDF
  --state NAME    accepted, rejected o pending: con los dos últimos lleva un aviso
  --mode NAME     normal, deferred (envío diferido) o contingency: con los dos últimos lleva su leyenda
  --env NAME      ambiente del código QR: testecf, certecf o ecf (producción, si no se dice otro)`,
  options: {
    out: { type: 'string' },
    layout: { type: 'string' },
    state: { type: 'string' },
    mode: { type: 'string' },
    env: { type: 'string' },
  },
  async run(invocation, io) {
    const out = invocation.text('out');
    if (out === undefined) throw new CliError('Falta --out FILE: un archivo .pdf o .html.');
    const format = formatOf(out, invocation);
    const standing = choice(invocation, 'state', STATES);
    const file = argumentOf(riCommand, invocation);
    const verified = await judgeFile(file, io);
    if (!verified.ok) throw new CliError(refusalText(verified), EXIT.invalid);
    const environment = choice(invocation, 'env', ENVIRONMENTS) ?? 'ecf';
    const representation = represent({
      xml: verified.signedXml,
      codigoSeguridad: verified.codigoSeguridad,
      environment,
      standing: standing ?? 'pending',
      mode: choice(invocation, 'mode', MODES) ?? 'normal',
    });
    const body = await rendered(representation, format);
    await io.writeFile(out, body);
    const { encf, title, qrUrl } = representation;
    if (invocation.flag('json')) io.out(json({ file, out, encf, title, format, qrUrl }));
    io.note(`${title} ${encf}: ${out}\n`);
    if (standing === undefined)
      io.note('Sale como pendiente; lo que dijo la DGII va en --state.\n');
    return EXIT.ok;
  },
};

type Format = RiLayout | 'html';

function formatOf(out: string, invocation: Invocation): Format {
  const layout = choice(invocation, 'layout', LAYOUTS);
  const extension = extname(out).toLowerCase();
  if (extension === '.pdf') return layout ?? 'letter';
  if (extension !== '.html' && extension !== '.htm') {
    throw new CliError(`«${out}» debe terminar en .pdf o en .html: así se sabe qué escribir.`);
  }
  if (layout === 'ticket') throw new CliError('El ticket es un PDF: use --out con .pdf.');
  return 'html';
}

function rendered(representation: Representation, format: Format): Promise<string | Uint8Array> {
  if (format !== 'html') return renderPdf(representation, format);
  return Promise.resolve(renderHtml(representation).html);
}

/** The value of an option that takes one of a few words. */
function choice<T extends string>(
  invocation: Invocation,
  option: string,
  words: readonly T[],
): T | undefined {
  const written = invocation.text(option);
  if (written === undefined) return undefined;
  const known = words.find((word) => word === written.toLowerCase());
  if (known !== undefined) return known;
  const near = didYouMean(written, words);
  throw new CliError(`--${option} no puede ser «${written}».${near} Hay: ${words.join(', ')}.`);
}
