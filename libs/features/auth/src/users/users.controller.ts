import {
  PEOPLE_ROUTES,
  changeUserSchema,
  inviteUserSchema,
  memberListSchema,
  memberSchema,
  newInvitationSchema,
  pageQuerySchema,
  personIdSchema,
  type ChangeUser,
  type InviteUser,
  type Member,
  type MemberList,
  type NewInvitationView,
  type PageQuery,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import {
  CurrentTenant,
  CurrentUser,
  type TenantContext,
  type UserContext,
} from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { actingIn } from './acting-person.js';
import { Invitations } from './invitations.service.js';
import { Members } from './members.service.js';
import { MANAGES_PEOPLE } from './manages-people.js';

/** The people of a company. Changes are a person's to make: an API key is refused. */
@Controller()
export class UsersController {
  constructor(
    private readonly members: Members,
    private readonly invitations: Invitations,
  ) {}

  @Endpoint('GET', PEOPLE_ROUTES.users, {
    ...MANAGES_PEOPLE,
    summary: 'The company’s users, newest first',
    request: { query: pageQuerySchema },
    response: memberListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() { tenantId }: TenantContext,
    @Query() query: PageQuery,
  ): Promise<MemberList> {
    return this.members.list(tenantId, query);
  }

  @Endpoint('POST', PEOPLE_ROUTES.users, {
    ...MANAGES_PEOPLE,
    summary: 'Invite a person; the token is shown once',
    description:
      'An open invitation of the same address is revoked. Nobody can give a role that allows more than they may themselves.',
    status: 201,
    request: { body: inviteUserSchema },
    response: newInvitationSchema,
    problems: ['user.already_member', 'resource.not_found'],
  })
  invite(
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: InviteUser,
  ): Promise<NewInvitationView> {
    return this.invitations.invite(actingIn(tenant, user), body);
  }

  @Endpoint('PATCH', PEOPLE_ROUTES.user, {
    ...MANAGES_PEOPLE,
    summary: 'Another role, suspend, reactivate; the user’s sessions in the company end',
    request: { params: personIdSchema, body: changeUserSchema },
    response: memberSchema,
    problems: ['user.last_admin', 'resource.not_found'],
  })
  change(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: ChangeUser,
  ): Promise<Member> {
    return this.members.change(actingIn(tenant, user), id, body);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.user, {
    ...MANAGES_PEOPLE,
    summary: 'Take a user out of the company; the account stays',
    status: 204,
    request: { params: personIdSchema },
    problems: ['user.last_admin', 'resource.not_found'],
  })
  remove(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
  ): Promise<void> {
    return this.members.remove(actingIn(tenant, user), id);
  }
}
