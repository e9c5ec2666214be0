import { serializeBytes } from '@getupnet/ecf';
import {
  certificateFacts,
  createSigner,
  issueAuthority,
  issueCertificate,
  readP12,
  signCanonical,
  trustAuthorities,
  verify,
} from '@getupnet/xmldsig';
import { percentile, print, round } from './figure.js';
import { pinToOneCore, unpin } from './one-core.js';
import { xmlCryptoVerifies } from './rivals.js';
import { invoice } from './sample-documents.js';

const CASES = [
  { what: 'received e-CF of 5 KB', lines: 5, target: '≥ 10' },
  { what: 'received e-CF of 22 KB', lines: 60 },
] as const;

const ROUNDS = 30;
const PER_ROUND = 40;
const RIVAL_PER_ROUND = 4;

/**
 * A received document through the whole gate (bytes, structure, chain, C14N, RSA), against the
 * signature check alone with npm `xml-crypto` in the same run.
 */
export async function verifyBench(): Promise<void> {
  const authority = issueAuthority();
  const issued = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
    authority,
  });
  const { privateKey, certificatePem } = readP12(issued.p12, issued.password);
  const signer = createSigner(privateKey, certificatePem);
  const now = new Date(signer.certificate.notBefore.getTime() + 3 * 24 * 60 * 60 * 1000);
  const trust = trustAuthorities({
    intermediates: [],
    authorities: [certificateFacts(authority.certificatePem)],
    now: () => now,
  });
  const pinned = pinToOneCore();
  for (const { what, lines, ...rest } of CASES) {
    const { xml } = await signCanonical(serializeBytes(invoice(lines)), signer);
    const bytes = Buffer.from(xml);
    const ours = (): void => {
      if (!verify(bytes, { trust, at: now }).ok) throw new Error('the sample was refused');
    };
    const theirs = (): void => xmlCryptoVerifies(xml, certificatePem);
    const { oursUs, theirsUs } = compare(ours, theirs);
    print({
      bench: 'verify',
      what,
      value: oursUs,
      unit: 'µs a document',
      ratio: round(theirsUs / oursUs),
      ...('target' in rest && { target: `${rest.target} × xml-crypto` }),
      detail: {
        bytes: bytes.length,
        xmlCryptoUs: round(theirsUs),
        core: pinned ? 'one' : 'any (no taskset)',
      },
    });
  }
  unpin();
}

/** Both in turns, so that whatever else the machine does meets both alike. */
function compare(ours: () => void, theirs: () => void): { oursUs: number; theirsUs: number } {
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    a.push(microseconds(ours, PER_ROUND));
    b.push(microseconds(theirs, RIVAL_PER_ROUND));
  }
  return { oursUs: percentile(a, 0.5), theirsUs: percentile(b, 0.5) };
}

function microseconds(work: () => void, times: number): number {
  const from = performance.now();
  for (let index = 0; index < times; index += 1) work();
  return ((performance.now() - from) * 1000) / times;
}
