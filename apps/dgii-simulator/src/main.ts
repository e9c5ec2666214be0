import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.js';

const USAGE = `Simulador de la DGII

  --port <n>        puerto (por omisión, uno libre)
  --host <nombre>   interfaz (por omisión, 127.0.0.1)
  --data-dir <dir>  conserva documentos y bitácora entre arranques
  --seed <texto>    semilla de las fallas con probabilidad
  --delay <ms>      tiempo en que un e-CF queda En Proceso (por omisión, 20)
  --fsync           sincroniza la bitácora con el disco antes de responder
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    'data-dir': { type: 'string' },
    seed: { type: 'string' },
    delay: { type: 'string' },
    fsync: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help === true) {
  process.stdout.write(USAGE);
} else {
  await run();
}

async function run(): Promise<void> {
  const simulator = await startSimulator({
    port: number('port', values.port) ?? 0,
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    validationDelayMs: number('delay', values.delay) ?? 20,
    fsync: values.fsync ?? false,
  });
  process.stdout.write(`${simulator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close());
  }
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new RangeError(`--${name}: no es un número: ${text}`);
  return Number(text);
}
