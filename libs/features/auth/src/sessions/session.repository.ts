import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly tenantId: string | null;
  readonly impersonationReason: string | null;
  readonly client: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface StoredSession extends Omit<NewSession, 'impersonationReason'> {
  readonly seenAt: Date;
}

/** What the audit tells a session by. */
export type EndedSession = Pick<NewSession, 'id' | 'userId' | 'tenantId' | 'impersonationReason'>;

/** A refresh token with its session, locked against a second use. */
export interface PresentedToken {
  readonly hash: string;
  readonly usedAt: Date | null;
  readonly successorSealed: string | null;
  readonly sessionId: string;
  readonly userId: string;
  readonly tenantId: string | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly userStatus: string;
}

/** One person has a few; a list this long is somebody trying. */
const MOST_LISTED = 100;

@Injectable()
export class SessionRepository {
  async add(tx: Tx, session: NewSession): Promise<void> {
    await tx.userSession.create({ data: { ...session, seenAt: session.createdAt } });
  }

  async addToken(tx: Tx, hash: string, sessionId: string, issuedAt: Date): Promise<void> {
    await tx.refreshToken.create({ data: { hash, sessionId, issuedAt } });
  }

  /** Locks token and session: of two uses at once the second sees the first. */
  async present(tx: Tx, hash: string): Promise<PresentedToken | undefined> {
    const [row] = await tx.$queryRaw<PresentedToken[]>`
      SELECT r.hash, r.used_at AS "usedAt", r.successor_sealed AS "successorSealed",
             s.id AS "sessionId", s.user_id AS "userId", s.tenant_id AS "tenantId",
             s.expires_at AS "expiresAt", s.revoked_at AS "revokedAt",
             u.status AS "userStatus"
        FROM refresh_token r
        JOIN user_session s ON s.id = r.session_id
        JOIN user_account u ON u.id = s.user_id
       WHERE r.hash = ${hash}
         FOR UPDATE OF r, s`;
    return row;
  }

  async isUnused(tx: Tx, hash: string): Promise<boolean> {
    return (await tx.refreshToken.count({ where: { hash, usedAt: null } })) === 1;
  }

  async use(tx: Tx, hash: string, usedAt: Date, successorSealed: string): Promise<void> {
    await tx.refreshToken.update({ where: { hash }, data: { usedAt, successorSealed } });
  }

  async seen(tx: Tx, sessionId: string, seenAt: Date): Promise<void> {
    await tx.userSession.update({ where: { id: sessionId }, data: { seenAt } });
  }

  /** Ends living sessions; answers which. */
  async revoke(
    tx: Tx,
    which: { readonly id?: string; readonly userId?: string; readonly tenantId?: string },
    because: string,
    at: Date,
  ): Promise<readonly EndedSession[]> {
    return tx.userSession.updateManyAndReturn({
      where: { ...which, revokedAt: null },
      data: { revokedAt: at, revokedBecause: because },
      select: { id: true, userId: true, tenantId: true, impersonationReason: true },
    });
  }

  async living(tx: Tx, userId: string, at: Date): Promise<readonly StoredSession[]> {
    return tx.userSession.findMany({
      where: { userId, revokedAt: null, expiresAt: { gt: at } },
      orderBy: { createdAt: 'desc' },
      take: MOST_LISTED,
      select: {
        id: true,
        userId: true,
        tenantId: true,
        client: true,
        address: true,
        createdAt: true,
        seenAt: true,
        expiresAt: true,
      },
    });
  }
}
