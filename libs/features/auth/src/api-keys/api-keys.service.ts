import type {
  ApiKeyList,
  ApiKeyView,
  CreateApiKey,
  NewApiKeyView,
  PageQuery,
  RotateApiKey,
  TenantPermission,
} from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import { TenantDb, type Tx } from '@getupnet/persistence';
import { TenantAccess, newApiKey } from '@getupnet/rbac';
import { Injectable } from '@nestjs/common';
import { assertHolds, type TenantPerson } from '../users/acting-person.js';
import { Paging } from '../users/paging.js';
import { PeopleChanges } from '../users/people-changes.js';
import { permissionsOfRole } from '../users/role-choice.js';
import { ApiKeyRepository, type StoredApiKey } from './api-key.repository.js';

const HOUR_MS = 60 * 60 * 1000;

interface Wanted {
  readonly name: string;
  readonly permissions: readonly TenantPermission[];
  readonly allowedCidrs: readonly string[];
  readonly expiresAt: Date | null;
}

/** A company's keys for its programs. A key is shown to who makes it, once; only its hash stays. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly db: TenantDb,
    private readonly changes: PeopleChanges,
    private readonly keys: ApiKeyRepository,
    private readonly access: TenantAccess,
    private readonly paging: Paging,
  ) {}

  async list(tenantId: string, query: PageQuery): Promise<ApiKeyList> {
    const { rows, nextCursor } = await this.paging.read(
      { name: 'api-keys', tenantId },
      query,
      (page) => this.db.run({ tenantId }, (tx) => this.keys.list(tx, page)),
      ({ id }) => id,
    );
    const now = this.changes.now();
    return { data: rows.map((row) => present(row, now)), nextCursor };
  }

  /** Rejects with `auth.forbidden` for permissions the person does not have. */
  async create(person: TenantPerson, request: CreateApiKey): Promise<NewApiKeyView> {
    const { name, permissions, allowedCidrs } = request;
    const expiresAt = this.future(request.expiresAt) ?? null;
    await this.assertMayGive(person, permissions);
    return this.db.run(person, async (tx) => {
      const made = await this.add(tx, person, { name, permissions, allowedCidrs, expiresAt });
      const after = { name, permissions, allowedCidrs, expiresAt: iso(expiresAt) };
      await this.changes.tell(tx, person, { type: 'api_key.created', subjectId: made.id, after });
      return made;
    });
  }

  /** The same key anew; the old one works on until its grace is over. */
  async rotate(person: TenantPerson, id: string, request: RotateApiKey): Promise<NewApiKeyView> {
    const stated = this.future(request.expiresAt);
    const known = await this.db.run(person, (tx) => this.existing(tx, person, id));
    // Whoever rotates a key holds it afterwards, and a key never gains permissions.
    await this.assertMayGive(person, permissionsOfRole(null, known.permissions));
    const made = await this.db.run(person, async (tx) => {
      const old = await this.existing(tx, person, id);
      const now = this.changes.now();
      if (stateOf(old, now) !== 'ACTIVE') throw new AppError('key.state');
      const wanted = {
        name: old.name,
        permissions: permissionsOfRole(null, old.permissions),
        allowedCidrs: old.allowedCidrs,
        expiresAt: stated ?? successorExpiry(old, now),
      };
      const successor = await this.add(tx, person, wanted);
      const expiresAt = graceEnd(old, now, request.graceHours);
      await this.keys.replace(
        tx,
        { tenantId: person.tenantId, id },
        { replacedBy: successor.id, expiresAt },
      );
      const before = { expiresAt: iso(old.expiresAt) };
      const after = { expiresAt: iso(expiresAt), replacedBy: successor.id };
      await this.changes.tell(tx, person, {
        type: 'api_key.rotated',
        subjectId: id,
        before,
        after,
      });
      return successor;
    });
    await this.forget(person, id);
    return made;
  }

  /** Works no more: here at once, elsewhere within ten seconds. */
  async revoke(person: TenantPerson, id: string): Promise<void> {
    await this.changes.heldBy(person, 'TENANT_USER_MANAGE');
    await this.db.run(person, async (tx) => {
      const { revokedAt, name } = await this.existing(tx, person, id);
      if (revokedAt !== null) return;
      const now = this.changes.now();
      await this.keys.revoke(tx, person.tenantId, id, now);
      const before = { name, revokedAt: null };
      const after = { name, revokedAt: iso(now) };
      await this.changes.tell(tx, person, {
        type: 'api_key.revoked',
        subjectId: id,
        before,
        after,
      });
    });
    await this.forget(person, id);
  }

  private async assertMayGive(
    person: TenantPerson,
    permissions: readonly TenantPermission[],
  ): Promise<void> {
    const held = await this.changes.heldBy(person, 'TENANT_USER_MANAGE');
    assertHolds(held, permissions);
  }

  private async add(tx: Tx, person: TenantPerson, wanted: Wanted): Promise<NewApiKeyView> {
    const { key, hash, prefix } = newApiKey();
    const createdAt = this.changes.now();
    const row = { id: newId(), ...wanted, prefix, createdAt, createdBy: person.userId };
    await this.keys.add(tx, { ...row, tenantId: person.tenantId, hash });
    const stored = { ...row, revokedAt: null, lastUsedAt: null, replacedBy: null };
    return { ...present(stored, createdAt), key };
  }

  private async existing(tx: Tx, { tenantId }: TenantPerson, id: string): Promise<StoredApiKey> {
    const key = await this.keys.hold(tx, tenantId, id);
    if (key === null) throw new AppError('resource.not_found');
    return key;
  }

  /** After the commit, so that what is looked up next is what it is now. */
  private async forget(person: TenantPerson, id: string): Promise<void> {
    const hashes = await this.db.run(person, (tx) => this.keys.hashes(tx, person.tenantId, id));
    for (const hash of hashes) this.access.forget(hash);
  }

  private future(expiresAt: string | undefined): Date | undefined {
    if (expiresAt === undefined) return undefined;
    const at = new Date(expiresAt);
    if (at.getTime() > this.changes.now().getTime()) return at;
    const violation = {
      pointer: '/expiresAt',
      code: 'schema.value',
      message: 'La clave vencería antes de servir: indique una fecha futura.',
    };
    throw new AppError('validation.failed', {}, { errors: [violation] });
  }
}

/** It lives as long as the one before it would have from its beginning. */
function successorExpiry({ createdAt, expiresAt }: StoredApiKey, now: Date): Date | null {
  if (expiresAt === null) return null;
  return new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
}

/** A grace never makes a key live longer. */
function graceEnd({ expiresAt }: StoredApiKey, now: Date, hours: number): Date {
  const end = now.getTime() + hours * HOUR_MS;
  return new Date(Math.min(end, expiresAt?.getTime() ?? end));
}

function stateOf(key: StoredApiKey, now: Date): ApiKeyView['state'] {
  if (key.revokedAt !== null) return 'REVOKED';
  if (key.expiresAt !== null && key.expiresAt.getTime() <= now.getTime()) return 'EXPIRED';
  return key.replacedBy === null ? 'ACTIVE' : 'REPLACED';
}

function present(key: StoredApiKey, now: Date): ApiKeyView {
  const { id, name, prefix, createdBy, replacedBy } = key;
  return {
    ...{ id, name, prefix },
    state: stateOf(key, now),
    permissions: [...permissionsOfRole(null, key.permissions)],
    allowedCidrs: [...key.allowedCidrs],
    createdAt: key.createdAt.toISOString(),
    createdBy,
    expiresAt: iso(key.expiresAt),
    revokedAt: iso(key.revokedAt),
    lastUsedAt: iso(key.lastUsedAt),
    replacedBy,
  };
}

function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
