import { AppError } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Accounts } from '../login/accounts.js';
import { fingerprint } from '../login/lockout.js';
import type { ClientFacts } from '../sessions/sessions.js';
import { PasswordResets } from './password-resets.js';
import { ResetNotice } from './reset-notice.js';
import { Slots } from './slots.js';

const AT_ONCE = 1;
const WAITING = 50;

/**
 * A password is forgotten. The answer comes before the account is looked up, so that neither it nor its
 * time tells whether there is one.
 */
@Injectable()
export class ForgotPassword implements BeforeApplicationShutdown {
  private readonly logger = new Logger('ForgotPassword');
  readonly #slots = new Slots(AT_ONCE, WAITING);
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly db: IdentityDb,
    private readonly accounts: Accounts,
    private readonly resets: PasswordResets,
    private readonly notice: ResetNotice,
  ) {}

  /** Throws `rate.limited` when too many wait, whoever they are. */
  begin(email: string, from: ClientFacts): void {
    if (this.#slots.waiting >= WAITING) throw new AppError('rate.limited');
    const work = this.#slots
      .run(() => this.db.run((tx) => this.prepare(tx, email, from)))
      .catch((err: unknown) => {
        const account = fingerprint(email);
        this.logger.error({ message: 'a password reset was not prepared', account, err });
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  private async prepare(tx: Tx, email: string, from: ClientFacts): Promise<void> {
    const found = await this.accounts.byEmail(tx, email);
    const account = found === null ? null : await this.accounts.lock(tx, found.id);
    if (account?.status !== 'ACTIVE') return;
    const reset = await this.resets.open(tx, account.id);
    if (reset === undefined) return;
    await this.notice.send(tx, account, reset, from);
  }
}
