import { Clock } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Accounts, type Account } from '../login/accounts.js';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.js';

export type ChallengePurpose = 'VERIFY' | 'ENROL';

export interface Challenge {
  readonly hash: string;
  readonly userId: string;
  readonly purpose: string;
  readonly tenantId: string | null;
  readonly secretSealed: string | null;
}

/** A challenge that may be answered, and whose it is; the account is locked. */
export interface Challenged {
  readonly account: Account;
  readonly challenge: Challenge;
}

export interface NewChallenge {
  readonly userId: string;
  readonly purpose: ChallengePurpose;
  readonly tenantId: string | null;
}

/** AUT-5: five tries, five minutes. */
export const CHALLENGE_S = 5 * 60;
const MOST_TRIES = 5;

/** What stands between a password and a session. */
@Injectable()
export class Challenges {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Answers the token; the database keeps its hash. */
  async open(tx: Tx, challenge: NewChallenge): Promise<string> {
    const now = this.clock.now();
    const token = newOpaqueToken('ch');
    const { userId } = challenge;
    await tx.loginChallenge.deleteMany({ where: { userId, expiresAt: { lte: now } } });
    const expiresAt = new Date(now.getTime() + CHALLENGE_S * 1000);
    await tx.loginChallenge.create({
      data: { ...challenge, hash: hashToken(token), createdAt: now, expiresAt },
    });
    return token;
  }

  /** Null where it may not be answered (any more). Until the transaction ends nobody else answers one. */
  async take(tx: Tx, token: string): Promise<Challenged | null> {
    const where = { hash: hashToken(token) };
    const found = await tx.loginChallenge.findUnique({ where, select: { userId: true } });
    const account = found === null ? null : await this.accounts.lock(tx, found.userId);
    if (account?.status !== 'ACTIVE') return null;
    // Read again: who held the account until now may have used it.
    const challenge = await tx.loginChallenge.findFirst({
      where: {
        ...where,
        usedAt: null,
        tries: { lt: MOST_TRIES },
        expiresAt: { gt: this.clock.now() },
      },
      select: { hash: true, userId: true, purpose: true, tenantId: true, secretSealed: true },
    });
    return challenge === null ? null : { account, challenge };
  }

  async keepSecret(tx: Tx, hash: string, secretSealed: string): Promise<void> {
    await tx.loginChallenge.update({ where: { hash }, data: { secretSealed } });
  }

  async failed(tx: Tx, hash: string): Promise<void> {
    await tx.loginChallenge.update({ where: { hash }, data: { tries: { increment: 1 } } });
  }

  async use(tx: Tx, hash: string): Promise<void> {
    await tx.loginChallenge.update({ where: { hash }, data: { usedAt: this.clock.now() } });
  }

  /** Password or factor changed: what was begun before leads nowhere. */
  async dropOf(tx: Tx, userId: string): Promise<void> {
    await tx.loginChallenge.deleteMany({ where: { userId } });
  }
}
