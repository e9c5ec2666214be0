import {
  anyCertificate,
  verify,
  type Refused,
  type Verified,
  type VerifyOptions,
  type XmlFault,
} from '@getupnet/xmldsig';
import { readInput } from './input.js';
import { CliError, EXIT, type Io } from '../cli/io.js';

/** Why a signature does not hold, for people. */
const FAULTS: Readonly<Record<XmlFault, string>> = {
  'xml.too_complex': 'el XML supera los límites de tamaño o anidamiento',
  'xml.encoding': 'el XML debe ser UTF-8 sin BOM',
  'xml.dtd_forbidden': 'el XML trae una declaración DOCTYPE',
  'xml.pi_forbidden': 'el XML trae instrucciones de proceso',
  'xml.malformed': 'el XML está mal formado',
  'xml.namespace': 'el XML declara espacios de nombres que el e-CF no lleva',
  'signature.structure': 'no está firmado, o la firma no tiene la forma que exige la DGII',
  'signature.algorithm': 'la firma usa un algoritmo no admitido',
  'signature.certificate': 'el certificado no sirve para firmar',
  'signature.untrusted': 'el certificado no es de una autoridad de confianza',
  'signature.digest': 'el documento se alteró después de firmarlo',
  'signature.value': 'la firma no corresponde al certificado',
};

/** Reads FILE and checks its signature. */
export async function judgeFile(
  file: string,
  io: Io,
  options: Partial<VerifyOptions> = {},
): Promise<Verified | Refused> {
  const input = await readInput(file, io);
  if (input.kind === 'json') {
    throw new CliError('Hace falta el XML firmado; un JSON no lleva firma.', EXIT.invalid);
  }
  return verify(input.bytes, { trust: anyCertificate, ...options });
}

export const refusalText = ({ fault, reason }: Refused): string =>
  `La firma no es válida: ${FAULTS[fault]} (${fault}: ${reason}).`;
