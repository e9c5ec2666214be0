import { AppError } from '@getupnet/kernel';

/** What PostgreSQL, the driver or the ORM say of a fault, reduced to what matters to us. */
export type DatabaseFault = 'unavailable' | 'timeout' | 'full' | 'conflict' | 'other';

const DEPENDENCY = { dependency: 'PostgreSQL' };
/** The ORM nests the driver's error in its own, which may sit in another: enough levels for that. */
const MAX_CAUSES = 5;

/** SQLSTATE → fault; classes are given by their first two characters. */
const BY_SQLSTATE: Readonly<Record<string, DatabaseFault>> = {
  '08': 'unavailable',
  '53': 'unavailable', // too many connections, out of memory
  '53100': 'full',
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
  '57P05': 'unavailable',
  '58': 'unavailable', // I/O error below the server
  '25P03': 'timeout', // idle in transaction
  '25P04': 'timeout', // transaction timeout
  '57014': 'timeout',
  '55P03': 'timeout',
  '40001': 'conflict',
  '40P01': 'conflict',
};

const BY_NODE_CODE: Readonly<Record<string, DatabaseFault>> = {
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  ECONNABORTED: 'unavailable',
  EPIPE: 'unavailable',
  ENOTFOUND: 'unavailable',
  EAI_AGAIN: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  ETIMEDOUT: 'unavailable',
};

/** The ORM's codes that carry no SQLSTATE below them. */
const BY_PRISMA_CODE: Readonly<Record<string, DatabaseFault>> = {
  P1001: 'unavailable',
  P1002: 'unavailable',
  P1008: 'timeout',
  P1017: 'unavailable',
  P2024: 'unavailable',
  P2034: 'conflict',
  P2037: 'unavailable',
};

const BY_MESSAGE: readonly (readonly [RegExp, DatabaseFault])[] = [
  [/timeout exceeded when trying to connect/, 'unavailable'],
  [/Connection terminated/, 'unavailable'],
  [/Client has encountered a connection error/, 'unavailable'],
  [/Unable to start a transaction in the given time/, 'unavailable'],
  [/Query read timeout/, 'timeout'],
  [/expired transaction|Transaction already closed/, 'timeout'],
];

/** Classifies a thrown value. */
export function databaseFault(error: unknown): DatabaseFault {
  let current: unknown = error;
  for (let level = 0; level < MAX_CAUSES && isObject(current); level += 1) {
    const fault = faultOf(current);
    if (fault !== 'other') return fault;
    current = next(current);
  }
  return 'other';
}

/** The problem a database fault is answered with; anything else is returned as it came. */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  switch (databaseFault(error)) {
    case 'unavailable':
    case 'conflict': // after the retries
      return new AppError('dependency.unavailable', DEPENDENCY, { cause: error });
    case 'timeout':
      return new AppError('dependency.timeout', DEPENDENCY, { cause: error });
    case 'full':
      return new AppError('storage.full', {}, { cause: error });
    case 'other':
      return error;
  }
}

/** SQLSTATE of a fault, wherever the ORM has put it; for repositories that expect a conflict. */
export function sqlState(error: unknown): string | undefined {
  let current: unknown = error;
  for (let level = 0; level < MAX_CAUSES && isObject(current); level += 1) {
    const code = text(current, 'originalCode') ?? text(current, 'code');
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code;
    current = next(current);
  }
  return undefined;
}

/** A unique key was already taken. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505';
}

/** An exclusion constraint was violated: ranges that overlap. */
export function isExclusionViolation(error: unknown): boolean {
  return sqlState(error) === '23P01';
}

function faultOf(error: object): DatabaseFault {
  const code = text(error, 'originalCode') ?? text(error, 'code');
  if (code !== undefined) {
    const fault =
      BY_NODE_CODE[code] ??
      BY_PRISMA_CODE[code] ??
      BY_SQLSTATE[code] ??
      (/^[0-9A-Z]{5}$/.test(code) ? BY_SQLSTATE[code.slice(0, 2)] : undefined);
    if (fault) return fault;
  }
  const message = text(error, 'message') ?? '';
  return BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}

/** The next error down: `cause`, or what the ORM's driver adapter keeps in `meta`. */
function next(error: object): unknown {
  if ('cause' in error && isObject(error.cause)) return error.cause;
  if ('meta' in error && isObject(error.meta) && 'driverAdapterError' in error.meta) {
    return error.meta.driverAdapterError;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function text(holder: object, key: string): string | undefined {
  const value: unknown = Reflect.get(holder, key);
  return typeof value === 'string' ? value : undefined;
}
