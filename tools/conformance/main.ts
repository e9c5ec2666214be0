import { FORMATS, read, type Format } from '@getupnet/ecf';
import {
  officialXsd,
  officialXsdDir,
  samplesDir,
  samplesIn,
  XSD_VARIABLE,
  type Sample,
} from '../../libs/ecf/src/conformance/official.js';
import {
  compareFormat,
  isClean,
  type FormatReport,
  type Phase,
} from '../../libs/ecf/src/conformance/run.js';
import { HELP, Misuse, readOptions, type Options } from './options.js';
import { reportText } from './report.js';

const EXIT = { clean: 0, differences: 1, misuse: 2 } as const;

const PHASE_NAMES: Readonly<Record<Phase, string>> = {
  samples: 'muestras',
  generated: 'generados',
  sweep: 'campo × texto',
  mutations: 'alteraciones',
};

/** A line is written after so many documents, so that nobody thinks it hangs. */
const PROGRESS_EVERY = 5_000;

function samplesByFormat(): ReadonlyMap<Format, readonly Sample[]> {
  const dir = samplesDir();
  if (dir === undefined) {
    process.stderr.write('Sin documentos de muestra: no hay carpeta «samples».\n');
    return new Map();
  }
  const samples = samplesIn(dir).map((sample) => ({ sample, format: read(sample.xml).format }));
  return new Map(
    FORMATS.map((format) => [
      format,
      samples.filter((one) => one.format === format).map(({ sample }) => sample),
    ]),
  );
}

function run({ formats, count, seed }: Options, xsdDir: string): FormatReport[] {
  const samples = samplesByFormat();
  return formats.map((format) => {
    const from = performance.now();
    const onProgress = (phase: Phase, done: number): void => {
      if (done % PROGRESS_EVERY > 0) return;
      process.stderr.write(`${format}: ${PHASE_NAMES[phase]} ${done}\n`);
    };
    const report = compareFormat({
      format,
      count,
      seed,
      officialXsd: officialXsd(xsdDir, format),
      samples: samples.get(format) ?? [],
      onProgress,
    });
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    process.stderr.write(
      `${format}: ${isClean(report) ? 'bien' : 'CON DIFERENCIAS'} en ${seconds} s\n`,
    );
    return report;
  });
}

function main(args: readonly string[]): number {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.clean;
  }
  const xsdDir = officialXsdDir();
  if (xsdDir === undefined) {
    throw new Misuse(
      `${XSD_VARIABLE} debe nombrar la carpeta con los esquemas XSD de la DGII, que no se\n` +
        'distribuyen con este proyecto.',
    );
  }
  const from = performance.now();
  const reports = run(options, xsdDir);
  const seconds = (performance.now() - from) / 1000;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ count: options.count, seed: options.seed, seconds, reports }, null, 2)}\n`
      : reportText(reports, seconds),
  );
  return reports.every(isClean) ? EXIT.clean : EXIT.differences;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Misuse)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.misuse;
}
