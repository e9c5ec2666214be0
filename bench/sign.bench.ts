import { sign as rawSign } from 'node:crypto';
import { serializeBytes } from '@getupnet/ecf';
import {
  createSigner,
  issueCertificate,
  readP12,
  signCanonical,
  type Signer,
} from '@getupnet/xmldsig';
import { percentile, print, round } from './figure.js';
import { invoice } from './sample-documents.js';

/** Lines that give documents of about 3 KB and 19 KB, and the schema's most. */
const CASES = [
  { what: '3 KB', lines: 5, target: '0.90' },
  { what: '19 KB', lines: 60, target: '0.80' },
  { what: '1,000 lines', lines: 1_000, target: '0.22' },
] as const;

const ROUNDS = 80;
/** Rounds before the clock counts: a service signs for days with code that is compiled by then. */
const WARM_UP = 120;
const PER_ROUND = 25;

/** Object → signed XML on one core, against raw `crypto.sign` in the same run. */
export async function signBench(core: string): Promise<void> {
  const { p12, password } = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
  });
  const contents = readP12(p12, password);
  const signer = createSigner(contents.privateKey, contents.certificatePem);
  for (const { what, lines, target } of CASES) {
    const document = invoice(lines);
    const bytes = serializeBytes(document).length;
    const raw: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < WARM_UP; round += 1) await wholeRound(document, signer);
    for (let round = 0; round < ROUNDS; round += 1) {
      raw.push(rawRound(signer));
      whole.push(await wholeRound(document, signer));
    }
    const rawUs = percentile(raw, 0.5);
    const wholeUs = percentile(whole, 0.5);
    print({
      bench: 'sign',
      what,
      value: wholeUs,
      unit: 'µs a document',
      ratio: round(rawUs / wholeUs),
      target: `≥ ${target}`,
      detail: { bytes, rawUs: round(rawUs), core },
    });
  }
}

function rawRound(signer: Signer): number {
  const data = Buffer.alloc(700, 'x');
  const from = performance.now();
  for (let index = 0; index < PER_ROUND; index += 1) rawSign('sha256', data, signer.privateKey);
  return ((performance.now() - from) * 1000) / PER_ROUND;
}

/** All at once, as a batch is signed: the hand-over to libuv's threads is paid for once. */
async function wholeRound(document: ReturnType<typeof invoice>, signer: Signer): Promise<number> {
  const from = performance.now();
  await Promise.all(
    Array.from({ length: PER_ROUND }, () => signCanonical(serializeBytes(document), signer)),
  );
  return ((performance.now() - from) * 1000) / PER_ROUND;
}
