import { sign as rawSign } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serialize } from '@getupnet/ecf';
import { renderPdf, represent, type RiLayout } from '@getupnet/ri';
import {
  createSigner,
  issueCertificate,
  readP12,
  signCanonical,
  type Signer,
} from '@getupnet/xmldsig';
import { percentile, print, round } from './figure.js';
import { invoice } from './sample-documents.js';

const ROUNDS = 20;
const PER_ROUND = 20;
const WARM_UP = 300;
const MEMORY_RENDERS = 5_000;

/** Signed XML → PDF: processor time in raw signatures (units), a long document, and memory. */
export async function riBench(): Promise<void> {
  const { p12, password } = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
  });
  const contents = readP12(p12, password);
  const signer = createSigner(contents.privateKey, contents.certificatePem);
  const xmlOf = async (lines: number) =>
    (await signCanonical(serialize(invoice(lines)), signer)).xml;
  const page = await xmlOf(5);
  await onePage(page, 'letter', signer);
  await onePage(page, 'ticket', signer);
  await thousandLines(await xmlOf(1_000));
  await memory(page);
}

async function render(xml: string, layout: RiLayout): Promise<Uint8Array> {
  const options = { environment: 'ecf', standing: 'accepted', mode: 'normal' } as const;
  return renderPdf(represent({ xml, ...options }), layout);
}

/** Processor time, because a busy machine stretches the time on the wall. */
async function cpuUs(work: () => Promise<unknown> | void): Promise<number> {
  const from = process.cpuUsage();
  for (let index = 0; index < PER_ROUND; index += 1) await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / PER_ROUND;
}

async function onePage(xml: string, layout: RiLayout, signer: Signer): Promise<void> {
  const data = Buffer.alloc(700, 'x');
  const unit: number[] = [];
  const whole: number[] = [];
  let bytes = 0;
  for (let index = 0; index < WARM_UP; index += 1) await render(xml, layout);
  for (let index = 0; index < ROUNDS; index += 1) {
    unit.push(await cpuUs(() => void rawSign('sha256', data, signer.privateKey)));
    whole.push(await cpuUs(async () => (bytes = (await render(xml, layout)).length)));
  }
  const [unitUs, wholeUs] = [percentile(unit, 0.5), percentile(whole, 0.5)];
  print({
    bench: 'ri',
    what: `one page, ${layout}`,
    value: wholeUs,
    unit: 'µs of processor',
    ratio: round(wholeUs / unitUs),
    target: '≤ 10 units (goal 3)',
    detail: { unitUs: round(unitUs), bytes },
  });
}

async function thousandLines(xml: string): Promise<void> {
  const samples: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    const from = performance.now();
    await render(xml, 'letter');
    samples.push(performance.now() - from);
  }
  const value = percentile(samples, 0.5);
  print({ bench: 'ri', what: '1,000 lines, letter', value, unit: 'ms', target: '≤ 250' });
}

/** Resident memory, swept, after all renders against that after the first fifth. */
async function memory(xml: string): Promise<void> {
  setFlagsFromString('--expose-gc');
  const sweep = runInNewContext('gc') as () => void;
  const swept = () => {
    sweep();
    return process.memoryUsage().rss;
  };
  let early = 0;
  for (let index = 1; index <= MEMORY_RENDERS; index += 1) {
    await render(xml, index % 2 === 0 ? 'letter' : 'ticket');
    if (index === MEMORY_RENDERS / 5) early = swept();
  }
  const late = swept();
  const inMb = (bytes: number) => Math.round(bytes / 1024 / 1024);
  print({
    bench: 'ri',
    what: `memory after ${MEMORY_RENDERS} renders against ${MEMORY_RENDERS / 5}`,
    value: late / early,
    unit: 'ratio',
    target: '< 1.1',
    detail: { earlyMb: inMb(early), lateMb: inMb(late) },
  });
}
