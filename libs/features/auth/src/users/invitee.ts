import type { AcceptInvitation } from '@getupnet/contracts';
import { Clock, newId } from '@getupnet/kernel';
import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Accounts } from '../login/accounts.js';
import { Credentials, type Proven } from '../login/credentials.js';
import { Passwords } from '../passwords/passwords.js';
import type { ClientFacts } from '../sessions/sessions.js';
import type { StoredInvitation } from './invitation.repository.js';

/** Whose the membership will be: an account shown to be theirs, or one yet to be made. */
export type Invitee =
  | { readonly kind: 'known'; readonly proven: Proven }
  | { readonly kind: 'new'; readonly name: string; readonly passwordHash: string };

/** The accounts of people who were invited. */
@Injectable()
export class Invitees {
  constructor(
    private readonly accounts: Accounts,
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  async isKnown(tx: Tx, { email }: StoredInvitation): Promise<boolean> {
    return (await this.accounts.byEmail(tx, email)) !== null;
  }

  /** Takes its time over a hash: outside of any transaction. Rejects as the login does. */
  async prove(
    invitation: StoredInvitation & { readonly isKnown: boolean },
    { name = invitation.name, password }: AcceptInvitation,
    from: ClientFacts,
  ): Promise<Invitee> {
    const { email, isKnown } = invitation;
    if (!isKnown) return { kind: 'new', name, passwordHash: await this.passwords.hash(password) };
    return { kind: 'known', proven: await this.credentials.prove({ email }, password, from) };
  }

  /** Their account, still as it was proven, or new. */
  async accountOf(
    tx: Tx,
    { email }: StoredInvitation,
    invitee: Invitee,
    from: ClientFacts,
  ): Promise<string> {
    if (invitee.kind === 'known') {
      return (await this.credentials.settle(tx, invitee.proven, from)).id;
    }
    const { name, passwordHash } = invitee;
    const id = newId();
    const passwordChangedAt = this.clock.now();
    await tx.userAccount.create({ data: { id, email, name, passwordHash, passwordChangedAt } });
    return id;
  }
}
