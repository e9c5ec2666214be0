import { complete, normalize, parse, serialize, validate, type EcfDraft } from '@getupnet/ecf';
import { percentile, print, round } from './figure.js';
import { ISSUER, invoiceTree } from './sample-documents.js';

/** Targets in milliseconds of one core. */
const TARGETS: Readonly<Record<number, number>> = { 2: 0.06, 1_000: 15 };
const PARSE_TARGET_MS = 8;
/** Ten times the lines may cost ten times as much and some garbage collection. */
const GROWTH_TARGET = 15;

const SIZES = [2, 10, 100, 1_000, 10_000] as const;
/** A debit note may have more. */
const MAX_LINES_31 = 1_000;

const SAMPLES = 60;
/** Each sample repeats until it takes about so long, or the clock is what is measured. */
const SAMPLE_MS = 5;
const WARM_UP_MS = 300;

/** The library alone: from what a caller states to canonical XML, and back. */
export function ecfBench(): void {
  const whole = new Map<number, number>();
  const reading = new Map<number, number>();
  for (const lines of SIZES) {
    const draft = draftOf(lines);
    const { document } = complete(draft, optionsOf(draft));
    const xml = serialize(document);
    const parts = {
      complete: median(() => complete(draft, optionsOf(draft))),
      validate: median(() => validate(document)),
      serialize: median(() => serialize(document)),
    };
    const wholeMs = median(() => write(draft));
    whole.set(lines, wholeMs);
    reading.set(
      lines,
      median(() => parse(xml)),
    );
    const target = TARGETS[lines];
    print({
      bench: 'ecf',
      what: `complete, validate, serialize ${lines} lines`,
      value: wholeMs * 1000,
      unit: 'µs a document',
      ...(target !== undefined && { target: `≤ ${target * 1000} µs` }),
      detail: {
        bytes: Buffer.byteLength(xml),
        ...Object.fromEntries(Object.entries(parts).map(([name, ms]) => [name, round(ms * 1000)])),
      },
    });
    print({
      bench: 'ecf',
      what: `parse ${lines} lines`,
      value: (reading.get(lines) ?? Number.NaN) * 1000,
      unit: 'µs a document',
      ...(lines === 1_000 && { target: `≤ ${PARSE_TARGET_MS * 1000} µs` }),
    });
  }
  growth('complete, validate, serialize', whole);
  growth('parse', reading);
}

/** What ten times the lines cost; quadratic code would show a hundred. */
function growth(what: string, times: ReadonlyMap<number, number>): void {
  print({
    bench: 'ecf',
    what: `${what}: growth from 1,000 to 10,000 lines`,
    value: (times.get(10_000) ?? Number.NaN) / (times.get(1_000) ?? Number.NaN),
    unit: 'times',
    target: `about 10, ≤ ${GROWTH_TARGET}`,
  });
}

function draftOf(lines: number): EcfDraft {
  const tipo = lines > MAX_LINES_31 ? '33' : '31';
  const draft = normalize(invoiceTree(lines, tipo));
  if (!draft.ok) throw new Error('the sample is not a document');
  return draft.document;
}

const optionsOf = ({ Encabezado }: EcfDraft) => ({
  issuer: ISSUER,
  now: new Date('2026-06-15T14:30:45Z'),
  encf: `E${Encabezado?.IdDoc?.TipoeCF ?? ''}0000000001`,
  fechaVencimientoSecuencia: '31-12-2028',
});

function write(draft: EcfDraft): string {
  const { document } = complete(draft, optionsOf(draft));
  const findings = validate(document);
  if (findings.some(({ severity }) => severity === 'error')) throw new Error('not a good sample');
  return serialize(document);
}

/** Milliseconds of one run, the middle of many samples. */
function median(work: () => unknown): number {
  const warm = performance.now();
  let runs = 0;
  while (runs === 0 || performance.now() - warm < WARM_UP_MS) {
    work();
    runs += 1;
  }
  const each = (performance.now() - warm) / runs;
  const perSample = Math.max(1, Math.round(SAMPLE_MS / each));
  const samples = Array.from({ length: SAMPLES }, () => {
    const from = performance.now();
    for (let run = 0; run < perSample; run += 1) work();
    return (performance.now() - from) / perSample;
  });
  return percentile(samples, 0.5);
}
