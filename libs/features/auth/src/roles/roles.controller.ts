import {
  PEOPLE_ROUTES,
  personIdSchema,
  roleListSchema,
  roleViewSchema,
  tenantRoleSchema,
  type RoleView,
  type TenantRoleInput,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import {
  CurrentTenant,
  CurrentUser,
  type TenantContext,
  type UserContext,
} from '@getupnet/tenant-context';
import { Body, Controller, Param } from '@nestjs/common';
import { actingIn } from '../users/acting-person.js';
import { Roles } from './roles.service.js';
import { MANAGES_PEOPLE } from '../users/manages-people.js';

/** Roles of a company. */
@Controller()
export class RolesController {
  constructor(private readonly roles: Roles) {}

  @Endpoint('GET', PEOPLE_ROUTES.roles, {
    ...MANAGES_PEOPLE,
    summary: 'Roles every company has, then the company’s own by name',
    response: roleListSchema,
  })
  list(@CurrentTenant() { tenantId }: TenantContext): Promise<{ data: RoleView[] }> {
    return this.roles.list(tenantId);
  }

  @Endpoint('POST', PEOPLE_ROUTES.roles, {
    ...MANAGES_PEOPLE,
    summary: 'Make a role; it allows no more than its maker may',
    status: 201,
    request: { body: tenantRoleSchema },
    response: roleViewSchema,
    problems: ['role.name_taken', 'role.too_many'],
  })
  create(
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: TenantRoleInput,
  ): Promise<RoleView> {
    return this.roles.create(actingIn(tenant, user), body);
  }

  @Endpoint('PUT', PEOPLE_ROUTES.role, {
    ...MANAGES_PEOPLE,
    summary: 'Change one of the company’s own roles, for everybody who has it',
    request: { params: personIdSchema, body: tenantRoleSchema },
    response: roleViewSchema,
    problems: ['role.name_taken', 'resource.not_found'],
  })
  change(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: TenantRoleInput,
  ): Promise<RoleView> {
    return this.roles.change(actingIn(tenant, user), id, body);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.role, {
    ...MANAGES_PEOPLE,
    summary: 'Delete a role nobody has',
    status: 204,
    request: { params: personIdSchema },
    problems: ['role.in_use', 'resource.not_found'],
  })
  remove(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
  ): Promise<void> {
    return this.roles.remove(actingIn(tenant, user), id);
  }
}
