import type { Enrollment, MfaChallenge, RenewMfaRequest } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { Credentials } from '../login/credentials.js';
import type { ClientFacts } from '../sessions/sessions.js';
import { CHALLENGE_S, Challenges, type Challenge } from './challenges.js';
import { FactorTries, refusalOf } from './factor-tries.js';
import { SecondFactor } from './second-factor.js';

/** A second factor begins: the secret is shown, and counts once a code of it was shown back. */
@Injectable()
export class EnrollFactor {
  constructor(
    private readonly db: IdentityDb,
    private readonly challenges: Challenges,
    private readonly credentials: Credentials,
    private readonly factor: SecondFactor,
    private readonly tries: FactorTries,
  ) {}

  /** The same secret as often as it is asked for, as long as the challenge lives. */
  async begin(token: string): Promise<Enrollment> {
    return this.db.run(async (tx) => {
      const challenged = await this.challenges.take(tx, token);
      if (challenged?.challenge.purpose !== 'ENROL') {
        throw new AppError('auth.mfa_challenge_expired');
      }
      const { account, challenge } = challenged;
      return this.factor.show(account, await this.sealedOf(tx, challenge));
    });
  }

  /** For who is logged in: another phone. Asks for the password, and for the factor there is. */
  async renew(
    { password, ...shown }: RenewMfaRequest,
    { userId, tenantId, impersonationReason }: UserContext,
    from: ClientFacts,
  ): Promise<MfaChallenge> {
    if (impersonationReason !== null) {
      throw new AppError('auth.forbidden', { permission: 'sesión propia' });
    }
    const proven = await this.credentials.prove({ userId }, password, from);
    const outcome = await this.db.run(async (tx) => {
      const account = await this.credentials.settle(tx, proven, from);
      if (account.totpEnrolledAt !== null) {
        const refused = await this.tries.check(tx, account, shown);
        if (refused !== undefined) return refusalOf(refused);
      }
      const challenge = await this.challenges.open(tx, { userId, purpose: 'ENROL', tenantId });
      return { mfa: 'enroll' as const, challenge, expiresIn: CHALLENGE_S };
    });
    if (outcome instanceof AppError) throw outcome;
    return outcome;
  }

  private async sealedOf(tx: Tx, { hash, userId, secretSealed }: Challenge): Promise<string> {
    if (secretSealed !== null) return secretSealed;
    const sealed = await this.factor.newSealedSecret(userId);
    await this.challenges.keepSecret(tx, hash, sealed);
    return sealed;
  }
}
