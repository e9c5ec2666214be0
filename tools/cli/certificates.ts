import { readCertificates, type CertificateFacts } from '@getupnet/xmldsig';
import { CliError, type Io } from './io.js';

/** The certificates of PEM files given on the command line. */
export async function certificatesOf(
  paths: readonly string[],
  io: Io,
): Promise<CertificateFacts[]> {
  const found: CertificateFacts[] = [];
  for (const path of paths) {
    const text = Buffer.from(await io.readFile(path)).toString('latin1');
    const certificates = readCertificates(text);
    if (certificates.length === 0) throw new CliError(`«${path}» no trae certificados PEM.`);
    found.push(...certificates);
  }
  return found;
}
