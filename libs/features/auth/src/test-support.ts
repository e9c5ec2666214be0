// Only for this lib's own specs: the service on free ports, people, and calls as clients make them.
import { randomBytes } from 'node:crypto';
import { Clock, newId } from '@getupnet/kernel';
import type { Problem, RunningServices } from '@getupnet/platform';
import { createServices } from '@getupnet/platform';
import type { FakeClock, TestDatabase } from '@getupnet/testkit';
import { generateSync } from 'otplib';
import type { Provider } from '@nestjs/common';
import { auth } from './auth.service-definition.js';
import { HASH_COST_OVERRIDE, type HashCost } from './passwords/passwords.js';

/** Right in kind, cheap enough for a suite. */
export const CHEAP: HashCost = { timeCost: 2, memoryCost: 1_024, parallelism: 1 };
export const PASSWORD = 'correcto caballo pila';
export const KEK = randomBytes(32).toString('base64');

export interface StartOptions {
  readonly clock: FakeClock;
  readonly values?: Readonly<Record<string, string>>;
  readonly providers?: readonly Provider[];
  readonly cost?: HashCost;
}

/** The auth service of one process, on the suite's database. */
export function startAuth(database: TestDatabase, options: StartOptions): Promise<RunningServices> {
  const { clock, values = {}, providers = [], cost = CHEAP } = options;
  return createServices([auth()], {
    env: {
      ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent' },
      ...{ DATABASE_URL: database.ownerUrl, SECRETS_KEK: KEK },
      // All calls of a suite come from one address.
      ...{ AUTH_ADDRESS_FAILURES: '10000', AUTH_PASSWORD_QUEUE: '1000', ...values },
    },
    providers: [
      { provide: Clock, useValue: clock },
      { provide: HASH_COST_OVERRIDE, useValue: cost },
      ...providers,
    ],
  });
}

export interface Answer {
  readonly status: number;
  /** Problem code, where it is one. */
  readonly code: string | undefined;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function call(
  base: string,
  path: string,
  body?: object,
  { method, token, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const answer = await fetch(base + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  const { code } = parsed as Partial<Problem>;
  return { status: answer.status, code, body: parsed, headers: answer.headers };
}

export interface Person {
  readonly userId: string;
  readonly email: string;
}

export interface PersonOptions {
  readonly passwordHash: string;
  readonly status?: string;
  /** Tenant → role. */
  readonly roles?: Readonly<Record<string, string>>;
  readonly platformRole?: string;
}

/** An account with its memberships, as invitations would leave them. */
export async function addPerson(database: TestDatabase, options: PersonOptions): Promise<Person> {
  const { passwordHash, status = 'ACTIVE', roles = {}, platformRole } = options;
  const userId = newId();
  const email = `${userId}@example.com`;
  const identity = (text: string, values: unknown[]): Promise<unknown> =>
    database.pools.query('identity', text, values);
  await identity(
    `INSERT INTO user_account (id, email, name, password_hash, status)
     VALUES ($1, $2, 'Ana', $3, $4)`,
    [userId, email, passwordHash, status],
  );
  for (const [tenantId, role] of Object.entries(roles)) {
    const insert = 'INSERT INTO membership (tenant_id, user_id, role) VALUES ($1, $2, $3)';
    await identity(insert, [tenantId, userId, role]);
  }
  if (platformRole !== undefined) {
    const insert = 'INSERT INTO platform_member (user_id, role) VALUES ($1, $2)';
    await identity(insert, [userId, platformRole]);
  }
  return { userId, email };
}

/** What the app shows for a secret at the clock's time. */
export function codeOf(secret: unknown, clock: FakeClock, steps = 0): string {
  const epoch = Math.floor(clock.now().getTime() / 1000) + steps * 30;
  return generateSync({ secret: String(secret), epoch });
}

export interface AuditRow {
  readonly type: string;
  readonly tenantId: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A tenant's audit entries about something, oldest first. */
export async function auditOf(
  database: TestDatabase,
  tenantId: string,
  subjectId: string | null,
): Promise<readonly AuditRow[]> {
  return database.tenantDb.run({ tenantId }, (tx) =>
    tx.auditEvent.findMany({
      where: { subjectId },
      orderBy: { id: 'asc' },
      select: { type: true, tenantId: true, actor: true, payload: true },
    }),
  ) as Promise<readonly AuditRow[]>;
}
