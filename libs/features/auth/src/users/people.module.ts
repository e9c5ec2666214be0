import { PersistenceModule } from '@getupnet/persistence';
import { PlatformAccessModule, TenantAccessModule } from '@getupnet/rbac';
import { Module } from '@nestjs/common';
import { ApiKeyRepository } from '../api-keys/api-key.repository.js';
import { ApiKeysController } from '../api-keys/api-keys.controller.js';
import { ApiKeys } from '../api-keys/api-keys.service.js';
import { AuthCoreModule } from '../auth.modules.js';
import { RolesController } from '../roles/roles.controller.js';
import { Roles } from '../roles/roles.service.js';
import { TenantRoleRepository } from '../roles/tenant-role.repository.js';
import { AcceptInvitationUseCase } from './accept-invitation.use-case.js';
import { InvitationRepository } from './invitation.repository.js';
import { InvitationsController } from './invitations.controller.js';
import { Invitations } from './invitations.service.js';
import { Invitees } from './invitee.js';
import { MemberRepository } from './member.repository.js';
import { Members } from './members.service.js';
import { Paging } from './paging.js';
import { PeopleChanges } from './people-changes.js';
import { PlatformMemberRepository } from './platform-member.repository.js';
import { PlatformMembers } from './platform-members.service.js';
import { PlatformUsersController } from './platform-users.controller.js';
import { Standing } from './standing.js';
import { UsersController } from './users.controller.js';

/** People of companies and of the operator, their roles, and the companies' API keys. */
@Module({
  imports: [AuthCoreModule, PersistenceModule, TenantAccessModule, PlatformAccessModule],
  controllers: [
    UsersController,
    InvitationsController,
    PlatformUsersController,
    RolesController,
    ApiKeysController,
  ],
  providers: [
    Paging,
    Standing,
    PeopleChanges,
    MemberRepository,
    PlatformMemberRepository,
    InvitationRepository,
    TenantRoleRepository,
    ApiKeyRepository,
    Members,
    PlatformMembers,
    Invitations,
    Invitees,
    AcceptInvitationUseCase,
    Roles,
    ApiKeys,
  ],
})
export class PeopleHttpModule {}
