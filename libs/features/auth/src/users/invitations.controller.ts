import {
  PEOPLE_ROUTES,
  acceptInvitationSchema,
  acceptedInvitationSchema,
  invitationListSchema,
  pageQuerySchema,
  personIdSchema,
  type AcceptInvitation,
  type AcceptedInvitation,
  type InvitationList,
  type PageQuery,
} from '@getupnet/contracts';
import { Endpoint, type HttpRequest } from '@getupnet/platform';
import {
  CurrentTenant,
  CurrentUser,
  type TenantContext,
  type UserContext,
} from '@getupnet/tenant-context';
import { Body, Controller, Param, Query, Req } from '@nestjs/common';
import { clientOf } from '../sessions/token-transport.js';
import { AcceptInvitationUseCase } from './accept-invitation.use-case.js';
import { actingIn } from './acting-person.js';
import { Invitations } from './invitations.service.js';

/** Invitations to a company, and how any invitation is taken up. */
@Controller()
export class InvitationsController {
  constructor(
    private readonly invitations: Invitations,
    private readonly accepting: AcceptInvitationUseCase,
  ) {}

  @Endpoint('GET', PEOPLE_ROUTES.invitations, {
    summary: 'The company’s invitations, newest first, without their tokens',
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_USER_MANAGE',
    request: { query: pageQuerySchema },
    response: invitationListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() { tenantId }: TenantContext,
    @Query() query: PageQuery,
  ): Promise<InvitationList> {
    return this.invitations.list(tenantId, query);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.invitation, {
    summary: 'Revoke an invitation nobody has accepted yet',
    listener: 'public',
    scope: 'TENANT',
    permission: 'TENANT_USER_MANAGE',
    status: 204,
    request: { params: personIdSchema },
    problems: ['resource.not_found'],
  })
  revoke(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
  ): Promise<void> {
    return this.invitations.revoke(actingIn(tenant, user), id);
  }

  @Endpoint('POST', PEOPLE_ROUTES.acceptInvitation, {
    summary: 'Take up an invitation, once: a new account, or one more membership of an old one',
    description: 'The person logs in afterwards. The password of an existing account is its own.',
    listener: 'public',
    scope: 'PUBLIC',
    status: 201,
    request: { body: acceptInvitationSchema },
    response: acceptedInvitationSchema,
    problems: [
      'auth.token_invalid',
      'auth.token_expired',
      'auth.invalid_credentials',
      'auth.locked',
      'tenant.suspended',
      'user.already_member',
    ],
  })
  accept(@Body() body: AcceptInvitation, @Req() request: HttpRequest): Promise<AcceptedInvitation> {
    return this.accepting.run(body, clientOf(request));
  }
}
