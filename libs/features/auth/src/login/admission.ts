import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Sessions, type ClientFacts, type OpenSession } from '../sessions/sessions.js';
import { AuthJournal } from './auth-journal.js';

export interface Admitted {
  readonly userId: string;
  readonly tenantId: string | null;
  /** What was shown besides the password. */
  readonly factor: 'none' | 'totp' | 'recovery_code';
  readonly recoveryCodesLeft?: number;
}

/** Everything asked for was shown: the session opens, and the audit tells how. */
@Injectable()
export class Admission {
  constructor(
    private readonly sessions: Sessions,
    private readonly journal: AuthJournal,
  ) {}

  async open(tx: Tx, admitted: Admitted, from: ClientFacts): Promise<OpenSession> {
    const { userId, tenantId, ...how } = admitted;
    const session = await this.sessions.open(tx, { userId, tenantId, ...from });
    await this.journal.ofTenant(tx, tenantId, {
      type: 'auth.login_succeeded',
      userId,
      payload: { sessionId: session.sessionId, ...how, address: from.address },
    });
    return session;
  }

  /** The password was right and leads nowhere. */
  async refused(tx: Tx, userId: string, { address }: ClientFacts): Promise<void> {
    await this.journal.ofHome(tx, userId, {
      type: 'auth.login_refused',
      userId,
      payload: { because: 'no_membership', address },
    });
  }

  /** A new second factor: sessions from before it end. */
  async enrolled(tx: Tx, userId: string, tenantId: string | null): Promise<void> {
    await this.sessions.revokeUser(tx, userId, 'factor_enrolled');
    await this.journal.ofTenant(tx, tenantId, {
      type: 'auth.factor_enrolled',
      userId,
      payload: {},
    });
  }
}
