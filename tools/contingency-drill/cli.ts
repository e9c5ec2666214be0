import { ENVIRONMENTS, isEnvironment } from '@getupnet/contracts';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { COMMON_OPTIONS, parseOptions, refuseWords, type Invocation } from '../cli/options.js';
import { table } from '../launcher/table.js';
import { drill, type DrillOptions, type DrillReport, type DrillStep } from './drill.js';
import { readTarget } from './target.js';

const REPORT = 'contingency:drill';
const COMMAND = `npm run ${REPORT} --`;
const HELP = `npm run contingency:drill — simulacro de contingencia: corta la DGII simulada, emite, la
restablece y comprueba marcas, orden y aceptación. Nunca toca a la DGII verdadera.

  npm run contingency:drill                     en la demostración que corre (npm run demo)
  npm run contingency:drill -- --documents 20   cuántos documentos sin conexión (8)
  npm run contingency:drill -- --json           un objeto JSON en la salida estándar

  --data-dir DIR      datos de la demostración (.data, o GETUPNET_DATA_DIR)
  --rnc RNC           empresa de la demostración (la primera)
  --gateway URL --simulator URL   otra instalación con su simulador; la clave, en ECF_API_KEY
  --environment AMB   ambiente de la empresa: ${ENVIRONMENTS.join(', ')} (testecf)
  --timeout S         cuánto se espera cada mitad, en segundos (300)

Salida: 0 todo como debe · 1 algo no · 2 no se pudo hacer · 130 interrumpido (Ctrl-C: antes de terminar
restablece la DGII). Con los plazos de fábrica dura unos tres minutos: la contingencia se declara
cuando la DGII lleva un minuto sin responder.
`;
const OPTIONS = {
  ...COMMON_OPTIONS,
  'data-dir': { type: 'string' },
  rnc: { type: 'string' },
  gateway: { type: 'string' },
  simulator: { type: 'string' },
  environment: { type: 'string' },
  documents: { type: 'string' },
  timeout: { type: 'string' },
} as const;

/** 128 + SIGINT, as shells expect of an interrupted command. */
const EXIT_INTERRUPTED = 130;
const DEFAULT_DOCUMENTS = 8;
const DEFAULT_TIMEOUT_S = 300;
const MOST_DOCUMENTS = 500;
const LONGEST_S = 3_600;

export interface Surroundings {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the drill early; DGII is brought back all the same. */
  readonly signal?: AbortSignal;
}

/** The whole command; answers its exit code and never throws. */
export async function run(
  args: readonly string[],
  { io, env, signal }: Surroundings,
): Promise<number> {
  try {
    const invocation = parseOptions(COMMAND, OPTIONS, args);
    if (invocation.flag('help')) {
      io.out(HELP);
      return EXIT.ok;
    }
    refuseWords(COMMAND, invocation);
    const target = await readTarget(invocation, env);
    io.note(`Simulacro de contingencia en ${target.gatewayUrl}\n\n`);
    const onStep = (step: DrillStep): void => io.note(`  ${lineOf(step)}\n`);
    const report = await drill(target, {
      ...optionsOf(invocation),
      ...(signal === undefined ? {} : { signal }),
      onStep,
    });
    io.out(invocation.flag('json') ? jsonOf(report) : `\n${tableOf(report)}\n\n${sumOf(report)}\n`);
    if (signal?.aborted) return EXIT_INTERRUPTED;
    return report.ok ? EXIT.ok : EXIT.invalid;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    io.note(`${error.message}\n`);
    return error.exitCode;
  }
}

function optionsOf(invocation: Invocation): DrillOptions {
  const environment = invocation.text('environment') ?? 'testecf';
  if (!isEnvironment(environment)) {
    throw new CliError(`Ambiente desconocido: ${environment} (${ENVIRONMENTS.join(', ')}).`);
  }
  const documents = whole(invocation, 'documents', DEFAULT_DOCUMENTS, MOST_DOCUMENTS);
  const timeoutMs = 1_000 * whole(invocation, 'timeout', DEFAULT_TIMEOUT_S, LONGEST_S);
  return { environment, documents, timeoutMs };
}

function whole({ text }: Invocation, option: string, fallback: number, most: number): number {
  const stated = text(option);
  if (stated === undefined) return fallback;
  const value = Number(stated);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CliError(`--${option} espera un número entero de 1 a ${most}.`);
}

function lineOf({ ok, title, found, durationMs }: DrillStep): string {
  return `${ok ? 'correcto' : 'FALLO'}  ${title}: ${found} (${durationMs} ms)`;
}

function tableOf({ documents }: DrillReport): string {
  return table(
    ['e-NCF', 'Sin la DGII', 'Al final'],
    documents.map(({ encf, during, afterwards }) => [encf, during, afterwards]),
  );
}

function sumOf({ ok, steps }: DrillReport): string {
  const failed = steps.find((step) => !step.ok);
  return ok || failed === undefined
    ? `Simulacro correcto: ${steps.length} comprobaciones.`
    : `El simulacro falló en «${failed.title}»: ${failed.found}`;
}

/** For programs; fields are added, never changed. */
function jsonOf({ ok, steps, documents }: DrillReport): string {
  const result = ok ? 'ok' : 'failed';
  return `${JSON.stringify({ report: REPORT, version: 1, result, steps, documents }, null, 2)}\n`;
}
