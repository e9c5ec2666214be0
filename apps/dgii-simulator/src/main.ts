import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './options.js';
import { startSimulator } from './simulator.js';

const USAGE = `Simulador de la DGII

  --port <n>        puerto (por omisión, uno libre)
  --host <nombre>   interfaz (por omisión, 127.0.0.1)
  --data-dir <dir>  conserva documentos y bitácora entre arranques
  --seed <texto>    semilla de las fallas con probabilidad
  --delay <ms>      tiempo en que un e-CF queda En Proceso (por omisión, 20)
  --fsync           sincroniza la bitácora con el disco antes de responder
`;

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  seed: { type: 'string' },
  delay: { type: 'string' },
  fsync: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What the command line asks for; undefined when it asks for help. Throws on anything else. */
function optionsOf(args: readonly string[]): SimulatorOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help === true) return undefined;
  return {
    port: number('port', values.port, 0),
    validationDelayMs: number('delay', values.delay, 20),
    fsync: values.fsync ?? false,
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  };
}

function number(name: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  if (!/^\d{1,6}$/.test(text)) throw new RangeError(`--${name}: no es un número: ${text}`);
  return Number(text);
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const simulator = await startSimulator(options);
  process.stdout.write(`${simulator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close());
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
