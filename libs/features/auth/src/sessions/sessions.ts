import { Clock, newId } from '@getupnet/kernel';
import { AuditLog, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { ACCESS_TOKEN, SessionAccess } from '@getupnet/rbac';
import { Injectable } from '@nestjs/common';
import { TokenSigner } from '../keys/token-signer.js';
import { hashToken, newOpaqueToken } from './opaque-token.js';
import { SessionRepository, type EndedSession } from './session.repository.js';

/** Eight hours from the login, whatever happens in between. */
const SESSION_MS = 8 * 60 * 60 * 1000;
/** Whoever acts as somebody else says again why after an hour. */
const IMPERSONATION_MS = 60 * 60 * 1000;
const MAX_CLIENT = 200;

/** Where a request came from, as far as a session remembers it. */
export interface ClientFacts {
  /** User-Agent, cut. */
  readonly client: string;
  readonly address: string;
}

export interface SessionOpening extends ClientFacts {
  readonly userId: string;
  /** None: for the platform. */
  readonly tenantId: string | null;
  /** Only of an operator who acts as the tenant. */
  readonly impersonationReason?: string;
}

/** A session's tokens; the refresh token is nowhere else from now on. */
export interface OpenSession {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly sessionExpiresAt: Date;
}

/** Opens and ends sessions, inside the transaction of what makes them begin or end. */
@Injectable()
export class Sessions {
  constructor(
    private readonly repository: SessionRepository,
    private readonly signer: TokenSigner,
    private readonly access: SessionAccess,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async open(tx: Tx, opening: SessionOpening): Promise<OpenSession> {
    const { userId, tenantId, address, impersonationReason = null } = opening;
    const createdAt = this.clock.now();
    const id = newId();
    const lifetimeMs = impersonationReason === null ? SESSION_MS : IMPERSONATION_MS;
    const sessionExpiresAt = new Date(createdAt.getTime() + lifetimeMs);
    await this.repository.add(tx, {
      id,
      userId,
      tenantId,
      impersonationReason,
      client: opening.client.slice(0, MAX_CLIENT),
      address,
      createdAt,
      expiresAt: sessionExpiresAt,
    });
    const refreshToken = newOpaqueToken('rt');
    await this.repository.addToken(tx, hashToken(refreshToken), id, createdAt);
    await this.report(
      tx,
      'session.opened',
      { id, userId, tenantId, impersonationReason },
      { address, impersonationReason },
    );
    const accessToken = await this.signer.sign({ userId, sessionId: id }, tx);
    return {
      sessionId: id,
      accessToken,
      expiresIn: ACCESS_TOKEN.lifetimeS,
      refreshToken,
      sessionExpiresAt,
    };
  }

  /** Another access token of a session that lives on. */
  async accessToken(session: { userId: string; sessionId: string }): Promise<string> {
    return this.signer.sign(session);
  }

  /** Logout, or a session its user does not want any more. Answers whether there was one to end. */
  async end(tx: Tx, session: { id: string; userId: string }, because: string): Promise<boolean> {
    return (await this.revoke(tx, session, because)) > 0;
  }

  /** Password or role changed, account suspended. */
  async revokeUser(tx: Tx, userId: string, because: string): Promise<number> {
    return this.revoke(tx, { userId }, because);
  }

  /** A person's sessions in one company: removed from it, or another role there. */
  async revokeMember(
    tx: Tx,
    member: { userId: string; tenantId: string },
    because: string,
  ): Promise<number> {
    return this.revoke(tx, member, because);
  }

  /** A company was suspended. */
  async revokeTenant(tx: Tx, tenantId: string, because: string): Promise<number> {
    return this.revoke(tx, { tenantId }, because);
  }

  private async revoke(
    tx: Tx,
    which: { id?: string; userId?: string; tenantId?: string },
    because: string,
  ): Promise<number> {
    const ended = await this.repository.revoke(tx, which, because, this.clock.now());
    for (const session of ended) {
      await this.report(tx, 'session.ended', session, { because });
      this.access.forget(session.id);
    }
    return ended.length;
  }

  private async report(
    tx: Tx,
    type: string,
    session: EndedSession,
    payload: object,
  ): Promise<void> {
    // TEN-2: in a company's chain the operator's people are told apart from its own.
    const kind = session.impersonationReason === null ? 'user' : 'operator';
    await this.audit.append(tx, {
      tenantId: session.tenantId ?? PLATFORM_TENANT_ID,
      type,
      subjectId: session.id,
      actor: `${kind}:${session.userId}`,
      payload,
    });
  }
}
