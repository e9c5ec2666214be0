import {
  ADMIN_ROUTES,
  MEMBER_STATUSES,
  companyParamsSchema,
  inviteAdministratorSchema,
  memberListSchema,
  newInvitationSchema,
  pageQuerySchema,
  type InviteAdministrator as Invitee,
  type Member,
  type MemberList,
  type NewInvitationView,
  type PageQuery,
} from '@getupnet/contracts';
import { CursorCodec, IdentityDb } from '@getupnet/persistence';
import { Endpoint } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { CompanyRepository } from '../companies/company.repository.js';
import { InviteAdministrator } from './invite-administrator.use-case.js';
import { PeopleRepository, type StoredMember } from './people.repository.js';

const CURSOR = 'company-users';

/** People of a company, as far as the operator has to do with them. */
@Controller()
export class AdministratorsController {
  constructor(
    private readonly inviting: InviteAdministrator,
    private readonly db: IdentityDb,
    private readonly companies: CompanyRepository,
    private readonly people: PeopleRepository,
    private readonly cursors: CursorCodec,
  ) {}

  @Endpoint('GET', ADMIN_ROUTES.companyUsers, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: ['PLATFORM_TENANT_VIEW', 'PLATFORM_TENANT_MANAGE'],
    summary: 'List the users of a company',
    request: { params: companyParamsSchema, query: pageQuerySchema },
    response: memberListSchema,
    problems: ['resource.not_found', 'cursor.invalid'],
  })
  async users(@Param('id') id: string, @Query() query: PageQuery): Promise<MemberList> {
    const { cursor, limit } = query;
    const before = cursor === undefined ? null : this.cursors.decode(id, CURSOR, cursor);
    const rows = await this.db.run(async (tx) => {
      await this.companies.find(tx, id);
      return this.people.list(tx, id, { before, limit: limit + 1 });
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      data: page.map(present),
      nextCursor: more ? this.cursors.encode(id, CURSOR, last.userId) : null,
    };
  }

  @Endpoint('POST', ADMIN_ROUTES.administrators, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_TENANT_MANAGE',
    summary: 'Invite an administrator of a company; the token is shown this once',
    status: 201,
    request: { params: companyParamsSchema, body: inviteAdministratorSchema },
    response: newInvitationSchema,
    problems: ['resource.not_found', 'user.already_member', 'tenant.suspended'],
  })
  invite(
    @CurrentUser() operator: UserContext,
    @Param('id') id: string,
    @Body() body: Invitee,
  ): Promise<NewInvitationView> {
    return this.inviting.run(operator, id, body);
  }
}

function present({ userId: id, role, roleId, user, customRole, ...member }: StoredMember): Member {
  const status = MEMBER_STATUSES.find((one) => one === member.status);
  if (status === undefined) throw new Error(`unknown status of a member ${member.status}`);
  return {
    ...{ id, email: user.email, name: user.name, role, roleId, status },
    roleName: customRole?.name ?? role ?? '',
    mfaEnrolled: user.totpEnrolledAt !== null,
    createdAt: member.createdAt.toISOString(),
  };
}
