import type { PlatformRole, TenantRole } from '@getupnet/contracts';
import { SystemClock, newId, type Clock } from '@getupnet/kernel';
import {
  AuditLog,
  IdentityDb,
  PLATFORM_TENANT_ID,
  Pools,
  type DatabaseUrls,
  type Tx,
} from '@getupnet/persistence';
import { loadConfig } from '@getupnet/platform';
import { KeyRing, Sealer } from '@getupnet/secrets';
import { generateSecret } from 'otplib';
import { authEnv } from '../auth-env.js';
import { placeOf } from '../mfa/second-factor.js';
import { Passwords } from '../passwords/passwords.js';

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** Base 32. Without one, the first login enrols a second factor. */
  readonly totpSecret?: string;
}

export interface ProvisioningOptions {
  readonly urls: DatabaseUrls;
  /** Seals second factors; only who makes some needs it. */
  readonly kek?: string;
}

const ACTOR = 'installation';
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;

/**
 * People made by whoever holds the database, because nobody can log in and invite them yet: the first
 * operator of an installation, the people of a demonstration.
 */
export class Provisioning {
  readonly #clock: Clock = new SystemClock();
  readonly #pools: Pools;
  readonly #db: IdentityDb;
  readonly #audit: AuditLog;
  readonly #passwords: Passwords;
  readonly #sealer: Sealer | null;

  constructor({ urls, kek }: ProvisioningOptions) {
    this.#pools = new Pools({ urls, sizes: { identity: 1 } });
    this.#db = new IdentityDb(this.#pools);
    this.#audit = new AuditLog(this.#clock);
    this.#passwords = new Passwords(loadConfig([authEnv], {}));
    this.#sealer = kek === undefined ? null : new Sealer(KeyRing.of(kek));
  }

  close(): Promise<void> {
    return this.#pools.close();
  }

  /** Of these addresses, those that have an account. */
  async known(emails: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#db.run((tx) =>
      tx.userAccount.findMany({
        where: { email: { in: [...emails] } },
        select: { email: true },
      }),
    );
    return new Set(found.map(({ email }) => email));
  }

  async hasSuperAdmin(): Promise<boolean> {
    return this.#db.run(superAdmins);
  }

  /** With `onlyFirst`, answers null where there is a super_admin already. */
  async addOperator(
    person: NewPerson,
    { role = 'super_admin', onlyFirst = false }: { role?: PlatformRole; onlyFirst?: boolean } = {},
  ): Promise<string | null> {
    const account = await this.#accountOf(person);
    return this.#db.run(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('people:platform', 0))`;
      if (onlyFirst && (await superAdmins(tx))) return null;
      await tx.userAccount.create({ data: account, select: { id: true } });
      await tx.platformMember.create({ data: { userId: account.id, role } });
      await this.#report(tx, PLATFORM_TENANT_ID, account.id, role);
      return account.id;
    });
  }

  async addMember(
    person: NewPerson,
    tenantId: string,
    role: TenantRole = 'tenant_admin',
  ): Promise<string> {
    const account = await this.#accountOf(person);
    return this.#db.run(async (tx) => {
      await tx.userAccount.create({ data: account, select: { id: true } });
      await tx.membership.create({ data: { tenantId, userId: account.id, role } });
      await this.#report(tx, tenantId, account.id, role);
      return account.id;
    });
  }

  async #accountOf({ email, name, password, totpSecret }: NewPerson) {
    const id = newId();
    const passwordHash = await this.#passwords.hash(password);
    const account = { id, email: email.toLowerCase(), name, passwordHash };
    if (totpSecret === undefined) return account;
    if (this.#sealer === null) throw new TypeError('second factors are sealed with the KEK');
    const totpSealed = await this.#sealer.seal(Buffer.from(totpSecret, 'utf8'), placeOf(id));
    return { ...account, totpSealed, totpEnrolledAt: this.#clock.now() };
  }

  async #report(tx: Tx, tenantId: string, subjectId: string, role: string): Promise<void> {
    const payload = { before: null, after: { role }, account: 'new' };
    const entry = { tenantId, type: 'user.joined', subjectId, actor: ACTOR, payload };
    await this.#audit.append(tx, entry);
  }
}

/** For {@link NewPerson.totpSecret}. */
export function newTotpSecret(): string {
  return generateSecret({ length: SECRET_BYTES });
}

async function superAdmins(tx: Tx): Promise<boolean> {
  const role = 'super_admin';
  const living = { role, user: { status: 'ACTIVE' } };
  return (await tx.platformMember.count({ where: living })) > 0;
}
