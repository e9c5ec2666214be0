import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { AppError, Clock } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { authEnv } from '../auth-env.js';

/** Whose failures are counted. */
export interface Subject {
  readonly key: string;
  readonly limit: number;
}

/** What a failure came to. */
export interface Failed {
  /** In this window, this one included. */
  readonly failures: number;
  /** Set while nothing more is tried. */
  readonly lockedUntil: Date | null;
}

const WINDOW_MS = 15 * 60 * 1000;
const ACCOUNT_LIMIT = 5;
/** Rows of subjects that were not heard of for a day go, a few with each failure. */
const FORGET_MS = 24 * 60 * 60 * 1000;
const FORGET_AT_ONCE = 20;
/** Of an IPv6 address: what one customer is given (RFC 6177). */
const V6_GROUPS = 4;
/** An IPv4 address as a socket that takes both tells it. */
const MAPPED = '::ffff:';

/** AUT-2: failures by account and address, in PostgreSQL, so that all replicas count the same ones. */
@Injectable()
export class Lockout {
  readonly #addressLimit: number;

  constructor(
    private readonly clock: Clock,
    config: Config,
  ) {
    this.#addressLimit = config.get(authEnv).AUTH_ADDRESS_FAILURES;
  }

  /** An account by its address, whether there is one or not. */
  account(email: string): Subject {
    return { key: `account:${fingerprint(email)}`, limit: ACCOUNT_LIMIT };
  }

  /** The second factor of a person whose password was right. */
  factor(userId: string): Subject {
    return { key: `factor:${userId}`, limit: ACCOUNT_LIMIT };
  }

  address(address: string): Subject {
    return { key: `address:${networkOf(address)}`, limit: this.#addressLimit };
  }

  /**
   * Throws `auth.locked` when one of them is locked. `hold` waits for failures being counted and lets
   * none be counted until the transaction ends.
   */
  async refuseLocked(tx: Tx, subjects: readonly Subject[], hold = false): Promise<void> {
    const keys = subjects.map(({ key }) => key).sort();
    const rows = hold
      ? await tx.$queryRaw<{ until: Date | null }[]>`
          SELECT locked_until AS until FROM login_failure WHERE subject = ANY(${keys})
           ORDER BY subject FOR UPDATE`
      : await tx.$queryRaw<{ until: Date | null }[]>`
          SELECT locked_until AS until FROM login_failure WHERE subject = ANY(${keys})`;
    const untilMs = Math.max(0, ...rows.map(({ until }) => until?.getTime() ?? 0));
    if (untilMs > this.clock.now().getTime()) throw this.locked(new Date(untilMs));
  }

  /** One statement, so that failures at the same time are all counted. */
  async fail(tx: Tx, { key, limit }: Subject): Promise<Failed> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + WINDOW_MS);
    const before = new Date(now.getTime() - WINDOW_MS);
    const [row] = await tx.$queryRaw<Failed[]>`
      INSERT INTO login_failure AS f (subject, failures, window_started_at, locked_until)
      VALUES (${key}, 1, ${now}, CASE WHEN ${limit}::int <= 1 THEN ${until}::timestamptz END)
      ON CONFLICT (subject) DO UPDATE SET
        (failures, window_started_at, locked_until) = (
          SELECT s.failures, s.started, CASE
              WHEN s.failures = ${limit}::int THEN ${until}::timestamptz
              WHEN s.failures > ${limit}::int THEN f.locked_until END
            FROM (SELECT CASE WHEN o.over THEN 1 ELSE f.failures + 1 END AS failures,
                         CASE WHEN o.over THEN ${now}::timestamptz ELSE f.window_started_at END
                           AS started
                    FROM (SELECT coalesce(f.locked_until <= ${now},
                                          f.window_started_at <= ${before}) AS over) o) s)
      RETURNING failures, locked_until AS "lockedUntil"`;
    if (row === undefined) throw new Error('an upsert answers its row');
    return row;
  }

  /** The failures of a subject are forgotten: it was who it said. */
  async clear(tx: Tx, { key }: Subject): Promise<void> {
    await tx.loginFailure.deleteMany({ where: { subject: key } });
  }

  /** Keeps the table small, whatever strangers invent. */
  async tidy(tx: Tx): Promise<void> {
    const before = new Date(this.clock.now().getTime() - FORGET_MS);
    await tx.$executeRaw`
      DELETE FROM login_failure WHERE subject IN (
        SELECT subject FROM login_failure WHERE window_started_at < ${before}
         LIMIT ${FORGET_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
  }

  /** The answer while locked. */
  locked(until: Date): AppError {
    const seconds = Math.ceil((until.getTime() - this.clock.now().getTime()) / 1000);
    return new AppError('auth.locked', {}, { retryAfterS: Math.max(1, seconds) });
  }
}

/** Tells an address apart without telling it: for rows, audit entries and logs. */
export function fingerprint(email: string): string {
  return createHash('sha256').update(`email:${email}`).digest('hex');
}

function networkOf(address: string): string {
  if (address.startsWith(MAPPED)) return address.slice(MAPPED.length);
  if (!isIPv6(address)) return address;
  const [head = ''] = address.split('%');
  const [left = '', right] = head.split('::');
  const groups = left.split(':').filter(Boolean);
  const tail = right?.split(':').filter(Boolean) ?? [];
  const zeros = right === undefined ? 0 : 8 - groups.length - tail.length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return `${all.slice(0, V6_GROUPS).join(':')}::/64`;
}
