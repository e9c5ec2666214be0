import type { LoginRequest, MfaChallenge, TenantChoice } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { CHALLENGE_S, Challenges } from '../mfa/challenges.js';
import type { ClientFacts, OpenSession } from '../sessions/sessions.js';
import { Accounts, type Account, type Entrance } from './accounts.js';
import { Admission } from './admission.js';
import { Credentials, type Proven } from './credentials.js';

/** Where a right password led. */
export type LoggedIn =
  | { readonly kind: 'session'; readonly session: OpenSession }
  | { readonly kind: 'challenge'; readonly answer: MfaChallenge }
  | { readonly kind: 'choose'; readonly answer: TenantChoice };

type Outcome = LoggedIn | { readonly kind: 'nowhere' };

/** Password → session, or what is still missing for one. */
@Injectable()
export class Login {
  constructor(
    private readonly db: IdentityDb,
    private readonly credentials: Credentials,
    private readonly accounts: Accounts,
    private readonly challenges: Challenges,
    private readonly admission: Admission,
  ) {}

  async run({ email, password, tenantId }: LoginRequest, from: ClientFacts): Promise<LoggedIn> {
    const proven = await this.credentials.prove({ email }, password, from);
    const outcome = await this.db.run((tx) => this.enter(tx, proven, tenantId, from));
    if (outcome.kind === 'nowhere') {
      throw new AppError('auth.forbidden', { permission: 'acceso a una empresa' });
    }
    return outcome;
  }

  private async enter(
    tx: Tx,
    proven: Proven,
    wanted: string | null | undefined,
    from: ClientFacts,
  ): Promise<Outcome> {
    const account = await this.credentials.settle(tx, proven, from);
    const entrances = await this.accounts.entrances(tx, account.id);
    if (wanted === undefined && entrances.length > 1) {
      return { kind: 'choose', answer: choiceOf(entrances) };
    }
    const entrance =
      wanted === undefined ? entrances[0] : entrances.find((one) => one.tenantId === wanted);
    // Member of nothing, or not of that one: which of both is not told.
    if (entrance === undefined) {
      await this.admission.refused(tx, account.id, from);
      return { kind: 'nowhere' };
    }
    return this.pass(tx, account, entrance, from);
  }

  private async pass(
    tx: Tx,
    { id: userId, totpEnrolledAt }: Account,
    { tenantId, demandsFactor }: Entrance,
    from: ClientFacts,
  ): Promise<Outcome> {
    if (totpEnrolledAt !== null || demandsFactor) {
      const [mfa, purpose] =
        totpEnrolledAt === null ? (['enroll', 'ENROL'] as const) : (['verify', 'VERIFY'] as const);
      const challenge = await this.challenges.open(tx, { userId, purpose, tenantId });
      return { kind: 'challenge', answer: { mfa, challenge, expiresIn: CHALLENGE_S } };
    }
    const session = await this.admission.open(tx, { userId, tenantId, factor: 'none' }, from);
    return { kind: 'session', session };
  }
}

function choiceOf(entrances: readonly Entrance[]): TenantChoice {
  const tenants = entrances.flatMap(({ tenantId, rnc, name }) =>
    tenantId === null ? [] : [{ id: tenantId, rnc, name }],
  );
  return { choose: { tenants, platform: tenants.length < entrances.length } };
}
