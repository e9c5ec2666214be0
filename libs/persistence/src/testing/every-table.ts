import { canonicalJson, newId } from '@getupnet/kernel';
import type { TestDatabase } from '@getupnet/testkit';
import { entryText, genesisHash, linkHash } from '../audit/chain.js';

const DIGEST = 'ab'.repeat(32);

/** Table → values of one valid row of a tenant; ids of referenced rows are made beforehand. */
function rowsOf(tenantId: string, at: number): Readonly<Record<string, Record<string, unknown>>> {
  const [keyId, rangeId, documentId, certificateId] = [newId(), newId(), newId(), newId()];
  const voidId = newId();
  const contingencyId = newId();
  const event = {
    ...{ tenantId, seq: 1, id: newId(), type: 't', subjectId: null, actor: 'a', payload: {} },
    occurredAt: new Date('2026-01-01T00:00:00.000Z'),
  };
  const tenant_id = tenantId;
  const rnc = `10100000${at}`;
  return {
    tenant: { id: tenantId, rnc, name: `Empresa ${at}` },
    api_key: { tenant_id, id: keyId, name: 'k', prefix: 'gk_1', permissions: ['X'] },
    api_key_hash: { tenant_id, hash: `${at}`.repeat(64), api_key_id: keyId },
    encf_range: {
      ...{ tenant_id, id: rangeId, environment: 'testecf', tipo: 31 },
      ...{ first: 1, last: 10, next: 2 },
    },
    document: {
      ...{ tenant_id, id: documentId, environment: 'testecf', tipo: 31, encf: 'E310000000001' },
      ...{ range_id: rangeId, state: 'QUEUED', route: 'ecf', idempotency_key: 'k' },
      ...{ body_sha256: DIGEST, issuer_rnc: rnc, monto_total: '1.00' },
      ...{ fecha_emision: '2026-01-02', fecha_hora_firma: '02-01-2026 10:00:00' },
      ...{ artefact_month: '2026-01-01' },
    },
    artefact: {
      ...{ tenant_id, month: '2026-01-01', document_id: documentId, kind: 'unsigned' },
      ...{ sha256: DIGEST, body: '<ECF></ECF>' },
    },
    audit_event: {
      ...{ tenant_id, month: '2026-01-01', id: event.id, type: event.type, actor: event.actor },
      ...{ payload: event.payload, occurred_at: event.occurredAt },
    },
    outbox: { tenant_id, topic: 't', key: documentId },
    inbox: { tenant_id, consumer: 'c', event_id: newId() },
    certificate: {
      ...{ tenant_id, id: certificateId, thumbprint: DIGEST, subject: 's', holder_id: rnc },
      ...{ issuer: 'i', serial: '1', not_before: '2026-01-01', not_after: '2027-01-01' },
      ...{ certificate_pem: 'pem', sealed: 'sealed' },
    },
    signing_journal: {
      ...{ tenant_id, document_id: documentId, kind: 'ecf', digest: DIGEST },
      ...{ signed_sha256: DIGEST, signature_value: 'v', certificate_id: certificateId },
      ...{ requester: 'r' },
    },
    dgii_token: {
      ...{ tenant_id, environment: 'testecf', thumbprint: DIGEST, sealed: 'sealed' },
      ...{ issued_at: '2026-01-01', expires_at: '2026-01-02' },
    },
    branding: { tenant_id, accent_color: '#0B3D91' },
    encf_void: {
      ...{ tenant_id, id: voidId, environment: 'testecf', state: 'ACCEPTED', issuer_rnc: rnc },
      ...{ requested_by: 'a', idempotency_key: 'k', body_sha256: DIGEST, quantity: 2 },
      ...{ artefact_month: '2026-01-01' },
    },
    encf_void_range: {
      ...{ tenant_id, void_id: voidId, environment: 'testecf', tipo: 44, first: 1, last: 2 },
      outcome: 'VOIDED',
    },
    encf_usage: { tenant_id, range_id: rangeId, day: '2026-01-02', next: 2 },
    encf_alert: { tenant_id, range_id: rangeId, kind: 'low' },
    contingency: {
      ...{ tenant_id, id: contingencyId, environment: 'testecf', kind: 'CANNOT_ISSUE' },
      ...{ cause: `Sin energía en la tienda ${at}`, opened_by: 'a', begun_at: '2026-01-02' },
    },
    contingency_paper: {
      ...{ tenant_id, id: newId(), environment: 'testecf', contingency_id: contingencyId },
      ...{ ncf: `B010000000${at}`, issued_on: '2026-01-02', buyer_name: `Cliente en papel ${at}` },
    },
    audit_link: {
      ...{ tenant_id, seq: 1, event_month: '2026-01-01', event_id: event.id },
      ...{ prev: genesisHash(tenantId), hash: linkHash(genesisHash(tenantId), entryText(event)) },
    },
  };
}

/** What the appender of the audit chain keeps besides; no tenant's. */
function chainOf(tenantId: string, at: number): Readonly<Record<string, Record<string, unknown>>> {
  const hash = `0${at}`.repeat(64);
  const body = canonicalJson({
    ...{ version: 1, number: at, at: '2026-01-01T00:00:00.000Z', previous: hash, full: true },
    ...{ heads: { [tenantId]: { seq: 1, hash } }, count: 1, root: hash },
  });
  return {
    audit_cursor: { id: at, horizon: '0', horizon_id: newId(), system_id: 's' },
    audit_checkpoint: { number: at, at: '2026-01-01', is_full: true, body, signature: 's' },
  };
}

/** Likewise the tables that only role identity writes: a person of the tenant, and what belongs to them. */
function peopleOf(tenantId: string, at: number): Readonly<Record<string, Record<string, unknown>>> {
  const [userId, sessionId, roleId] = [newId(), newId(), newId()];
  const tenant_id = tenantId;
  const [expires_at, hash] = ['2026-01-02', `${at}a`.repeat(32)];
  return {
    user_account: { id: userId, email: `${userId}@example.com`, name: 'Ana', password_hash: 'h' },
    recovery_code: { user_id: userId, hash },
    tenant_role: { tenant_id, id: roleId, name: 'Caja', permissions: ['TENANT_RFCE_SUBMIT'] },
    membership: { tenant_id, user_id: userId, role_id: roleId },
    platform_member: { user_id: userId, role: 'platform_admin' },
    user_session: { id: sessionId, user_id: userId, tenant_id, expires_at },
    refresh_token: { hash, session_id: sessionId },
    login_challenge: { hash, user_id: userId, purpose: 'VERIFY', expires_at },
    login_failure: { subject: hash, window_started_at: '2026-01-01' },
    invitation: {
      ...{ id: newId(), tenant_id, email: 'eva@example.com', name: 'Eva', role: 'viewer', hash },
      ...{ invited_by: userId, expires_at },
    },
    password_reset: { hash, user_id: userId, expires_at },
    message: { id: newId(), recipient: 'r', subject: 's', sealed: 'x', expires_at },
    token_key: { kid: hash, public_jwk: '{}', sealed: 'sealed', signs_from: '2026-01-01' },
  };
}

/** Column a row is found by, and its value: the tenant's id where the table has one as its key. */
export function keyOf(
  { rows }: SeededTenant,
  table: string,
): readonly [column: string, value: unknown] {
  const row = rows[table] ?? {};
  const column = GLOBAL_KEYS[table] ?? (table === 'tenant' ? 'id' : 'tenant_id');
  return [column, row[column]];
}

/** Tables that are no tenant's. */
const GLOBAL_KEYS: Readonly<Record<string, string>> = {
  user_account: 'id',
  recovery_code: 'user_id',
  platform_member: 'user_id',
  user_session: 'id',
  refresh_token: 'hash',
  login_challenge: 'hash',
  login_failure: 'subject',
  invitation: 'id',
  password_reset: 'hash',
  message: 'id',
  token_key: 'kid',
  audit_cursor: 'id',
  audit_checkpoint: 'number',
};

export interface SeededTenant {
  readonly id: string;
  /** Table → the row it has there. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A tenant with one row in every table. A table missing here fails the isolation suite. */
export async function seedEveryTable(database: TestDatabase, at: number): Promise<SeededTenant> {
  const id = newId();
  const [business, people, chain] = [rowsOf(id, at), peopleOf(id, at), chainOf(id, at)];
  await database.asOwner(async (owner) => {
    await owner.query('BEGIN');
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [id]);
    for (const [table, row] of Object.entries(business)) await owner.query(...insertOf(table, row));
    await owner.query('COMMIT');
  });
  for (const [table, row] of Object.entries(people)) {
    await database.pools.query('identity', ...insertOf(table, row));
  }
  for (const [table, row] of Object.entries(chain)) {
    await database.pools.query('audit_append', ...insertOf(table, row));
  }
  return { id, rows: { ...business, ...people, ...chain } };
}

export function insertOf(
  table: string,
  row: Readonly<Record<string, unknown>>,
): [string, unknown[]] {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  const text = `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()})`;
  return [text, Object.values(row)];
}
