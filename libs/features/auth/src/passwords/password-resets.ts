import { Clock } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { hashToken, newOpaqueToken } from '../sessions/opaque-token.js';

const LIFETIME_MS = 30 * 60 * 1000;
/** Asked for again sooner, the one that was sent stays the one. */
const PAUSE_MS = 60 * 1000;

export interface NewReset {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Tokens with which a password is set anew: one living per account, used once. */
@Injectable()
export class PasswordResets {
  constructor(private readonly clock: Clock) {}

  /** Undefined where one was made a moment ago. Lock the account first. */
  async open(tx: Tx, userId: string): Promise<NewReset | undefined> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - PAUSE_MS);
    const recent = { userId, usedAt: null, createdAt: { gt: since } };
    if ((await tx.passwordReset.count({ where: recent })) > 0) return undefined;
    await this.endAll(tx, userId);
    const token = newOpaqueToken('pr');
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    await tx.passwordReset.create({
      data: { hash: hashToken(token), userId, createdAt: now, expiresAt },
    });
    return { token, expiresAt };
  }

  async isLiving(tx: Tx, token: string): Promise<boolean> {
    return (await tx.passwordReset.count({ where: this.living(token) })) === 1;
  }

  /** Uses it up and answers whose it is; of two uses at once one finds it. */
  async use(tx: Tx, token: string): Promise<string | undefined> {
    const [used] = await tx.passwordReset.updateManyAndReturn({
      where: this.living(token),
      data: { usedAt: this.clock.now() },
      select: { userId: true },
    });
    return used?.userId;
  }

  async endAll(tx: Tx, userId: string): Promise<void> {
    const usedAt = this.clock.now();
    await tx.passwordReset.updateMany({ where: { userId, usedAt: null }, data: { usedAt } });
  }

  private living(token: string) {
    return { hash: hashToken(token), usedAt: null, expiresAt: { gt: this.clock.now() } };
  }
}
