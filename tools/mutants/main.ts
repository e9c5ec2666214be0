import { CliError, EXIT } from '../cli/io.js';
import { COMMON_OPTIONS, parseOptions, refuseWords } from '../cli/options.js';
import { PROTECTIONS } from './protections.data.js';
import type { Protection } from './protection.js';
import { runMutant, type MutantResult } from './run-mutant.js';

const COMMAND = 'npm run mutants --';
const HELP = `${COMMAND} [--only ID] [--json]

Quita una por una las protecciones del producto y ejecuta las pruebas que deben notarlo.

  --only ID   solo la protección de ese nombre; puede repetirse
  --json      una línea JSON por protección
  --help      esta ayuda

Termina con 0 si las pruebas notaron cada falta, con 1 si alguna pasó inadvertida o no se pudo
probar, con 2 si la orden está mal escrita.
`;
const OPTIONS = { ...COMMON_OPTIONS, only: { type: 'string', multiple: true } } as const;

const FATES: Readonly<Record<MutantResult['fate'], string>> = {
  killed: 'notada',
  survived: 'INADVERTIDA',
  broken: 'SIN PRUEBA',
};

function chosen(only: readonly string[]): readonly Protection[] {
  const unknown = only.filter((id) => !PROTECTIONS.some((protection) => protection.id === id));
  if (unknown.length > 0) {
    const known = PROTECTIONS.map(({ id }) => id).join(', ');
    throw new CliError(`No hay protección «${unknown.join('», «')}». Existen: ${known}.`);
  }
  return PROTECTIONS.filter(({ id }) => only.length === 0 || only.includes(id));
}

function tell({ protection, fate, by, seconds }: MutantResult, json: boolean): void {
  const { id, rule, what } = protection;
  if (json) {
    process.stdout.write(`${JSON.stringify({ id, rule, what, fate, by, seconds })}\n`);
    return;
  }
  const time = `${seconds.toFixed(1)} s`.padStart(8);
  process.stdout.write(`${FATES[fate].padEnd(12)}${time}  ${rule.padEnd(7)} ${id}: ${what}\n`);
  if (fate === 'killed') process.stdout.write(`${' '.repeat(30)}${by[0] ?? ''}\n`);
  if (fate === 'broken') process.stdout.write(`${by.join('\n')}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  const invocation = parseOptions(COMMAND, OPTIONS, args);
  if (invocation.flag('help')) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  refuseWords(COMMAND, invocation);
  const json = invocation.flag('json');
  let unnoticed = 0;
  const protections = chosen(invocation.texts('only'));
  for (const [index, protection] of protections.entries()) {
    process.stderr.write(`${index + 1}/${protections.length} ${protection.id}…\n`);
    const result = await runMutant(process.cwd(), protection);
    tell(result, json);
    if (result.fate !== 'killed') unnoticed += 1;
  }
  if (!json) {
    const noticed = protections.length - unnoticed;
    process.stdout.write(`${noticed} de ${protections.length} faltas notadas\n`);
  }
  return unnoticed === 0 ? EXIT.ok : EXIT.invalid;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
