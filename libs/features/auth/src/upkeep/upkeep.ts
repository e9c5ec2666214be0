import { SystemClock, type Clock } from '@getupnet/kernel';
import { AuditLog, IdentityDb, Pools, persistenceEnv, type Tx } from '@getupnet/persistence';
import { loadConfig, type Config, type EnvSource } from '@getupnet/platform';
import { Sealer, buildAwsSecrets, loadKeyRing, secretsEnv } from '@getupnet/secrets';
import { authEnv } from '../auth-env.js';
import { TokenKeyRepository } from '../keys/token-key.repository.js';
import { TokenSigner, type RotatedKey } from '../keys/token-signer.js';
import { Accounts } from '../login/accounts.js';
import { AuthJournal } from '../login/auth-journal.js';
import { StoredMessages, type KeptMessage } from '../messages/stored-messages.js';
import { Challenges } from '../mfa/challenges.js';
import { SecondFactor } from '../mfa/second-factor.js';
import { Totp } from '../mfa/totp.js';
import { SessionRepository } from '../sessions/session.repository.js';

const ACTOR = 'installation';

interface Parts {
  readonly clock: Clock;
  readonly config: Config;
  readonly sealer: Sealer;
  readonly pools: Pools;
}

/** What the operator does with people's logins on the machine itself, without being logged in. */
export class Upkeep {
  readonly #clock: Clock;
  readonly #pools: Pools;
  readonly #db: IdentityDb;
  readonly #signer: TokenSigner;
  readonly #messages: StoredMessages;
  readonly #accounts: Accounts;
  readonly #factor: SecondFactor;
  readonly #audit: AuditLog;

  private constructor({ clock, config, sealer, pools }: Parts) {
    this.#clock = clock;
    this.#pools = pools;
    this.#db = new IdentityDb(pools);
    this.#audit = new AuditLog(clock);
    const keys = new TokenKeyRepository();
    this.#signer = new TokenSigner(this.#db, keys, sealer, this.#audit, clock);
    this.#messages = new StoredMessages(sealer, this.#audit, clock);
    this.#accounts = new Accounts(clock);
    this.#factor = new SecondFactor(new Totp(clock, config), sealer, clock);
  }

  /** With the variables of the service `auth`. Rejects with a BootError when they do not do. */
  static async open(source: EnvSource, clock: Clock = new SystemClock()): Promise<Upkeep> {
    const config = loadConfig([persistenceEnv, secretsEnv, authEnv], source);
    const aws = buildAwsSecrets(config);
    try {
      const sealer = new Sealer(await loadKeyRing(config, aws));
      const pools = new Pools({ urls: config.get(persistenceEnv), sizes: { identity: 1 } });
      return new Upkeep({ clock, config, sealer, pools });
    } finally {
      await aws.close();
    }
  }

  close(): Promise<void> {
    return this.#pools.close();
  }

  rotateKeys(options: { readonly compromised: boolean }): Promise<RotatedKey> {
    return this.#signer.rotate(options);
  }

  /** What people are to be told and nobody has told them yet. */
  takeMessages(): Promise<readonly KeptMessage[]> {
    return this.#db.run((tx) => this.#messages.take(tx, ACTOR));
  }

  /** Phone and recovery codes lost: sessions end, the next login enrols again. False: no such account. */
  forgetFactor(email: string): Promise<boolean> {
    return this.#db.run(async (tx) => {
      const found = await this.#accounts.byEmail(tx, email.trim().toLowerCase());
      if (found === null) return false;
      await this.#accounts.lock(tx, found.id);
      await this.#factor.forget(tx, found.id);
      await this.#endOf(tx, found.id);
      return true;
    });
  }

  async #endOf(tx: Tx, userId: string): Promise<void> {
    await new Challenges(this.#accounts, this.#clock).dropOf(tx, userId);
    const now = this.#clock.now();
    await new SessionRepository().revoke(tx, { userId }, 'factor_forgotten', now);
    await new AuthJournal(this.#audit, this.#accounts).ofHome(tx, userId, {
      ...{ type: 'auth.factor_forgotten', userId, actor: ACTOR, payload: {} },
    });
  }
}
