import type { AcceptInvitation, AcceptedInvitation } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { isUniqueViolation, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { hashToken } from '../sessions/opaque-token.js';
import type { ClientFacts } from '../sessions/sessions.js';
import { InvitationRepository, type StoredInvitation } from './invitation.repository.js';
import { Invitees, type Invitee } from './invitee.js';
import { MemberRepository } from './member.repository.js';
import { PeopleChanges } from './people-changes.js';
import { PlatformMemberRepository } from './platform-member.repository.js';

/**
 * AUT-7: an invitation becomes a membership, once. Who has an account already shows that it is theirs;
 * passwords are tried here no more often than at the login.
 */
@Injectable()
export class AcceptInvitationUseCase {
  constructor(
    private readonly changes: PeopleChanges,
    private readonly invitations: InvitationRepository,
    private readonly invitees: Invitees,
    private readonly members: MemberRepository,
    private readonly platformMembers: PlatformMemberRepository,
  ) {}

  async run(request: AcceptInvitation, from: ClientFacts): Promise<AcceptedInvitation> {
    const hash = hashToken(request.token);
    const invitation = await this.changes.read(async (tx) => {
      const open = await this.openInvitation(tx, hash);
      return { ...open, isKnown: await this.invitees.isKnown(tx, open) };
    });
    const invitee = await this.invitees.prove(invitation, request, from);
    try {
      return await this.changes.read((tx) => this.take(tx, hash, invitee, from));
    } catch (error) {
      // Another invitation of theirs made the account in this moment: now it is known.
      if (isUniqueViolation(error)) throw new AppError('auth.token_invalid', {}, { cause: error });
      throw error;
    }
  }

  private async openInvitation(tx: Tx, hash: string): Promise<StoredInvitation> {
    const found = await this.invitations.findByHash(tx, hash);
    if (found === null || found.acceptedAt !== null || found.revokedAt !== null) {
      throw new AppError('auth.token_invalid');
    }
    if (found.expiresAt.getTime() <= this.changes.now().getTime()) {
      throw new AppError('auth.token_expired');
    }
    const { tenant, ...invitation } = found;
    if (tenant !== null && tenant.status !== 'ACTIVE') throw new AppError('tenant.suspended');
    return invitation;
  }

  /** Of many at once one gets past the second line. */
  private async take(
    tx: Tx,
    hash: string,
    invitee: Invitee,
    from: ClientFacts,
  ): Promise<AcceptedInvitation> {
    const invitation = await this.openInvitation(tx, hash);
    const isFirst = await this.invitations.accept(tx, invitation.id, this.changes.now());
    if (!isFirst) throw new AppError('auth.token_invalid');
    const userId = await this.invitees.accountOf(tx, invitation, invitee, from);
    await this.join(tx, invitation, userId);
    const { id: invitationId, tenantId, role, roleId, invitedBy } = invitation;
    const account = invitee.kind;
    const themselves = { tenantId, actor: `user:${userId}`, reason: null };
    await this.changes.tell(tx, themselves, {
      type: 'user.joined',
      subjectId: userId,
      after: { role, roleId, status: 'ACTIVE', invitationId, invitedBy, account },
    });
    return { userId, tenantId };
  }

  private async join(
    tx: Tx,
    { tenantId, email, role, roleId }: StoredInvitation,
    userId: string,
  ): Promise<void> {
    if (tenantId !== null) {
      if (await this.members.hasEmail(tx, tenantId, email)) {
        throw new AppError('user.already_member');
      }
      await this.members.add(tx, { tenantId, userId, role, roleId });
      return;
    }
    if (await this.platformMembers.hasEmail(tx, email)) throw new AppError('user.already_member');
    // A platform invitation names a role of the platform; any other would allow nothing.
    await this.platformMembers.add(tx, userId, role ?? '');
  }
}
