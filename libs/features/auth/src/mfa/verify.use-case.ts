import type { VerifyRequest } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Admission, type Admitted } from '../login/admission.js';
import { AuthJournal } from '../login/auth-journal.js';
import type { ClientFacts, OpenSession } from '../sessions/sessions.js';
import { Challenges, type Challenge, type Challenged } from './challenges.js';
import { FactorTries, refusalOf, type Refused } from './factor-tries.js';
import type { ShownFactor } from './second-factor.js';

export interface VerifiedSession {
  readonly session: OpenSession;
  /** Only where the factor was enrolled just now. */
  readonly recoveryCodes: readonly string[];
}

/** Challenge and second factor → session. Everything about one person's factor happens one by one. */
@Injectable()
export class VerifyFactor {
  constructor(
    private readonly db: IdentityDb,
    private readonly challenges: Challenges,
    private readonly tries: FactorTries,
    private readonly admission: Admission,
    private readonly journal: AuthJournal,
  ) {}

  async run(request: VerifyRequest, from: ClientFacts): Promise<VerifiedSession> {
    const { challenge: token, code, recoveryCode } = request;
    const outcome = await this.db.run(async (tx) => {
      const challenged = await this.challenges.take(tx, token);
      if (challenged === null) throw new AppError('auth.mfa_challenge_expired');
      return this.verify(tx, challenged, { code, recoveryCode }, from);
    });
    // A try is counted before it is told.
    if (outcome instanceof AppError) throw outcome;
    return outcome;
  }

  private async verify(
    tx: Tx,
    { account, challenge }: Challenged,
    shown: ShownFactor,
    from: ClientFacts,
  ): Promise<VerifiedSession | AppError> {
    const { userId, tenantId } = challenge;
    let recoveryCodes: readonly string[] = [];
    if (challenge.purpose === 'ENROL') {
      const tried = await this.tries.enrol(tx, userId, challenge.secretSealed, shown);
      if ('because' in tried) return this.refuse(tx, challenge, tried, from);
      recoveryCodes = tried;
      // What began before, by whomever, ends: it did not know this factor.
      await this.challenges.dropOf(tx, userId);
      await this.admission.enrolled(tx, userId, tenantId);
    } else {
      const refused = await this.tries.check(tx, account, shown);
      if (refused !== undefined) return this.refuse(tx, challenge, refused, from);
      await this.challenges.use(tx, challenge.hash);
    }
    const how = await this.howOf(tx, userId, shown);
    return {
      session: await this.admission.open(tx, { userId, tenantId, ...how }, from),
      recoveryCodes,
    };
  }

  private async refuse(
    tx: Tx,
    { hash, userId, tenantId }: Challenge,
    refused: Refused,
    { address }: ClientFacts,
  ): Promise<AppError> {
    await this.challenges.failed(tx, hash);
    await this.journal.ofTenant(tx, tenantId, {
      type: 'auth.factor_failed',
      userId,
      payload: { ...refused, address },
    });
    return refusalOf(refused);
  }

  private async howOf(
    tx: Tx,
    userId: string,
    { recoveryCode }: ShownFactor,
  ): Promise<Pick<Admitted, 'factor' | 'recoveryCodesLeft'>> {
    if (recoveryCode === undefined) return { factor: 'totp' };
    const recoveryCodesLeft = await this.tries.recoveryCodesLeft(tx, userId);
    return { factor: 'recovery_code', recoveryCodesLeft };
  }
}
