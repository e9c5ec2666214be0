import { parse, serialize, serializeBytes, type EcfDocument } from '@getupnet/ecf';
import {
  createSigner,
  issueCertificate,
  readP12,
  signCanonical,
  type IssuedCertificate,
  type Signer,
} from '@getupnet/xmldsig';
import { percentile, print, round } from './figure.js';
import { pinToOneCore, unpin } from './one-core.js';
import { loadDgiiEcf, xmlCryptoSigns } from './rivals.js';
import { invoice } from './sample-documents.js';

const CASES = [
  { what: '3 KB', lines: 5, rounds: 30, target: '≥ 10' },
  { what: '19 KB', lines: 60, rounds: 20, target: '≥ 30' },
  { what: '1,000 lines', lines: 1_000, rounds: 5, target: '≥ 150' },
] as const;
const PER_ROUND = 25;

type Rival = (document: EcfDocument) => () => string;

/**
 * Object → signed XML, against what others in Node use: npm `xml-crypto` on our text, and npm
 * `dgii-ecf`, which builds on it, where somebody installed that.
 */
export async function versusBench(dgiiEcfFolder: string | undefined): Promise<void> {
  const issued = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
  });
  const { privateKey, certificatePem } = readP12(issued.p12, issued.password);
  const signer = createSigner(privateKey, certificatePem);
  const rivals = new Map<string, Rival>([
    ['xml-crypto', (document) => () => xmlCryptoSigns(serialize(document), issued)],
  ]);
  if (dgiiEcfFolder === undefined) {
    process.stderr.write(
      'versus dgii-ecf skipped: --dgii-ecf names no folder it is installed in\n',
    );
  } else rivals.set('dgii-ecf', dgiiEcf(dgiiEcfFolder, issued));
  const pinned = pinToOneCore();
  for (const { what, lines, rounds, target } of CASES) {
    const document = invoice(lines);
    for (const [name, rival] of rivals) {
      const theirs = rival(document);
      // Whoever signs something else is no rival.
      parse(theirs());
      const [oursUs, theirsUs] = await compare(rounds, () => ourRound(document, signer), theirs);
      print({
        bench: 'versus',
        what: `${what}, against ${name}`,
        value: oursUs,
        unit: 'µs a document',
        ratio: round(theirsUs / oursUs),
        target: name === 'dgii-ecf' ? target : 'none',
        detail: { theirsUs: round(theirsUs), core: pinned ? 'one' : 'any (no taskset)' },
      });
    }
  }
  unpin();
}

/** The object it takes is made beforehand: only its own work is timed. */
function dgiiEcf(folder: string, issued: IssuedCertificate): Rival {
  const { Signature, Transformer } = loadDgiiEcf(folder);
  const transformer = new Transformer();
  const signature = new Signature(issued.privateKeyPem, issued.certificatePem);
  return (document) => {
    const tree = transformer.xml2Json(serialize(document));
    return () => signature.signXml(transformer.json2xml(tree), 'ECF');
  };
}

async function compare(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => string,
): Promise<readonly [number, number]> {
  const [a, b]: [number[], number[]] = [[], []];
  for (let index = 0; index < rounds; index += 1) {
    a.push(await ours());
    const from = performance.now();
    theirs();
    b.push((performance.now() - from) * 1000);
  }
  return [percentile(a, 0.5), percentile(b, 0.5)];
}

/** All at once, as a batch is signed. */
async function ourRound(document: EcfDocument, signer: Signer): Promise<number> {
  const from = performance.now();
  await Promise.all(
    Array.from({ length: PER_ROUND }, () => signCanonical(serializeBytes(document), signer)),
  );
  return ((performance.now() - from) * 1000) / PER_ROUND;
}
