import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Passwords } from '../passwords/passwords.js';
import type { ClientFacts } from '../sessions/sessions.js';
import { Accounts, type Account } from './accounts.js';
import { AuthJournal } from './auth-journal.js';
import { Lockout, fingerprint, type Failed } from './lockout.js';

/** A password that was right a moment ago. */
export interface Proven {
  readonly account: Account;
  /** The password's hash at today's cost, if the account's is older. */
  readonly better: string | undefined;
}

/** Whose password: who logs in says an address, who is logged in is known. */
export type Claimed = { readonly email: string } | { readonly userId: string };

/**
 * Passwords of accounts: known or not, right or wrong, every try costs the same and is counted. What a
 * right password leads to happens in a transaction that calls {@link settle} first.
 */
@Injectable()
export class Credentials {
  private readonly logger = new Logger('Credentials');

  constructor(
    private readonly db: IdentityDb,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly lockout: Lockout,
    private readonly journal: AuthJournal,
  ) {}

  /** Rejects with `auth.invalid_credentials`, `auth.locked` or `rate.limited`. */
  async prove(claimed: Claimed, password: string, from: ClientFacts): Promise<Proven> {
    const { account, email } = await this.db.run(async (tx) => {
      const known = await this.find(tx, claimed);
      const stated = 'email' in claimed ? claimed.email : (known?.email ?? '');
      await this.lockout.refuseLocked(tx, this.subjects(stated, from));
      return { account: known, email: stated };
    });
    const right = await this.passwords.matches(password, account?.passwordHash);
    if (!right || account === null || account.status !== 'ACTIVE') {
      throw await this.db.run((tx) => this.failed(tx, account, email, from));
    }
    return { account, better: await this.betterHash(account.passwordHash, password) };
  }

  /**
   * What was proven still holds: no lock since then, the same password, the account in use. Forgets
   * the failures, keeps the better hash. Nobody changes the account until the transaction ends.
   */
  async settle(tx: Tx, { account, better }: Proven, from: ClientFacts): Promise<Account> {
    const subject = this.lockout.account(account.email);
    await this.lockout.refuseLocked(tx, [subject], true);
    await this.lockout.refuseLocked(tx, [this.lockout.address(from.address)]);
    const now = await this.accounts.lock(tx, account.id);
    if (now === null || now.status !== 'ACTIVE' || now.passwordHash !== account.passwordHash) {
      throw new AppError('auth.invalid_credentials');
    }
    if (better !== undefined) await this.accounts.rehash(tx, now, better);
    await this.lockout.clear(tx, subject);
    return now;
  }

  /** It was shown otherwise who it is: what others tried is forgotten. */
  async forgive(tx: Tx, email: string): Promise<void> {
    await this.lockout.clear(tx, this.lockout.account(email));
  }

  private async find(tx: Tx, claimed: Claimed): Promise<Account | null> {
    return 'email' in claimed
      ? this.accounts.byEmail(tx, claimed.email)
      : this.accounts.byId(tx, claimed.userId);
  }

  private subjects(email: string, { address }: ClientFacts) {
    return [this.lockout.account(email), this.lockout.address(address)];
  }

  /** Counts a failure; answers what to throw once that is committed. */
  private async failed(
    tx: Tx,
    account: Account | null,
    email: string,
    from: ClientFacts,
  ): Promise<AppError> {
    const [ofAccount, ofAddress] = [
      this.lockout.account(email),
      this.lockout.address(from.address),
    ];
    const outcome = await this.lockout.fail(tx, ofAccount);
    await this.lockout.fail(tx, ofAddress);
    await this.lockout.tidy(tx);
    // Tried while others locked it: counted, and told nothing about the password.
    if (outcome.failures > ofAccount.limit && outcome.lockedUntil !== null) {
      return this.lockout.locked(outcome.lockedUntil);
    }
    await this.report(tx, account, email, from, outcome);
    return new AppError('auth.invalid_credentials');
  }

  private async report(
    tx: Tx,
    account: Account | null,
    email: string,
    { address }: ClientFacts,
    { failures, lockedUntil }: Failed,
  ): Promise<void> {
    const entry = { userId: account?.id ?? null, actor: 'anonymous' } as const;
    const payload = { account: fingerprint(email), address, failures };
    // Asked for an unknown account as well: the answer takes as long.
    const about = account?.id ?? randomUUID();
    await this.journal.ofHome(tx, about, { ...entry, type: 'auth.login_failed', payload });
    if (lockedUntil === null) return;
    const locked = { ...payload, until: lockedUntil.toISOString() };
    await this.journal.ofHome(tx, about, { ...entry, type: 'auth.locked', payload: locked });
  }

  /** Not worth failing a login for: there will be another. */
  private async betterHash(hash: string, password: string): Promise<string | undefined> {
    if (!this.passwords.isOutdated(hash)) return undefined;
    try {
      return await this.passwords.hash(password);
    } catch (error) {
      if (!isAppError(error, 'rate.limited')) throw error;
      this.logger.debug('an older password hash is kept: no slot is free');
      return undefined;
    }
  }
}
