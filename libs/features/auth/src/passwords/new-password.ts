import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Accounts } from '../login/accounts.js';
import { AuthJournal } from '../login/auth-journal.js';
import { Challenges } from '../mfa/challenges.js';
import { Sessions, type ClientFacts } from '../sessions/sessions.js';
import { PasswordResets } from './password-resets.js';

export interface PasswordGiven {
  readonly hash: string;
  readonly how: 'password_changed' | 'password_reset';
  readonly from: ClientFacts;
}

/** What a new password means for everything that was there before it: it ends. */
@Injectable()
export class NewPassword {
  constructor(
    private readonly accounts: Accounts,
    private readonly resets: PasswordResets,
    private readonly challenges: Challenges,
    private readonly sessions: Sessions,
    private readonly journal: AuthJournal,
  ) {}

  /** Answers the address of the account; throws `auth.token_invalid` where it is not in use. */
  async give(tx: Tx, userId: string, { hash, how, from }: PasswordGiven): Promise<string> {
    const account = await this.accounts.lock(tx, userId);
    if (account?.status !== 'ACTIVE') throw new AppError('auth.token_invalid');
    await this.accounts.setPassword(tx, userId, hash);
    await this.resets.endAll(tx, userId);
    await this.challenges.dropOf(tx, userId);
    await this.sessions.revokeUser(tx, userId, how);
    await this.journal.ofHome(tx, userId, {
      ...{ type: `auth.${how}`, userId, payload: { address: from.address } },
      ...(how === 'password_reset' ? { actor: 'anonymous' as const } : {}),
    });
    return account.email;
  }
}
