import { AppError, Clock } from '@getupnet/kernel';
import { IdentityDb, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { ACCESS_TOKEN } from '@getupnet/rbac';
import { SealError, Sealer, type SealedPlace } from '@getupnet/secrets';
import { Injectable, Logger } from '@nestjs/common';
import { hashToken, newOpaqueToken } from './opaque-token.js';
import { SessionRepository, type PresentedToken } from './session.repository.js';
import { Sessions, type ClientFacts, type OpenSession } from './sessions.js';

/** So long may the token just used be shown again: an answer can get lost on the way. */
const GRACE_MS = 10_000;

type Outcome =
  | { readonly kind: 'renewed'; readonly token: PresentedToken; readonly refreshToken: string }
  | { readonly kind: 'refused'; readonly code: 'auth.token_invalid' | 'auth.token_expired' }
  | { readonly kind: 'reused' };

/**
 * What a token was exchanged for, and by whom. Who used it is the one who may ask again, not who logged
 * in: if a thief was faster, the person's own attempt is what gives the thief away.
 */
interface Exchanged extends ClientFacts {
  readonly successor: string;
}

const isSameClient = (a: ClientFacts, b: ClientFacts): boolean =>
  a.client === b.client && a.address === b.address;

/** AUT-4: a refresh token is used once; using it again ends the session. */
@Injectable()
export class RefreshSession {
  private readonly logger = new Logger('RefreshSession');

  constructor(
    private readonly db: IdentityDb,
    private readonly repository: SessionRepository,
    private readonly sessions: Sessions,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async run(refreshToken: string, from: ClientFacts): Promise<OpenSession> {
    // The verdict on a reused token is committed before it is told.
    const outcome = await this.db.run((tx) => this.exchange(tx, refreshToken, from));
    if (outcome.kind === 'refused') throw new AppError(outcome.code);
    if (outcome.kind === 'reused') throw new AppError('auth.refresh_reused');
    const { sessionId, userId, expiresAt } = outcome.token;
    return {
      sessionId,
      accessToken: await this.sessions.accessToken({ userId, sessionId }),
      expiresIn: ACCESS_TOKEN.lifetimeS,
      refreshToken: outcome.refreshToken,
      sessionExpiresAt: expiresAt,
    };
  }

  private async exchange(tx: Tx, refreshToken: string, from: ClientFacts): Promise<Outcome> {
    const token = await this.repository.present(tx, hashToken(refreshToken));
    if (token === undefined || token.revokedAt !== null || token.userStatus !== 'ACTIVE') {
      return { kind: 'refused', code: 'auth.token_invalid' };
    }
    const now = this.clock.now();
    if (token.expiresAt.getTime() <= now.getTime()) {
      return { kind: 'refused', code: 'auth.token_expired' };
    }
    if (token.usedAt !== null) return this.again(tx, token, from);
    const successor = newOpaqueToken('rt');
    const hash = hashToken(successor);
    const exchanged: Exchanged = { successor, client: from.client, address: from.address };
    const sealed = await this.sealer.seal(Buffer.from(JSON.stringify(exchanged)), placeOf(token));
    await this.repository.use(tx, token.hash, now, sealed);
    await this.repository.addToken(tx, hash, token.sessionId, now);
    await this.repository.seen(tx, token.sessionId, now);
    return { kind: 'renewed', token, refreshToken: successor };
  }

  /** The immediate parent, by the same client, at once: its answer was lost. Anything else is a thief. */
  private async again(tx: Tx, token: PresentedToken, from: ClientFacts): Promise<Outcome> {
    const agoMs = this.clock.now().getTime() - (token.usedAt?.getTime() ?? 0);
    const first = await this.exchangeOf(token);
    if (agoMs <= GRACE_MS && first !== null && isSameClient(first, from)) {
      const { successor } = first;
      if (await this.repository.isUnused(tx, hashToken(successor))) {
        return { kind: 'renewed', token, refreshToken: successor };
      }
    }
    const { sessionId: id, userId, tenantId } = token;
    this.logger.error({ message: 'refresh token used twice', sessionId: id, userId, tenantId });
    await this.sessions.end(tx, { id, userId }, 'refresh_reused');
    return { kind: 'reused' };
  }

  private async exchangeOf(token: PresentedToken): Promise<Exchanged | null> {
    if (token.successorSealed === null) return null;
    try {
      const opened = await this.sealer.open(token.successorSealed, placeOf(token));
      return JSON.parse(opened.toString('utf8')) as Exchanged;
    } catch (error) {
      // Sealed under a key that is gone: the grace is over, nothing more.
      if (error instanceof SealError) return null;
      throw error;
    }
  }
}

function placeOf({ hash, tenantId }: PresentedToken): SealedPlace {
  return { tenantId: tenantId ?? PLATFORM_TENANT_ID, purpose: 'refresh-token', id: hash };
}
