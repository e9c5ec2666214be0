import { AuditLog, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';

export interface CompanyReport {
  /** `area.what_happened` */
  readonly type: string;
  readonly tenantId: string;
  /** The company itself unless told. */
  readonly subjectId?: string;
  readonly payload: object;
}

/** TEN-2, AUD-3: what the operator does to a company is told to the company and to the operator. */
@Injectable()
export class CompanyReports {
  constructor(private readonly audit: AuditLog) {}

  async tell(tx: Tx, operator: UserContext, report: CompanyReport): Promise<void> {
    const { type, tenantId, subjectId = tenantId } = report;
    const actor = `operator:${operator.userId}`;
    const payload = { ...report.payload, operator: operator.name };
    await this.audit.append(tx, { tenantId, type, subjectId, actor, payload });
    await this.audit.append(tx, {
      tenantId: PLATFORM_TENANT_ID,
      type,
      subjectId,
      actor,
      payload: { ...payload, tenantId },
    });
  }
}
