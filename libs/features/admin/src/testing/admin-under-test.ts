// Only for this lib's specs: the running service, and people who are logged in.
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { newId } from '@getupnet/kernel';
import { createServices, type RunningServices } from '@getupnet/platform';
import { ACCESS_TOKEN } from '@getupnet/rbac';
import type { TestDatabase } from '@getupnet/testkit';
import { admin } from '../admin.service-definition.js';

const HOUR_S = 3_600;

export interface Person {
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface AuditRow {
  readonly type: string;
  readonly actor: string;
  readonly subject_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Service `admin` alone, on a database of the suite's. */
export class AdminUnderTest {
  readonly #key: KeyObject;

  private constructor(
    private readonly database: TestDatabase,
    private readonly services: RunningServices,
    key: KeyObject,
    private readonly kid: string,
  ) {
    this.#key = key;
  }

  static async start(
    database: TestDatabase,
    env: Readonly<Record<string, string>> = {},
    kid = 'key-1',
  ): Promise<AdminUnderTest> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await database.pools.query(
      'identity',
      `INSERT INTO token_key (kid, public_jwk, sealed, signs_from) VALUES ($1, $2, 'x', now())`,
      [kid, publicKey.export({ format: 'jwk' })],
    );
    const services = await createServices([admin()], {
      env: {
        PORT: '0',
        INTERNAL_PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: database.ownerUrl,
        ...env,
      },
    });
    return new AdminUnderTest(database, services, privateKey, kid);
  }

  close(): Promise<void> {
    return this.services.close();
  }

  /** One of the operator's people, or with a tenant one of a company's. */
  async person(where: {
    platformRole?: string;
    tenantId?: string;
    email?: string;
  }): Promise<Person> {
    const [userId, sessionId] = [newId(), newId()];
    const { platformRole, tenantId = null, email = `${userId}@example.com` } = where;
    await this.insert('user_account (id, email, name, password_hash)', [userId, email, 'Ana', 'x']);
    if (platformRole !== undefined) {
      await this.insert('platform_member (user_id, role)', [userId, platformRole]);
    }
    if (tenantId !== null) {
      await this.insert('membership (tenant_id, user_id, role)', [tenantId, userId, 'viewer']);
    }
    const expiresAt = new Date(Date.now() + HOUR_S * 1_000);
    const session = [sessionId, userId, tenantId, expiresAt];
    await this.insert('user_session (id, user_id, tenant_id, expires_at)', session);
    return { userId, sessionId, token: this.#token(userId, sessionId) };
  }

  async call<T = Readonly<Record<string, unknown>>>(
    person: Person,
    method: string,
    path: string,
    body?: object,
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.services.publicUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${person.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** What people did, of one chain, oldest first; security events come when they come. */
  async audit(tenantId: string): Promise<readonly AuditRow[]> {
    const { rows } = await this.database.pools.query<AuditRow & Record<string, unknown>>(
      'audit_append',
      `SELECT type, actor, subject_id, payload FROM audit_event
       WHERE tenant_id = $1 AND NOT starts_with(type, 'security.') ORDER BY occurred_at, id`,
      [tenantId],
    );
    return rows;
  }

  private async insert(into: string, values: readonly unknown[]): Promise<void> {
    const places = values.map((_, at) => `$${at + 1}`).join();
    await this.database.pools.query('identity', `INSERT INTO ${into} VALUES (${places})`, values);
  }

  #token(userId: string, sessionId: string): string {
    const { algorithm, audience, issuer, type } = ACCESS_TOKEN;
    const encode = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const nowS = Math.floor(Date.now() / 1_000);
    const claims = { sub: userId, sid: sessionId, iss: issuer, aud: audience };
    const times = { iat: nowS, nbf: nowS, exp: nowS + ACCESS_TOKEN.lifetimeS };
    const input = `${encode({ alg: algorithm, typ: type, kid: this.kid })}.${encode({ ...claims, ...times })}`;
    const signature = createSign('sha256')
      .update(input)
      .sign({ key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }
}
