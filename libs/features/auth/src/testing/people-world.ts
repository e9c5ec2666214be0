// Only for this lib's own specs: the auth service over HTTP, with companies and people in it.
import { newId } from '@getupnet/kernel';
import { IdentityDb } from '@getupnet/persistence';
import type { Problem, RunningServices } from '@getupnet/platform';
import { FakeClock, createTestTenant, type TestDatabase, type TestTenant } from '@getupnet/testkit';
import { Passwords } from '../passwords/passwords.js';
import { Sessions } from '../sessions/sessions.js';
import { PASSWORD, startAuth } from '../test-support.js';

const START = '2026-11-21T12:00:00Z';

export interface Answer {
  readonly status: number;
  /** Of a problem. */
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AuditRow {
  readonly type: string;
  readonly actor: string;
  readonly subjectId: string;
  readonly payload: unknown;
}

/** A person with a session; answers as whom requests are made. */
export interface Somebody {
  readonly userId: string;
  readonly email: string;
  readonly token: string;
  readonly tenantId: string | null;
}

interface Wanted {
  readonly role?: string | null;
  readonly roleId?: string;
  readonly platformRole?: string;
  readonly reason?: string;
}

export class PeopleWorld {
  private constructor(
    private readonly database: TestDatabase,
    readonly services: RunningServices,
    readonly clock: FakeClock,
  ) {}

  static async start(database: TestDatabase): Promise<PeopleWorld> {
    const clock = new FakeClock(START);
    const services = await startAuth(database, { clock, values: { LIMIT_ADDRESS: '1000000/60' } });
    return new PeopleWorld(database, services, clock);
  }

  company(): Promise<TestTenant> {
    return createTestTenant(this.database);
  }

  identity(text: string, values: readonly unknown[]): Promise<unknown> {
    return this.database.pools.query('identity', text, values);
  }

  /** Somebody of a company, or of the operator's with `tenantId` null or a reason. */
  async somebody(tenantId: string | null, wanted: Wanted = {}): Promise<Somebody> {
    const { role = 'tenant_admin', roleId = null, platformRole, reason } = wanted;
    const userId = newId();
    const email = `${userId}@example.com`;
    const hash = await this.services.app.get(Passwords, { strict: false }).hash(PASSWORD);
    await this.identity(
      'INSERT INTO user_account (id, email, name, password_hash) VALUES ($1, $2, $3, $4)',
      [userId, email, 'Ana', hash],
    );
    if (platformRole !== undefined) {
      await this.identity('INSERT INTO platform_member (user_id, role) VALUES ($1, $2)', [
        userId,
        platformRole,
      ]);
    } else if (tenantId !== null) {
      await this.identity(
        'INSERT INTO membership (tenant_id, user_id, role, role_id) VALUES ($1, $2, $3, $4)',
        [tenantId, userId, roleId === null ? role : null, roleId],
      );
    }
    return { userId, email, tenantId, token: await this.login(userId, tenantId, reason) };
  }

  async login(userId: string, tenantId: string | null, reason?: string): Promise<string> {
    const sessions = this.services.app.get(Sessions, { strict: false });
    const from = { client: 'test', address: '203.0.113.7' };
    const impersonation = reason === undefined ? {} : { impersonationReason: reason };
    const opened = await this.services.app
      .get(IdentityDb, { strict: false })
      .run((tx) => sessions.open(tx, { userId, tenantId, ...from, ...impersonation }));
    return opened.accessToken;
  }

  /** @param as somebody, a bare credential, or nobody */
  async call(
    as: Somebody | string | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const token = typeof as === 'object' ? as?.token : as;
    const answer = await fetch(this.services.publicUrl + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const { code } = parsed as Partial<Problem>;
    return { status: answer.status, code: answer.ok ? undefined : code, body: parsed };
  }

  /** What the audit of a company tells of somebody or something, oldest first. */
  async auditOf(tenantId: string, subjectId: string): Promise<readonly AuditRow[]> {
    const rows = await this.database.tenantDb.run({ tenantId }, (tx) =>
      tx.auditEvent.findMany({ where: { subjectId }, orderBy: { id: 'asc' } }),
    );
    return rows.map(({ type, actor, payload }) => ({ type, actor, subjectId, payload }));
  }
}
