import { AppError } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import type { Account } from '../login/accounts.js';
import { Lockout } from '../login/lockout.js';
import { SecondFactor, type ShownFactor, type Verdict } from './second-factor.js';

/** A factor that was not accepted, counted. */
export interface Refused {
  readonly because: Exclude<Verdict, 'accepted'>;
  readonly failures: number;
  readonly locked: boolean;
}

/**
 * Shown factors are counted by person, not by challenge only: who has the password could ask for any
 * number of challenges, and there are no more than a million codes.
 */
@Injectable()
export class FactorTries {
  constructor(
    private readonly factor: SecondFactor,
    private readonly lockout: Lockout,
  ) {}

  /** Of the factor the account has. Throws `auth.locked`; undefined when accepted. */
  async check(tx: Tx, account: Account, shown: ShownFactor): Promise<Refused | undefined> {
    await this.refuseLocked(tx, account.id);
    return this.count(tx, account.id, await this.factor.check(tx, account, shown));
  }

  /** Of one that is being enrolled. Answers the recovery codes once accepted. */
  async enrol(
    tx: Tx,
    userId: string,
    sealed: string | null,
    { code }: ShownFactor,
  ): Promise<Refused | readonly string[]> {
    await this.refuseLocked(tx, userId);
    // Of a factor that does not exist yet there are no recovery codes to show.
    const { verdict, recoveryCodes } =
      sealed === null || code === undefined
        ? { verdict: 'wrong' as const, recoveryCodes: [] }
        : await this.factor.enrol(tx, userId, sealed, code);
    return (await this.count(tx, userId, verdict)) ?? recoveryCodes;
  }

  async recoveryCodesLeft(tx: Tx, userId: string): Promise<number> {
    return this.factor.recoveryCodesLeft(tx, userId);
  }

  private async refuseLocked(tx: Tx, userId: string): Promise<void> {
    await this.lockout.refuseLocked(tx, [this.lockout.factor(userId)]);
  }

  private async count(tx: Tx, userId: string, verdict: Verdict): Promise<Refused | undefined> {
    const subject = this.lockout.factor(userId);
    if (verdict === 'accepted') {
      await this.lockout.clear(tx, subject);
      return undefined;
    }
    const { failures, lockedUntil } = await this.lockout.fail(tx, subject);
    return { because: verdict, failures, locked: lockedUntil !== null };
  }
}

/** What a factor that was not accepted is answered with. */
export function refusalOf({ because }: Refused): AppError {
  return new AppError(because === 'replayed' ? 'auth.mfa_replayed' : 'auth.mfa_invalid');
}
