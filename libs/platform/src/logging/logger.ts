import type { LoggerService } from '@nestjs/common';
import { destination, pino, type DestinationStream, type Logger as Pino } from 'pino';
import { currentContext } from '../context/request-context.js';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'password',
  'passphrase',
  'secret',
  'token',
  'apiKey',
  'p12',
  'privateKey',
];
/** Credentials that could end up inside a text. */
const SECRET_TEXT =
  /\bgk_[0-9a-f]{8,}|(?<=\b(?:Bearer|Service) )\S{8,}|-----BEGIN [^-]*KEY-----[^]*/g;
const FLUSH_BYTES = 4096;
const FLUSH_MS = 500;

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go; standard output, buffered, unless told. */
  readonly stream?: DestinationStream | undefined;
}

/** JSON lines with timestamp, level, service, trace_id and tenant_id of what is being worked on. */
export function createLogger(options: LoggerOptions): Pino {
  const stream =
    options.stream ??
    destination({ fd: 1, sync: false, minLength: FLUSH_BYTES, periodicFlush: FLUSH_MS });
  return pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => contextFields(options.service),
      serializers: { err: errorFields },
      redact: {
        paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`]),
        censor: '[redacted]',
      },
    },
    stream,
  );
}

/**
 * For lines whose members are all the platform's own, such as the access log: searching them for
 * secrets costs twice what writing them does.
 */
export function trustedLines(logger: Pino): Pino {
  return logger.child({}, { redact: { paths: [] } });
}

function contextFields(service: string): Record<string, string | undefined> {
  const context = currentContext();
  if (context === undefined) return { service };
  return {
    service: context.service ?? service,
    trace_id: context.traceId,
    tenant_id: context.tenantId,
  };
}

/** Replaces credentials inside a text. */
export function redactText(text: string): string {
  return text.replace(SECRET_TEXT, '[redacted]');
}

/** Type, text, code and stack of an error and of its cause; no other members: they hold data. */
function errorFields(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return redactText(String(error));
  const { name, message, code, stack, cause } = error as Partial<NodeJS.ErrnoException>;
  return {
    type: name,
    message: redactText(message ?? ''),
    code,
    stack: stack === undefined ? undefined : redactText(stack),
    cause: cause === undefined || depth >= 3 ? undefined : errorFields(cause, depth + 1),
  };
}

/** Nest's own start-up chatter; interesting to whoever debugs the boot. */
const CHATTY = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/**
 * Behind Nest's `Logger`: `logger.log('text')`, or `logger.log({ message, documentId })` for
 * fields; an Error among the arguments is logged with its stack.
 */
export class PlatformLogger implements LoggerService {
  constructor(readonly pino: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    this.#write(
      typeof context === 'string' && CHATTY.has(context) ? 'debug' : 'info',
      message,
      rest,
    );
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Writes out what is buffered; the last thing before the process ends. */
  flush(): void {
    this.pino.flush();
  }

  #write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const error = [message, ...rest].find(isError);
    const stack = rest.find((item) => typeof item === 'string' && item.includes('\n    at '));
    const fields: Record<string, unknown> = {
      ...(typeof message === 'object' && !isError(message) ? message : {}),
      context,
      ...(error === undefined ? {} : { err: error }),
      ...(stack === undefined || stack === context ? {} : { stack }),
    };
    if (typeof message === 'string') this.pino[level](fields, redactText(message));
    else this.pino[level](fields);
  }
}

function isError(value: unknown): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
