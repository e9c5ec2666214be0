import { SystemClock, nearest } from '@getupnet/kernel';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openAuthority, ROOT_FILE } from '../authority/authority-files.js';
import { CERTIFICATES_PATH, ROOT_PATH } from '../authority/authority-routes.js';
import { CertificateIssuer } from '../authority/certificate-issuer.js';
import {
  certificateRequestSchema,
  DEFECTS,
  type CheckedRequest,
} from '../authority/certificate-request.js';
import { because, CommandError, errnoOf, EXIT } from './command-error.js';
import type { Command, Given, Io } from './command-line.js';
import { DEFAULT_DATA_DIR, runningAt } from './running.js';

const MAX_DAYS = 3650;
const PATIENCE_MS = 30_000;

export const issueCommand: Command = {
  name: 'issue-certificate',
  summary: 'emite un certificado de prueba (P12) de la autoridad del simulador',
  flags: {
    holder: { value: '<id>', help: 'cédula, RNC o pasaporte (PASUS-C01234567) de la persona' },
    name: { value: '<nombre>', help: 'nombre de la persona' },
    out: { value: '<archivo>', help: 'dónde escribir el P12; <id>.p12 por omisión' },
    'password-file': {
      value: '<archivo>',
      help: 'archivo con la contraseña; si no existe, se crea con una inventada',
    },
    days: { value: '<n>', help: 'días que vale; 730 por omisión' },
    defect: { value: '<falla>', help: `con una falla a propósito: ${DEFECTS.join(', ')}` },
    'data-dir': {
      value: '<dir>',
      help: `directorio del simulador; ${DEFAULT_DATA_DIR} por omisión`,
    },
    simulator: {
      value: '<url>',
      help: 'pídelo a este simulador en marcha, en lugar de abrir su directorio',
    },
    force: { help: 'reemplaza el archivo si ya existe' },
  },
  more: `
Sin --password-file la contraseña se inventa y se escribe una sola vez, en la salida. Estos
certificados sólo sirven con simuladores: la DGII no conoce a esta autoridad.
`,
  async run(given, io) {
    const request = requestOf(given);
    const { password, passwordFile } = await passwordOf(given);
    const wanted = { ...request, ...(password === undefined ? {} : { password }) };
    const simulator = given.text('simulator');
    const issued =
      simulator === undefined
        ? await issueHere(wanted, given.text('data-dir') ?? DEFAULT_DATA_DIR)
        : await askSimulator(wanted, simulator);
    const file = given.text('out') ?? `${request.holder}.p12`;
    await writeNew(file, issued.p12, given.has('force'));
    tell({ ...issued, request, file, passwordFile }, given, io);
  },
};

/** A certificate, and where its authority is found. */
interface Issued {
  readonly p12: Buffer;
  readonly password: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly rootFile: string | null;
  /** Null: no simulator of that authority runs. */
  readonly url: string | null;
}

function requestOf(given: Given): CheckedRequest {
  const [holder, name, defect] = ['holder', 'name', 'defect'].map((flag) => given.text(flag));
  const days = given.whole('days', 1, MAX_DAYS);
  const parsed = certificateRequestSchema.safeParse({
    holder,
    name,
    ...(defect === undefined ? {} : { defect }),
    ...(days === undefined ? {} : { days }),
  });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}.`);
  const near = defect === undefined ? undefined : nearest(defect, DEFECTS);
  const meant = near === undefined || near === defect ? '' : ` ¿Quiso decir «${near}»?`;
  throw new CommandError(lines.join('\n') + meant);
}

async function issueHere(request: CheckedRequest, dataDir: string): Promise<Issued> {
  const now = (): Date => new SystemClock().now();
  const authority = await openAuthority(dataDir, now()).catch((cause: unknown) => {
    throw new CommandError(
      `--data-dir: no se pudo usar ${dataDir}: ${because(cause)}.`,
      EXIT.config,
      { cause },
    );
  });
  const issued = await new CertificateIssuer(authority, now).issue(request);
  return { ...issued, rootFile: join(dataDir, ROOT_FILE), url: await runningAt(dataDir) };
}

const answerSchema = z.object({
  p12: z.base64().transform((text) => Buffer.from(text, 'base64')),
  password: z.string(),
  notBefore: z.coerce.date(),
  notAfter: z.coerce.date(),
});

async function askSimulator(request: CheckedRequest, base: string): Promise<Issued> {
  const url = base.replace(/\/+$/, '');
  const answer = await fetch(url + CERTIFICATES_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw new CommandError(`--simulator: ${unreachable(base, cause)}`, EXIT.config, { cause });
  });
  const body = answerSchema.safeParse(await answer.json().catch(() => null));
  if (answer.status === 201 && body.success) return { ...body.data, rootFile: null, url };
  throw new CommandError(
    `--simulator: lo que responde en «${base}» no es un simulador de esta versión.`,
    EXIT.config,
  );
}

function unreachable(base: string, error: unknown): string {
  const cause = error instanceof Error ? errnoOf(error.cause) : '';
  if (/CERT|SIGNATURE/.test(cause)) {
    return (
      `no se confía en el certificado de «${base}». Si es de su propia autoridad, use --data-dir, ` +
      'o NODE_EXTRA_CA_CERTS=<dir>/authority.pem.'
    );
  }
  return (
    `nadie responde en «${base}». ¿Está en marcha? Es la dirección que escribe al arrancar, ` +
    'como http://127.0.0.1:8090.'
  );
}

interface Password {
  readonly password: string | undefined;
  readonly passwordFile: string | null;
}

async function passwordOf(given: Given): Promise<Password> {
  const file = given.text('password-file');
  if (file === undefined) return { password: undefined, passwordFile: null };
  try {
    // Editors end the line; the password is what stands before.
    const password = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    if (password !== '') return { password, passwordFile: file };
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') {
      throw new CommandError(`--password-file: «${file}»: ${because(cause)}.`, undefined, {
        cause,
      });
    }
    const password = randomBytes(12).toString('base64url');
    await write('--password-file', file, `${password}\n`, 'wx');
    return { password, passwordFile: file };
  }
  throw new CommandError(`--password-file: «${file}» está vacío.`);
}

async function writeNew(file: string, p12: Buffer, force: boolean): Promise<void> {
  await write('--out', file, p12, force ? 'w' : 'wx');
}

async function write(flag: string, file: string, content: string | Buffer, how: string) {
  try {
    await writeFile(file, content, { mode: 0o600, flag: how });
  } catch (cause) {
    const exists = errnoOf(cause) === 'EEXIST';
    const reason = exists ? 'ya existe; con --force se reemplaza' : because(cause);
    throw new CommandError(`${flag}: no se pudo escribir «${file}»: ${reason}.`, undefined, {
      cause,
    });
  }
}

interface Outcome extends Issued {
  readonly request: CheckedRequest;
  readonly file: string;
  readonly passwordFile: string | null;
}

function tell(outcome: Outcome, given: Given, io: Io): void {
  const { request, file, password, passwordFile, notBefore, notAfter, rootFile, url } = outcome;
  const rootUrl = url === null ? null : url + ROOT_PATH;
  if (given.has('json')) {
    const { holder, name, defect = null } = request;
    const secret = passwordFile === null ? { password } : { passwordFile };
    const where = { rootFile, rootUrl, url, page: url === null ? null : `${url}/` };
    const validity = { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
    io.out(`${JSON.stringify({ file, ...secret, holder, name, defect, ...validity, ...where })}\n`);
    return;
  }
  io.out(`P12         ${file}
Contraseña  ${passwordFile === null ? `${password}   (no se vuelve a mostrar)` : `en ${passwordFile}`}
De          ${request.name}, ${request.holder}${request.defect === undefined ? '' : `; falla: ${request.defect}`}
Vale        del ${day(notBefore)} al ${day(notAfter)}
Raíz        ${[rootUrl, rootFile].filter((place) => place !== null).join('  ')}
Simulador   ${url === null ? 'no está en marcha: npm run simulator' : `${url}   página: ${url}/`}
`);
}

const day = (instant: Date): string => instant.toISOString().slice(0, 10);
