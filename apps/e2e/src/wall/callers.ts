import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  PLATFORM_ROLES,
  SERVICES,
  TENANT_PERMISSIONS,
  TENANT_ROLES,
  type Permission,
  type ServiceName,
  type TenantPermission,
} from '@getupnet/contracts';
import { SystemClock, newId } from '@getupnet/kernel';
import { loadConfig } from '@getupnet/platform';
import {
  ACCESS_TOKEN,
  ServiceCaller,
  newApiKey,
  newServiceKey,
  outVariable,
  serviceCallerEnv,
  type NewServiceKey,
} from '@getupnet/rbac';
import type { TestDatabase } from '@getupnet/testkit';
import { asOwnerOf } from './planted.js';

/** A credential good for nothing, whatever the route. */
export type Refused = 'auth.token_missing' | 'auth.token_invalid' | 'auth.token_expired';

/** Somebody who calls, and what is known of them independently of the product's checks. */
export interface Caller {
  readonly name: string;
  /** Of an API key. */
  readonly id?: string;
  readonly kind: 'nobody' | 'api-key' | 'session' | 'service';
  /** Set where the credential itself is none (any more). */
  readonly refused?: Refused;
  /** The tenant acted for; null: the platform, or a service. */
  readonly tenantId: string | null;
  readonly status: 'ACTIVE' | 'FROZEN' | 'SUSPENDED';
  readonly permissions: ReadonlySet<Permission>;
  /** Of a service: whom it may call. */
  readonly callee?: ServiceName;
  /** Of one call: what it presents for its body. A session is a new one unless the call is safe. */
  headers(body: string | Buffer, isSafe: boolean): Promise<Readonly<Record<string, string>>>;
}

const KID = 'wall-key';
const HOUR = 3_600_000;
const OWN_ROLE: readonly TenantPermission[] = ['TENANT_SEQUENCE_MANAGE', 'TENANT_USER_MANAGE'];
const CALLING: Readonly<Partial<Record<ServiceName, ServiceName>>> = {
  sign: 'billing',
  'dgii-client': 'billing',
};

/** Keys with which the application lets services in, made before it boots. */
export function serviceKeys(): ReadonlyMap<ServiceName, NewServiceKey> {
  return new Map(
    SERVICES.map((callee) => [callee, newServiceKey(CALLING[callee] ?? 'client', callee)]),
  );
}

interface Person {
  readonly tenantId: string | null;
  readonly role?: string;
  readonly permissions?: readonly TenantPermission[];
  readonly platformRole?: string;
  readonly reason?: string;
  readonly sessionEndsAt?: Date;
  readonly revoked?: true;
}

/** Makes callers; what it inserts is what the product's own commands would. */
export class CallerMaker {
  readonly #ring = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #clock = new SystemClock();
  readonly #made = new Set<string>();

  constructor(
    private readonly database: TestDatabase,
    private readonly keys: ReadonlyMap<ServiceName, NewServiceKey>,
  ) {}

  /** Whether a row is of a person or session made here. */
  madeFor(row: string): boolean {
    return [...this.#made].some((id) => row.includes(id));
  }

  /** A key of the ring that verifies and never signs: the application makes its own for that. */
  async prepare(): Promise<void> {
    await this.identity(
      `INSERT INTO token_key (kid, public_jwk, sealed, signs_from, verifies_until)
       VALUES ($1, $2, 'x', $3, $4)`,
      [KID, this.#ring.publicKey.export({ format: 'jwk' }), this.at(-HOUR), this.at(24 * HOUR)],
    );
  }

  /** Everybody who may call on behalf of a tenant, of the platform, of a service or of nobody. */
  async everybody(tenantId: string): Promise<Caller[]> {
    const frozen = await this.tenant('FROZEN');
    const suspended = await this.tenant('SUSPENDED');
    return [
      ...this.nobodies(),
      await this.apiKey('API key', tenantId),
      await this.apiKey('API key that may emit', tenantId, ['TENANT_INVOICE_EMIT']),
      await this.apiKey('API key that may nothing', tenantId, []),
      await this.apiKey('API key of a frozen company', frozen, undefined, { status: 'FROZEN' }),
      await this.apiKey('API key of a suspended company', suspended, undefined, {
        status: 'SUSPENDED',
      }),
      await this.apiKey('expired API key', tenantId, undefined, { expires_at: this.at(-HOUR) }),
      await this.apiKey('revoked API key', tenantId, undefined, { revoked_at: this.at(-HOUR) }),
      ...(await this.tenantPeople(tenantId)),
      await this.person('viewer of a frozen company', { tenantId: frozen, role: 'tenant_admin' }, [
        'FROZEN',
      ]),
      ...(await this.operators(tenantId)),
      ...SERVICES.map((callee) => this.service(callee, tenantId)),
    ];
  }

  async apiKey(
    name: string,
    tenantId: string,
    permissions: readonly TenantPermission[] = TENANT_PERMISSIONS,
    { status = 'ACTIVE', ...row }: Partial<Pick<Caller, 'status'>> & Record<string, unknown> = {},
  ): Promise<Caller> {
    const { key, hash, prefix } = newApiKey();
    const id = newId();
    await asOwnerOf(this.database, tenantId, [
      ['api_key', { tenant_id: tenantId, id, name, prefix, permissions, ...row }],
      ['api_key_hash', { hash, tenant_id: tenantId, api_key_id: id }],
    ]);
    const refused: { refused?: Refused } =
      'revoked_at' in row
        ? { refused: 'auth.token_invalid' }
        : 'expires_at' in row
          ? { refused: 'auth.token_expired' }
          : {};
    return {
      ...{ name, id, kind: 'api-key', tenantId, permissions: new Set(permissions), ...refused },
      status: status as Caller['status'],
      headers: () => Promise.resolve({ authorization: `Bearer ${key}` }),
    };
  }

  /** A session of this person, a new one for each call that may end it. */
  async person(
    name: string,
    person: Person,
    [status]: readonly [Caller['status']] = ['ACTIVE'],
    refused?: Refused,
  ): Promise<Caller> {
    const userId = await this.account(name, person);
    const permissions = new Set<Permission>(permissionsOf(person));
    const authorise = async () => {
      const sessionId = await this.session(userId, person);
      return { authorization: `Bearer ${this.token({ sub: userId, sid: sessionId })}` };
    };
    let reading: ReturnType<typeof authorise> | undefined;
    return {
      ...{ name, kind: 'session', tenantId: person.tenantId, status, permissions },
      ...(refused === undefined ? {} : { refused }),
      headers: (_body, isSafe) => (isSafe ? (reading ??= authorise()) : authorise()),
    };
  }

  service(callee: ServiceName, tenantId: string): Caller {
    const key = this.keys.get(callee)?.out ?? '';
    const config = loadConfig([serviceCallerEnv], { [outVariable(callee)]: key });
    const caller = new ServiceCaller(config, this.#clock);
    const call = { callee, tenantId, purpose: 'wall' };
    return {
      ...{ name: `service that may call ${callee}`, kind: 'service', tenantId, status: 'ACTIVE' },
      ...{ permissions: new Set(), callee },
      headers: (body) => Promise.resolve(caller.headers({ ...call, body })),
    };
  }

  private nobodies(): Caller[] {
    const strange = this.token({ sub: newId(), sid: newId() });
    const late = Math.floor(this.at(-HOUR).getTime() / 1000);
    const expired = this.token({ sub: newId(), sid: newId(), iat: late - 900, exp: late });
    const nobody = (name: string, refused: Refused, authorization?: string): Caller => ({
      ...{ name, kind: 'nobody', refused, tenantId: null, status: 'ACTIVE' },
      permissions: new Set(),
      headers: () => Promise.resolve(authorization === undefined ? {} : { authorization }),
    });
    return [
      nobody('no token', 'auth.token_missing'),
      nobody('empty token', 'auth.token_missing', ''),
      nobody('malformed token', 'auth.token_invalid', 'Bearer nada'),
      nobody('password', 'auth.token_invalid', 'Basic YWRtaW46YWRtaW4='),
      nobody('token of no session', 'auth.token_invalid', `Bearer ${strange}`),
      nobody('expired token', 'auth.token_expired', `Bearer ${expired}`),
    ];
  }

  private async tenantPeople(tenantId: string): Promise<Caller[]> {
    const people: Caller[] = [];
    for (const role of Object.keys(TENANT_ROLES)) {
      people.push(await this.person(`session of ${role}`, { tenantId, role }));
    }
    const admin: Person = { tenantId, role: 'tenant_admin' };
    const [over, gone] = [
      { ...admin, sessionEndsAt: this.at(-HOUR) },
      { ...admin, revoked: true },
    ];
    return [
      ...people,
      await this.person('session of an own role', { tenantId, permissions: OWN_ROLE }),
      await this.person('session that is over', over, undefined, 'auth.token_expired'),
      await this.person('revoked session', gone as Person, undefined, 'auth.token_invalid'),
    ];
  }

  private async operators(tenantId: string): Promise<Caller[]> {
    const people: Caller[] = [];
    for (const platformRole of Object.keys(PLATFORM_ROLES)) {
      people.push(
        await this.person(`session of ${platformRole}`, { tenantId: null, platformRole }),
      );
    }
    const reason = 'el cliente lo pidió por teléfono';
    const acting: Person = { tenantId, platformRole: 'platform_admin', reason };
    return [...people, await this.person('operator acting for the company', acting)];
  }

  private async tenant(status: 'FROZEN' | 'SUSPENDED'): Promise<string> {
    const id = newId();
    const rnc = status === 'FROZEN' ? '101000088' : '101000099';
    await asOwnerOf(this.database, id, [['tenant', { id, rnc, name: status, status }]]);
    return id;
  }

  private async account(name: string, { tenantId, role, ...person }: Person): Promise<string> {
    const id = newId();
    await this.identity(
      'INSERT INTO user_account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)',
      [id, `${id}@example.com`, name, 'x'],
    );
    this.#made.add(id);
    if (person.platformRole !== undefined) {
      const insert = 'INSERT INTO platform_member (user_id, role) VALUES ($1, $2)';
      await this.identity(insert, [id, person.platformRole]);
    }
    if (tenantId === null || person.reason !== undefined) return id;
    let roleId: string | null = null;
    if (person.permissions !== undefined) {
      roleId = newId();
      await this.identity(
        'INSERT INTO tenant_role (tenant_id, id, name, permissions) VALUES ($1, $2, $3, $4)',
        [tenantId, roleId, name, person.permissions],
      );
    }
    await this.identity(
      'INSERT INTO membership (tenant_id, user_id, role, role_id) VALUES ($1, $2, $3, $4)',
      [tenantId, id, role ?? null, roleId],
    );
    return id;
  }

  private async session(userId: string, person: Person): Promise<string> {
    const { tenantId, reason = null, sessionEndsAt = this.at(8 * HOUR), revoked } = person;
    const id = newId();
    await this.identity(
      `INSERT INTO user_session (id, user_id, tenant_id, impersonation_reason, expires_at, revoked_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, userId, tenantId, reason, sessionEndsAt, revoked === true ? this.at(-HOUR) : null],
    );
    return id;
  }

  private token(claims: Readonly<Record<string, unknown>>): string {
    const iat = Math.floor(this.at(0).getTime() / 1000);
    const { algorithm: alg, type: typ, issuer: iss, audience: aud, lifetimeS } = ACCESS_TOKEN;
    const input = [
      { alg, typ, kid: KID },
      { iss, aud, iat, exp: iat + lifetimeS, jti: randomBytes(8).toString('hex'), ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = { key: this.#ring.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }

  private at(offsetMs: number): Date {
    return new Date(this.#clock.now().getTime() + offsetMs);
  }

  private async identity(text: string, values: readonly unknown[]): Promise<void> {
    await this.database.pools.query('identity', text, values);
  }
}

function permissionsOf({ role, permissions, platformRole, reason }: Person): readonly Permission[] {
  if (reason !== undefined) return TENANT_PERMISSIONS;
  if (permissions !== undefined) return permissions;
  const roles: Readonly<Record<string, readonly Permission[]>> = {
    ...TENANT_ROLES,
    ...PLATFORM_ROLES,
  };
  return roles[role ?? platformRole ?? ''] ?? [];
}
