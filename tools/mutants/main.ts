import { parseArgs } from 'node:util';
import { PROTECTIONS } from './protections.data.js';
import type { Protection } from './protection.js';
import { runMutant, type MutantResult } from './run-mutant.js';

const HELP = `npm run mutants -- [--only ID] [--json]

Quita una por una las protecciones del producto y ejecuta las pruebas que deben notarlo.

  --only ID   solo la protección de ese nombre; puede repetirse
  --json      una línea JSON por protección
  --help      esta ayuda

Termina con 0 si las pruebas notaron cada falta, con 1 si alguna pasó inadvertida, con 2 si la
orden está mal escrita.
`;
const EXIT = { allNoticed: 0, unnoticed: 1, misuse: 2 } as const;

const FATES: Readonly<Record<MutantResult['fate'], string>> = {
  killed: 'notada',
  survived: 'INADVERTIDA',
  broken: 'SIN PRUEBA',
};

function chosen(only: readonly string[]): readonly Protection[] {
  const unknown = only.filter((id) => !PROTECTIONS.some((protection) => protection.id === id));
  if (unknown.length > 0) {
    const known = PROTECTIONS.map(({ id }) => id).join(', ');
    throw new TypeError(`No hay protección «${unknown.join('», «')}». Existen: ${known}.`);
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

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.allNoticed;
  }
  let unnoticed = 0;
  const protections = chosen(values.only);
  for (const [index, protection] of protections.entries()) {
    process.stderr.write(`${index + 1}/${protections.length} ${protection.id}…\n`);
    const result = await runMutant(process.cwd(), protection);
    tell(result, values.json);
    if (result.fate !== 'killed') unnoticed += 1;
  }
  if (!values.json) {
    const noticed = protections.length - unnoticed;
    process.stdout.write(`${noticed} de ${protections.length} faltas notadas\n`);
  }
  return unnoticed === 0 ? EXIT.allNoticed : EXIT.unnoticed;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = EXIT.misuse;
}
