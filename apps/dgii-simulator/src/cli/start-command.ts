import { readCertificates } from '@getupnet/xmldsig';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENTS } from '@getupnet/contracts';
import { ROOT_FILE } from '../authority/authority-files.js';
import { ROOT_PATH } from '../authority/authority-routes.js';
import { DGII_HOSTS } from '../http/service-map.js';
import type { SimulatorOptions } from '../options.js';
import { startSimulator, type Simulator } from '../simulator.js';
import { because, CommandError, errnoOf, EXIT } from './command-error.js';
import type { Command, Given, Io } from './command-line.js';
import { readEnvironments } from './environments-file.js';
import { announce, DEFAULT_DATA_DIR, runningAt } from './running.js';

/** The one that docker compose publishes, too. */
const DEFAULT_PORT = 8090;
const MAX_DELAY_MS = 3_600_000;
const ANY = 'any';

export const startCommand: Command = {
  name: 'start',
  summary: 'una DGII en esta máquina: los servicios, sus juicios y sus fallas',
  flags: {
    port: { value: '<n>', help: `puerto; ${DEFAULT_PORT} por omisión, 0 toma uno libre` },
    host: { value: '<nombre>', help: 'interfaz; 127.0.0.1 por omisión' },
    'data-dir': {
      value: '<dir>',
      help: `documentos, bitácora y autoridad; ${DEFAULT_DATA_DIR} por omisión`,
    },
    temporary: { help: 'no conserva nada: los datos se borran al terminar' },
    trust: {
      value: '<pem|any>',
      multiple: true,
      help: 'confía también en esta autoridad (se repite); «any»: en cualquier certificado',
    },
    delay: { value: '<ms>', help: 'tiempo en que un e-CF queda En Proceso; 20 por omisión' },
    seed: { value: '<texto>', help: 'semilla de las fallas con probabilidad' },
    taxpayers: {
      value: '<json>',
      help: 'qué sabe la DGII: delegados, secuencias, directorio… (docs/simulator.md)',
    },
    'public-url': {
      value: '<url>',
      help: 'dirección que el directorio da de este simulador, si no es la propia',
    },
    'control-host': {
      value: '<nombre>',
      multiple: true,
      help: 'nombre con que también se atienden la página y el control (se repite)',
    },
    chaos: { value: '<semilla>', help: 'un mal día: fallas de todas clases, repetibles' },
    tls: { help: 'habla HTTPS, con un certificado de su propia autoridad' },
    'no-fsync': { help: 'responde sin esperar a que la bitácora esté en el disco' },
  },
  async run(given, io) {
    const options = await optionsOf(given, io);
    const simulator = await startSimulator(options).catch((error: unknown) =>
      explain(error, options),
    );
    const { dataDir } = options;
    const withdraw = dataDir === undefined ? undefined : await announce(dataDir, simulator.url);
    tell(simulator, options, given, io);
    await io.untilStopped();
    await withdraw?.();
    await simulator.close();
  },
};

async function optionsOf(given: Given, io: Io): Promise<SimulatorOptions> {
  const dataDir = await dataDirOf(given);
  const trusted = given.texts('trust').filter((word) => word !== ANY);
  const trustedAuthorities = trusted.map(readAuthorities);
  const taxpayers = given.text('taxpayers');
  const known = taxpayers === undefined ? {} : readEnvironments(taxpayers);
  const [host, seed, publicUrl, chaos] = ['host', 'seed', 'public-url', 'chaos'].map((name) =>
    given.text(name),
  );
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+/.test(publicUrl)) {
    throw new CommandError(`--public-url: se espera http(s)://…, no «${publicUrl}».`);
  }
  if (chaos === '') throw new CommandError('--chaos: se espera una semilla, por ejemplo «7».');
  return {
    port: given.whole('port', 0, 65_535) ?? DEFAULT_PORT,
    validationDelayMs: given.whole('delay', 0, MAX_DELAY_MS) ?? 20,
    // Nobody needs a temporary ledger after a power failure.
    fsync: dataDir !== undefined && !given.has('no-fsync'),
    tls: given.has('tls'),
    trust: given.texts('trust').includes(ANY) ? 'any' : 'authorities',
    environments: Object.fromEntries(
      ENVIRONMENTS.map((name) => [name, { ...known[name], trustedAuthorities }]),
    ),
    controlHosts: given.texts('control-host'),
    onNotice: (text) => io.note(`  ${text}\n`),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(host === undefined ? {} : { host }),
    ...(seed === undefined ? {} : { seed }),
    ...(chaos === undefined ? {} : { chaos }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
}

async function dataDirOf(given: Given): Promise<string | undefined> {
  const wanted = given.text('data-dir');
  if (given.has('temporary')) {
    if (wanted === undefined) return undefined;
    throw new CommandError('--temporary y --data-dir no van juntos.');
  }
  const dataDir = wanted ?? DEFAULT_DATA_DIR;
  const other = await runningAt(dataDir);
  if (other === null) return dataDir;
  throw new CommandError(
    `Ya hay un simulador con los datos de ${dataDir}: ${other}\n` +
      'Úselo, deténgalo, o arranque éste con --temporary o con otro --data-dir.',
    EXIT.config,
  );
}

function readAuthorities(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    if (readCertificates(pem).length > 0) return pem;
  } catch (cause) {
    if (errnoOf(cause).startsWith('ERR_')) throw noCertificate(path, cause);
    throw new CommandError(
      `--trust: no se pudo leer «${path}»: ${because(cause)}. Se espera un archivo PEM, o «any».`,
      undefined,
      { cause },
    );
  }
  throw noCertificate(path);
}

function noCertificate(path: string, cause?: unknown): CommandError {
  return new CommandError(
    `--trust: «${path}» no tiene un certificado PEM legible ` +
      '(-----BEGIN CERTIFICATE-----). De un .cer o .p12 lo saca openssl.',
    undefined,
    { cause },
  );
}

/** A failed start as advice, where it is foreseeable. */
function explain(cause: unknown, { port = 0, host, dataDir }: SimulatorOptions): never {
  const fail = (text: string): never => {
    throw new CommandError(text, EXIT.config, { cause });
  };
  switch (errnoOf(cause)) {
    case 'EADDRINUSE':
      return fail(
        `El puerto ${port} ya lo usa otro programa, quizá otro simulador.\n` +
          `Ciérrelo, o elija otro: --port ${port + 1000} (--port 0 toma uno libre).`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fail(`--host: esta máquina no tiene la interfaz «${host ?? ''}».`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOSPC':
      return fail(
        `No se puede escribir en ${dataDir ?? 'el directorio temporal'}, o abrir el puerto ` +
          `${port}: ${because(cause)}.\nElija otro --data-dir, use --temporary, u otro --port.`,
      );
    default:
      throw cause;
  }
}

function tell(simulator: Simulator, options: SimulatorOptions, given: Given, io: Io): void {
  const { url } = simulator;
  const { dataDir } = options;
  const rootFile = dataDir === undefined ? null : join(dataDir, ROOT_FILE);
  const rootUrl = url + ROOT_PATH;
  if (given.has('json')) {
    const services = Object.fromEntries(DGII_HOSTS.map((host) => [host, `${url}/${host}`]));
    const found = { url, page: `${url}/`, services, rootUrl, rootFile, dataDir: dataDir ?? null };
    io.out(`${JSON.stringify(found)}\n`);
    return;
  }
  io.out(`${url}\n`);
  const others = given.texts('trust').length;
  const trust =
    options.trust === 'any'
      ? 'cualquier certificado que nombre a una persona'
      : `los certificados de su propia autoridad${others === 0 ? '' : ` y de --trust (${others})`}`;
  io.note(`
  Simulador de la DGII

  Página      ${url}/   certificación: ${url}/_portal
  Servicios   ${url}/ecf/testecf/…  (${DGII_HOSTS.join(', ')}; ${ENVIRONMENTS.join(', ')})
  Raíz        ${rootUrl}${rootFile === null ? '' : `  ${rootFile}`}
  Datos       ${dataDir ?? 'temporales, se borran al terminar'}
  Confía en   ${trust}

  Un certificado de prueba, desde otra terminal:
    npm run simulator -- issue-certificate --holder 00112345678 --name "Ana Pérez" --out ana.p12${
      dataDir === undefined ? ` --simulator ${url}` : ''
    }${dataDir === undefined || dataDir === DEFAULT_DATA_DIR ? '' : ` --data-dir ${dataDir}`}

  Primeros pasos: docs/simulator.md. Ctrl-C para terminar.
`);
}
