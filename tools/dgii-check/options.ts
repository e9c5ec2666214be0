import { ENVIRONMENTS, isEnvironment, type Environment } from '@getupnet/contracts';
import { CliError } from '../cli/io.js';
import { COMMON_OPTIONS, type Invocation, type Options } from '../cli/options.js';
import { didYouMean } from '../cli/suggest.js';

export const OPTIONS: Options = {
  ...COMMON_OPTIONS,
  environment: { type: 'string' },
  production: { type: 'boolean' },
  p12: { type: 'string' },
  'password-file': { type: 'string' },
  ca: { type: 'string', multiple: true },
  rnc: { type: 'string' },
  tenant: { type: 'string' },
  'base-url': { type: 'string' },
  simulator: { type: 'boolean' },
  'status-key-file': { type: 'string' },
  timeout: { type: 'string' },
};

export const HELP = `dgii-check — comprueba paso a paso la conexión con la DGII

  npx dgii-check --environment testecf --p12 cert.p12 --rnc 131880738
  npx dgii-check --simulator                    contra un simulador propio, con certificado de prueba
  npx dgii-check --tenant 131880738             con el certificado que guarda la instalación

Mira Node.js y TLS, nombres, cortafuegos, certificados de los servidores, la semilla, el reloj, su
certificado, la firma, el token, la delegación y el directorio. Solo pregunta: nunca envía un documento.

  --environment ENV       testecf (por omisión), certecf o ecf
  --production            hace falta para ecf, que es la DGII de verdad
  --p12 FILE              certificado con su clave (.p12, .pfx); sin él se comprueba solo la conexión
  --password-file FILE    archivo con la contraseña, en una línea; si no, se pide por el teclado
  --ca FILE               certificados PEM de su certificadora, para comprobar la cadena; se puede repetir
  --rnc RNC               contribuyente que va a emitir: comprueba delegación y directorio
  --tenant RNC|ID         un contribuyente de esta instalación, con sus variables de entorno y su base
  --base-url URL          otro servidor en lugar de la DGII, como http://127.0.0.1:9090
  --simulator             arranca un simulador y lo usa
  --status-key-file FILE  clave que dio la DGII para consultar el estado de sus servicios
  --timeout SEGUNDOS      de cada paso; 10 por omisión
  --json                  un solo documento JSON en la salida estándar
  --help                  esta ayuda

Termina con 0 si nada falló (puede haber avisos), con 1 si algo falló, con 2 si la orden no se puede
hacer tal como se escribió, y con 130 si se interrumpe con Ctrl-C. Se conecta directamente: los proxies
del entorno no se usan, como tampoco los usa la plataforma.
`;

/** What was asked for, sound in itself. */
export interface CheckOptions {
  /** Undefined: the tenant's own, or testecf. */
  readonly environment: Environment | undefined;
  readonly production: boolean;
  readonly p12: string | undefined;
  readonly authorities: readonly string[];
  readonly rnc: string | undefined;
  readonly tenant: string | undefined;
  readonly baseUrl: string | undefined;
  readonly simulator: boolean;
  readonly statusKeyFile: string | undefined;
  readonly timeoutMs: number;
  readonly json: boolean;
}

const DEFAULT_TIMEOUT_S = 10;
const MAX_TIMEOUT_S = 120;
const RNC = /^(\d{9}|\d{11})$/;

/** Throws a CliError for whatever cannot be meant. */
export function readOptions(invocation: Invocation): CheckOptions {
  const { positionals } = invocation;
  if (positionals.length > 0) throw new CliError(`Sobra «${positionals.join(' ')}». ${SEE_HELP}`);
  const options = {
    environment: environmentOf(invocation.text('environment')),
    production: invocation.flag('production'),
    p12: invocation.text('p12'),
    authorities: invocation.texts('ca'),
    rnc: rncOf(invocation.text('rnc')),
    tenant: invocation.text('tenant'),
    baseUrl: invocation.text('base-url'),
    simulator: invocation.flag('simulator'),
    statusKeyFile: invocation.text('status-key-file'),
    timeoutMs: timeoutOf(invocation.text('timeout')),
    json: invocation.flag('json'),
  };
  refuseContradictions(options);
  return options;
}

const SEE_HELP = 'Vea «dgii-check --help».';

function environmentOf(text: string | undefined): Environment | undefined {
  if (text === undefined) return undefined;
  const name = text.toLowerCase();
  if (isEnvironment(name)) return name;
  const near = didYouMean(text, ENVIRONMENTS);
  throw new CliError(`No existe el ambiente «${text}».${near} Hay: ${ENVIRONMENTS.join(', ')}.`);
}

function rncOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const digits = text.replace(/[\s-]/g, '');
  if (RNC.test(digits)) return digits;
  throw new CliError(`--rnc: «${text}» no es un RNC (9 dígitos) ni una cédula (11).`);
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT_S * 1_000;
  const seconds = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds * 1_000;
  throw new CliError(`--timeout: «${text}» no es un número de segundos, de 1 a ${MAX_TIMEOUT_S}.`);
}

function refuseContradictions(options: CheckOptions): void {
  const { environment, production, baseUrl, simulator, tenant } = options;
  if (baseUrl !== undefined && simulator) {
    throw new CliError('--base-url y --simulator se excluyen: elija uno.');
  }
  if (tenant !== undefined) {
    const others = [
      options.p12 !== undefined && '--p12',
      options.authorities.length > 0 && '--ca',
      options.rnc !== undefined && '--rnc',
      baseUrl !== undefined && '--base-url',
      simulator && '--simulator',
    ].filter((name) => name !== false);
    if (others.length > 0) {
      throw new CliError(`Con --tenant manda la instalación: quite ${others.join(', ')}.`);
    }
  }
  if (production && environment !== 'ecf' && tenant === undefined) {
    throw new CliError('--production va con --environment ecf.');
  }
  if (environment === 'ecf') requireProduction(options);
}

/** DGII's production is asked only when somebody says so twice. */
export function requireProduction({ production }: Pick<CheckOptions, 'production'>): void {
  if (production) return;
  throw new CliError(
    'ecf es la producción de la DGII: agregue --production si es lo que quiere (no se envía ningún documento).',
  );
}
