import { TENANT_ROLES, type RoleView, type TenantRoleInput } from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import { isUniqueViolation } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { assertHolds, type TenantPerson } from '../users/acting-person.js';
import { Invitations } from '../users/invitations.service.js';
import { PeopleChanges } from '../users/people-changes.js';
import { permissionsOfRole } from '../users/role-choice.js';
import { TenantRoleRepository, type StoredTenantRole } from './tenant-role.repository.js';

/** Far more than a company has kinds of people; lists need no pages. */
const MOST_ROLES = 100;

const BUILT_IN: readonly RoleView[] = Object.entries(TENANT_ROLES).map(([name, permissions]) => ({
  id: null,
  name,
  builtIn: true,
  permissions: [...permissions],
}));

/** Roles: those every company has, which nobody changes, and a company's own. */
@Injectable()
export class Roles {
  constructor(
    private readonly changes: PeopleChanges,
    private readonly roles: TenantRoleRepository,
    private readonly invitations: Invitations,
  ) {}

  async list(tenantId: string): Promise<{ data: RoleView[] }> {
    const own = await this.changes.read((tx) => this.roles.list(tx, tenantId, MOST_ROLES));
    return { data: [...BUILT_IN, ...own.map(present)] };
  }

  async create(person: TenantPerson, { name, permissions }: TenantRoleInput): Promise<RoleView> {
    const { tenantId } = person;
    return this.named(name, () =>
      this.changes.make(person, 'TENANT_USER_MANAGE', async ({ tx, held }) => {
        assertHolds(held, permissions);
        if ((await this.roles.count(tx, tenantId)) >= MOST_ROLES) {
          throw new AppError('role.too_many', { limit: String(MOST_ROLES) });
        }
        const role = { id: newId(), name, permissions };
        await this.roles.add(tx, tenantId, role);
        const after = { name, permissions };
        await this.changes.tell(tx, person, { type: 'role.created', subjectId: role.id, after });
        return present(role);
      }),
    );
  }

  /** Whoever has the role may what it says within ten seconds. */
  async change(
    person: TenantPerson,
    id: string,
    { name, permissions }: TenantRoleInput,
  ): Promise<RoleView> {
    const { tenantId } = person;
    return this.named(name, () =>
      this.changes.make(person, 'TENANT_USER_MANAGE', async ({ tx, held, at }) => {
        const found = await this.existing(() => this.roles.find(tx, tenantId, id));
        const had = permissionsOfRole(null, found.permissions);
        assertHolds(held, had);
        assertHolds(held, permissions);
        const role = { id, name, permissions };
        await this.roles.change(tx, tenantId, role, at);
        if (had.some((permission) => !permissions.includes(permission))) {
          const holders = await this.roles.holders(tx, tenantId, id);
          await this.invitations.revokeThoseOf(tx, person, holders);
        }
        const before = { name: found.name, permissions: found.permissions };
        const after = { name, permissions };
        await this.changes.tell(tx, person, { type: 'role.changed', subjectId: id, before, after });
        return present(role);
      }),
    );
  }

  async remove(person: TenantPerson, id: string): Promise<void> {
    const { tenantId } = person;
    await this.changes.make(person, 'TENANT_USER_MANAGE', async ({ tx, held, at }) => {
      const found = await this.existing(() => this.roles.find(tx, tenantId, id));
      assertHolds(held, permissionsOfRole(null, found.permissions));
      const isUsed =
        (await this.roles.holders(tx, tenantId, id)).length > 0 ||
        (await this.roles.isOffered(tx, tenantId, id, at));
      if (isUsed) throw new AppError('role.in_use');
      await this.roles.remove(tx, tenantId, id);
      const before = { name: found.name, permissions: found.permissions };
      await this.changes.tell(tx, person, { type: 'role.removed', subjectId: id, before });
    });
  }

  private async existing(find: () => Promise<StoredTenantRole | null>): Promise<StoredTenantRole> {
    const role = await find();
    if (role === null) throw new AppError('resource.not_found');
    return role;
  }

  private async named(name: string, work: () => Promise<RoleView>): Promise<RoleView> {
    try {
      return await work();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AppError('role.name_taken', { name }, { cause: error });
    }
  }
}

function present({ id, name, permissions }: StoredTenantRole): RoleView {
  return { id, name, builtIn: false, permissions: [...permissionsOfRole(null, permissions)] };
}
