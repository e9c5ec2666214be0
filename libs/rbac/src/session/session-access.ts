import type { Permission } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { ExpiringLru } from '../expiring-lru.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { SessionDirectory, type SessionRecord } from './session-directory.js';

/** A role taken away, a logout or a suspension bites after this long at most, in every process. */
const CACHE_TTL_MS = 10_000;
const CACHE_ENTRIES = 10_000;
/** Longer than a transaction lasts: what made us forget may not be committed yet. */
const UNSETTLED_MS = 20_000;

/** A session that may be used now. */
export interface LiveSession extends Omit<SessionRecord, 'permissions' | 'ended'> {
  readonly permissions: ReadonlySet<Permission>;
}

interface Known {
  readonly session: LiveSession;
  readonly ended: boolean;
}

/** Access token → session, for the scopes that people may pass. */
@Injectable()
export class SessionAccess {
  readonly #sessions = new ExpiringLru<Known>(CACHE_ENTRIES, CACHE_TTL_MS);
  readonly #lookups = new Map<string, Promise<Known>>();
  readonly #unsettled = new ExpiringLru<true>(CACHE_ENTRIES, UNSETTLED_MS);

  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly directory: SessionDirectory,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `auth.token_invalid` or `auth.token_expired`. */
  async open(token: string): Promise<LiveSession> {
    const { sessionId, userId } = await this.tokens.verify(token);
    const nowMs = this.clock.now().getTime();
    const { session, ended } =
      this.#sessions.get(sessionId, nowMs) ?? (await this.#lookUp(sessionId));
    if (ended || session.userId !== userId) throw new AppError('auth.token_invalid');
    if (session.expiresAt.getTime() <= nowMs) throw new AppError('auth.token_expired');
    return session;
  }

  /**
   * Its next uses look it up again: for the process that ends or changes it, inside the transaction that
   * does. Until that is over for certain nothing is remembered, or the state before it would be.
   */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
    this.#lookups.delete(sessionId);
    this.#unsettled.set(sessionId, true, this.clock.now().getTime());
  }

  /** One question to the directory for any number of requests that wait for the same session. */
  #lookUp(sessionId: string): Promise<Known> {
    const waiting = this.#lookups.get(sessionId);
    if (waiting !== undefined) return waiting;
    const lookup: Promise<Known> = this.#ask(sessionId)
      .then((known) => {
        // Forgotten meanwhile: the answer may be older than what made us forget.
        const nowMs = this.clock.now().getTime();
        const settled = this.#unsettled.get(sessionId, nowMs) === undefined;
        if (settled && this.#lookups.get(sessionId) === lookup) {
          this.#sessions.set(sessionId, known, nowMs);
        }
        return known;
      })
      .finally(() => {
        if (this.#lookups.get(sessionId) === lookup) this.#lookups.delete(sessionId);
      });
    this.#lookups.set(sessionId, lookup);
    return lookup;
  }

  async #ask(sessionId: string): Promise<Known> {
    const record = await this.directory.find(sessionId);
    if (record === undefined) throw new AppError('auth.token_invalid');
    const { ended, permissions, ...rest } = record;
    return { session: { ...rest, permissions: new Set(permissions) }, ended };
  }
}
