import { randomBytes } from 'node:crypto';
import type { Simulator } from '@getupnet/dgii-simulator';
import { DgiiEndpoints } from '@getupnet/dgii-api';
import { issueCertificate } from '@getupnet/xmldsig';
import { certificatesOf } from '../cli/certificates.js';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { parseOptions, type Invocation } from '../cli/options.js';
import { passwordOf } from '../cli/password.js';
import { check, type CheckWatcher } from './check.js';
import { HELP, OPTIONS, readOptions, type CheckOptions } from './options.js';
import { Table, advice, hasFailed, heading, reportJson } from './report.js';
import type { CheckSettings, CheckWorld } from './session.js';
import { P12Signer, type P12File } from './signers.js';

/** 128 + SIGINT, as shells expect of an interrupted command. */
export const EXIT_INTERRUPTED = 130;

const SIMULATED_RNC = '131880738';
const SIMULATED_KEY = 'simulador';

export interface CheckDeps extends CheckWorld {
  readonly io: Io;
  /** Raised by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs the command and answers its exit code. */
export async function run(args: readonly string[], deps: CheckDeps): Promise<number> {
  try {
    const invocation = parseOptions('dgii-check', OPTIONS, args);
    if (invocation.flag('help')) {
      deps.io.out(HELP);
      return EXIT.ok;
    }
    return await checked(readOptions(invocation), invocation, deps);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    deps.io.note(`${error.message}\n`);
    return error.exitCode;
  }
}

async function checked(
  options: CheckOptions,
  invocation: Invocation,
  deps: CheckDeps,
): Promise<number> {
  if (options.tenant !== undefined) return checkedTenant(options.tenant, options, deps);
  const simulator = options.simulator ? await ownSimulator() : null;
  try {
    const settings = await settingsOf(options, invocation, simulator, deps.io);
    return await reported(settings, options.json, deps);
  } finally {
    await simulator?.close();
  }
}

/** Loaded only here, with what the simulator alone needs. */
async function ownSimulator(): Promise<Simulator> {
  const { startSimulator } = await import('@getupnet/dgii-simulator');
  return startSimulator({ trust: 'any' });
}

/** With what the installation has: its variables, its database, its signer. */
async function checkedTenant(
  wanted: string,
  options: CheckOptions,
  deps: CheckDeps,
): Promise<number> {
  // Loaded only here: whoever has just a P12 needs none of it.
  const { openInstallation } = await import('./tenant/installation.js');
  const { tenantSettings } = await import('./tenant/tenant-settings.js');
  const { io, env } = deps;
  const installation = await openInstallation(wanted, env, (line) => io.note(line));
  try {
    const statusKey = await statusKeyOf(options, io);
    const settings = tenantSettings(installation, options);
    return await reported(
      statusKey === null ? settings : { ...settings, statusKey },
      options.json,
      deps,
    );
  } finally {
    await installation.close();
  }
}

async function reported(
  settings: CheckSettings,
  asJson: boolean,
  deps: CheckDeps,
): Promise<number> {
  const { io, signal } = deps;
  const run = await check(settings, deps, signal, watcherOf(settings, asJson, deps));
  if (signal.aborted) {
    io.note('Cancelado.\n');
    return EXIT_INTERRUPTED;
  }
  io.out(asJson ? reportJson(run) : advice(run));
  return hasFailed(run) ? EXIT.invalid : EXIT.ok;
}

function watcherOf(settings: CheckSettings, asJson: boolean, deps: CheckDeps): CheckWatcher {
  const { io, clock } = deps;
  let table: Table | null = null;
  return {
    planned: (steps) => {
      if (asJson) return;
      table = new Table(steps);
      io.out(heading({ ...settings, startedAt: clock.now(), durationMs: 0 }));
    },
    waiting: ({ title, target }, elapsedMs) => {
      const subject = target === null ? title : `${title} ${target}`;
      io.note(`  … ${subject} (${Math.round(elapsedMs / 1_000)} s)\n`);
    },
    done: (result) => {
      if (table) io.out(table.row(result));
    },
  };
}

async function settingsOf(
  options: CheckOptions,
  invocation: Invocation,
  simulator: Simulator | null,
  io: Io,
): Promise<CheckSettings> {
  const baseUrl = options.baseUrl ?? simulator?.url ?? null;
  const file = await p12FileOf(options, invocation, io);
  const trial = simulator && !file ? trialP12() : file;
  return {
    environment: options.environment ?? 'testecf',
    rnc: options.rnc ?? (simulator ? SIMULATED_RNC : null),
    endpoints: endpointsOf(baseUrl),
    baseUrl,
    timeoutMs: options.timeoutMs,
    signer: trial && new P12Signer(trial),
    statusKey: (await statusKeyOf(options, io)) ?? (simulator ? SIMULATED_KEY : null),
  };
}

function endpointsOf(baseUrl: string | null): DgiiEndpoints {
  try {
    return new DgiiEndpoints(baseUrl === null ? {} : { baseUrl });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `--base-url: «${baseUrl}» no sirve: debe ser http(s)://servidor[:puerto][/ruta].`;
    throw new CliError(message, EXIT.misuse, { cause });
  }
}

async function p12FileOf(
  { p12, authorities }: CheckOptions,
  invocation: Invocation,
  io: Io,
): Promise<P12File | null> {
  if (p12 === undefined) return null;
  const bytes = await io.readFile(p12);
  const password = await passwordOf(p12, invocation, io);
  return { bytes, password, authorities: await certificatesOf(authorities, io) };
}

/** So that the command can be tried with nothing at hand. */
function trialP12(): P12File {
  const password = randomBytes(12).toString('base64url');
  const holderId = '00199999996';
  const { p12 } = issueCertificate({ holderId, name: 'Persona de Prueba', password });
  return { bytes: p12, password, authorities: [] };
}

async function statusKeyOf({ statusKeyFile }: CheckOptions, io: Io): Promise<string | null> {
  if (statusKeyFile === undefined) return null;
  const key = Buffer.from(await io.readFile(statusKeyFile))
    .toString('utf8')
    .trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CliError(`«${statusKeyFile}» no trae una clave: es una sola palabra, en una línea.`);
}
