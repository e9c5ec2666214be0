import {
  PEOPLE_ROUTES,
  changePlatformUserSchema,
  invitationListSchema,
  invitePlatformUserSchema,
  newInvitationSchema,
  pageQuerySchema,
  personIdSchema,
  platformMemberListSchema,
  platformMemberSchema,
  type ChangePlatformUser,
  type InvitationList,
  type InvitePlatformUser,
  type NewInvitationView,
  type PageQuery,
  type PlatformMemberList,
  type PlatformMemberView,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { actingForPlatform } from './acting-person.js';
import { Invitations } from './invitations.service.js';
import { PlatformMembers } from './platform-members.service.js';

const MANAGE = {
  listener: 'public',
  scope: 'PLATFORM',
  permission: 'PLATFORM_USER_MANAGE',
} as const;

/** The operator's own people. */
@Controller()
export class PlatformUsersController {
  constructor(
    private readonly members: PlatformMembers,
    private readonly invitations: Invitations,
  ) {}

  @Endpoint('GET', PEOPLE_ROUTES.platformUsers, {
    ...MANAGE,
    summary: 'The operator’s people, newest first',
    request: { query: pageQuerySchema },
    response: platformMemberListSchema,
    problems: ['cursor.invalid'],
  })
  list(@Query() query: PageQuery): Promise<PlatformMemberList> {
    return this.members.list(query);
  }

  @Endpoint('POST', PEOPLE_ROUTES.platformUsers, {
    ...MANAGE,
    summary: 'Invite one of the operator’s people; the token is shown once',
    status: 201,
    request: { body: invitePlatformUserSchema },
    response: newInvitationSchema,
    problems: ['user.already_member'],
  })
  invite(
    @CurrentUser() user: UserContext,
    @Body() body: InvitePlatformUser,
  ): Promise<NewInvitationView> {
    return this.invitations.inviteToPlatform(actingForPlatform(user), body);
  }

  @Endpoint('PATCH', PEOPLE_ROUTES.platformUser, {
    ...MANAGE,
    summary: 'Another role, suspend, reactivate; all sessions of the person end',
    request: { params: personIdSchema, body: changePlatformUserSchema },
    response: platformMemberSchema,
    problems: ['user.last_admin', 'resource.not_found'],
  })
  change(
    @Param('id') id: string,
    @CurrentUser() user: UserContext,
    @Body() body: ChangePlatformUser,
  ): Promise<PlatformMemberView> {
    return this.members.change(actingForPlatform(user), id, body);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.platformUser, {
    ...MANAGE,
    summary: 'Take somebody out of the operator’s people; the account stays',
    status: 204,
    request: { params: personIdSchema },
    problems: ['user.last_admin', 'resource.not_found'],
  })
  remove(@Param('id') id: string, @CurrentUser() user: UserContext): Promise<void> {
    return this.members.remove(actingForPlatform(user), id);
  }

  @Endpoint('GET', PEOPLE_ROUTES.platformInvitations, {
    ...MANAGE,
    summary: 'Invitations to the operator’s people, newest first, without their tokens',
    request: { query: pageQuerySchema },
    response: invitationListSchema,
    problems: ['cursor.invalid'],
  })
  listInvitations(@Query() query: PageQuery): Promise<InvitationList> {
    return this.invitations.list(null, query);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.platformInvitation, {
    ...MANAGE,
    summary: 'Revoke an invitation nobody has accepted yet',
    status: 204,
    request: { params: personIdSchema },
    problems: ['resource.not_found'],
  })
  revokeInvitation(@Param('id') id: string, @CurrentUser() user: UserContext): Promise<void> {
    return this.invitations.revoke(actingForPlatform(user), id);
  }
}
