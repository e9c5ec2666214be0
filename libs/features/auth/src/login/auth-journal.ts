import { AuditLog, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';

/** Something about a person's account or login. */
export interface AuthEntry {
  /** `auth.what_happened` */
  readonly type: string;
  /** Null where nobody has the account. */
  readonly userId: string | null;
  /** Unless it was the person. */
  readonly actor?: 'anonymous' | 'installation';
  readonly payload: object;
}

/** Audit entries about logins: in the company's chain that they concern, otherwise the platform's. */
@Injectable()
export class AuthJournal {
  constructor(
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
  ) {}

  async ofTenant(tx: Tx, tenantId: string | null, entry: AuthEntry): Promise<void> {
    const { type, userId, payload } = entry;
    await this.audit.append(tx, {
      ...{ tenantId: tenantId ?? PLATFORM_TENANT_ID, type, subjectId: userId, payload },
      actor: entry.actor ?? `user:${userId ?? 'unknown'}`,
    });
  }

  /** Of the person's only company; about whom has several or none, of the platform. */
  async ofHome(tx: Tx, userId: string, entry: AuthEntry): Promise<void> {
    await this.ofTenant(tx, await this.accounts.homeOf(tx, userId), entry);
  }
}
