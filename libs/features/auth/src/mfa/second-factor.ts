import { createHash, randomBytes } from 'node:crypto';
import { Clock } from '@getupnet/kernel';
import { PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { Sealer, type SealedPlace } from '@getupnet/secrets';
import { Injectable } from '@nestjs/common';
import type { Account } from '../login/accounts.js';
import { Totp } from './totp.js';

/** What a person shows besides the password: a code of the app, or one of the recovery codes. */
export interface ShownFactor {
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

export type Verdict = 'accepted' | 'wrong' | 'replayed';

const RECOVERY_CODES = 10;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const RECOVERY_CHARS = 16;
const GROUP = /.{4}(?=.)/g;

/** A person's second factor in the database. The account is locked by who calls. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly totp: Totp,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** A new secret, of nobody's use yet. */
  async newSealedSecret(userId: string): Promise<string> {
    return this.seal(userId, this.totp.newSecret());
  }

  /** For `totp_sealed`. */
  async seal(userId: string, secret: string): Promise<string> {
    return this.sealer.seal(Buffer.from(secret, 'utf8'), placeOf(userId));
  }

  /** To who enrols it, and to nobody afterwards. */
  async show({ id, email }: Account, sealed: string): Promise<{ secret: string; uri: string }> {
    const secret = await this.open(id, sealed);
    return { secret, uri: this.totp.uriOf(secret, email) };
  }

  /** Of the factor the account has. */
  async check(tx: Tx, { id, totpSealed }: Account, shown: ShownFactor): Promise<Verdict> {
    if (shown.recoveryCode !== undefined) return this.useRecoveryCode(tx, id, shown.recoveryCode);
    if (shown.code === undefined || totpSealed === null) return 'wrong';
    const step = this.totp.stepOf(await this.open(id, totpSealed), shown.code);
    return step === undefined ? 'wrong' : this.take(tx, id, step);
  }

  /** A secret becomes the account's once a code of it was shown; answers the recovery codes. */
  async enrol(
    tx: Tx,
    userId: string,
    sealed: string,
    code: string,
  ): Promise<{ verdict: Verdict; recoveryCodes: readonly string[] }> {
    const step = this.totp.stepOf(await this.open(userId, sealed), code);
    if (step === undefined) return { verdict: 'wrong', recoveryCodes: [] };
    const now = this.clock.now();
    await tx.userAccount.update({
      where: { id: userId },
      data: {
        ...{ totpSealed: sealed, totpEnrolledAt: now, updatedAt: now },
        // Steps of the secret before say nothing about this one's.
        totpLastStep: step,
      },
    });
    return { verdict: 'accepted', recoveryCodes: await this.newRecoveryCodes(tx, userId) };
  }

  /** Lost phone, lost codes: the next login enrols again. For whoever may decide that. */
  async forget(tx: Tx, userId: string): Promise<void> {
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await tx.userAccount.update({
      where: { id: userId },
      data: { totpSealed: null, totpEnrolledAt: null, updatedAt: this.clock.now() },
    });
  }

  async recoveryCodesLeft(tx: Tx, userId: string): Promise<number> {
    return tx.recoveryCode.count({ where: { userId, usedAt: null } });
  }

  private async open(userId: string, sealed: string): Promise<string> {
    return (await this.sealer.open(sealed, placeOf(userId))).toString('utf8');
  }

  /** One statement: of any number of submissions of one code, one is accepted. */
  private async take(tx: Tx, id: string, step: number): Promise<Verdict> {
    const { count } = await tx.userAccount.updateMany({
      where: { id, totpLastStep: { lt: step } },
      data: { totpLastStep: step },
    });
    return count === 1 ? 'accepted' : 'replayed';
  }

  private async useRecoveryCode(tx: Tx, userId: string, shown: string): Promise<Verdict> {
    const { count } = await tx.recoveryCode.updateMany({
      where: { userId, hash: hashOf(userId, shown), usedAt: null },
      data: { usedAt: this.clock.now() },
    });
    return count === 1 ? 'accepted' : 'wrong';
  }

  private async newRecoveryCodes(tx: Tx, userId: string): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await tx.recoveryCode.deleteMany({ where: { userId } });
    const createdAt = this.clock.now();
    await tx.recoveryCode.createMany({
      data: codes.map((code) => ({ userId, hash: hashOf(userId, code), createdAt })),
    });
    return codes;
  }
}

/** Eighty random bits, as people copy them. */
function newRecoveryCode(): string {
  const chars = [...randomBytes(RECOVERY_CHARS)].map((byte) => BASE32[byte % BASE32.length]);
  return chars.join('').replace(GROUP, '$&-');
}

function hashOf(userId: string, code: string): string {
  const plain = code.replaceAll('-', '').toUpperCase();
  return createHash('sha256').update(`recovery:${userId}:${plain}`).digest('hex');
}

/** Where the secret of a person’s app is sealed for. */
export function placeOf(userId: string): SealedPlace {
  return { tenantId: PLATFORM_TENANT_ID, purpose: 'totp', id: userId };
}
