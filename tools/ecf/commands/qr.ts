import {
  isTipoEcf,
  readCanonical,
  toQrUrl,
  type EcfDocument,
  type QrEnvironment,
} from '@getupnet/ecf';
import { argumentOf, type Command } from '../command.js';
import { CliError, EXIT } from '../../cli/io.js';
import { json } from '../report.js';
import { didYouMean } from '../../cli/suggest.js';
import { judgeFile, refusalText } from '../verified.js';

const ENVIRONMENTS = ['testecf', 'certecf', 'ecf'] as const satisfies readonly QrEnvironment[];

export const qrCommand: Command = {
  name: 'qr',
  argument: 'FILE',
  summary: 'escribe la dirección que lleva el código QR de un e-CF firmado',
  help: `
Necesita el XML firmado: la dirección lleva RNC, e-NCF, monto, fechas y el código de seguridad, que
son los seis primeros caracteres de la firma.

  --env NAME   ambiente: testecf, certecf o ecf (producción, si no se dice otro)`,
  options: { env: { type: 'string' } },
  async run(invocation, io) {
    const environment = environmentOf(invocation.text('env') ?? 'ecf');
    const verified = await judgeFile(argumentOf(qrCommand, invocation), io);
    if (!verified.ok) throw new CliError(refusalText(verified), EXIT.invalid);
    const { format, document } = readCanonical(verified.signedXml);
    if (!isTipoEcf(format)) {
      throw new CliError(`El código QR es de los e-CF; este documento es ${format}.`, EXIT.invalid);
    }
    const ecf = document as unknown as EcfDocument;
    const url = toQrUrl(ecf, verified.codigoSeguridad, environment);
    const { codigoSeguridad } = verified;
    io.out(invocation.flag('json') ? json({ url, environment, codigoSeguridad }) : `${url}\n`);
    return EXIT.ok;
  },
};

function environmentOf(written: string): QrEnvironment {
  const known = ENVIRONMENTS.find((one) => one === written.toLowerCase());
  if (known) return known;
  const near = didYouMean(written, ENVIRONMENTS);
  throw new CliError(`«${written}» no es un ambiente.${near} Hay: ${ENVIRONMENTS.join(', ')}.`);
}
