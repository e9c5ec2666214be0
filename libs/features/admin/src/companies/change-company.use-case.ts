import type { ChangeCompany as Change, Company, CompanyStatus } from '@getupnet/contracts';
import { canonicalJson, type Json } from '@getupnet/kernel';
import { IdentityDb, type Tx } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { CompanyReports } from './company-reports.js';
import {
  CompanyRepository,
  type CompanySettings,
  type StoredCompany,
} from './company.repository.js';
import { checkProfile } from './issuer-profile.js';
import { presentCompany } from './present-company.js';
import { ProductionRule } from './production-rule.js';
import { SuspendedSessions } from './suspended-sessions.js';

const SETTINGS = [
  'name',
  'profile',
  'environment',
  'productionEnabled',
  'urls',
  'status',
] as const satisfies readonly (keyof CompanySettings)[];

/** How the audit names a change of status; any other change is `company.changed`. */
const STATUS_EVENT: Readonly<Record<CompanyStatus, string>> = {
  ACTIVE: 'company.reactivated',
  FROZEN: 'company.frozen',
  SUSPENDED: 'company.suspended',
};

/** Profile, environment, production and status of a company; a suspension ends its sessions. */
@Injectable()
export class ChangeCompany {
  constructor(
    private readonly db: IdentityDb,
    private readonly companies: CompanyRepository,
    private readonly production: ProductionRule,
    private readonly sessions: SuspendedSessions,
    private readonly reports: CompanyReports,
  ) {}

  /** Rejects with `resource.not_found`, `validation.failed` or `env.forbidden`. */
  async run(operator: UserContext, id: string, change: Change): Promise<Company> {
    const { company, ended } = await this.db.run((tx) => this.change(tx, operator, id, change));
    this.sessions.forget(ended);
    return presentCompany(company);
  }

  private async change(
    tx: Tx,
    operator: UserContext,
    id: string,
    { reason, ...wanted }: Change,
  ): Promise<{ company: StoredCompany; ended: readonly string[] }> {
    const before = await this.companies.lock(tx, id);
    const wish = { ...before, ...stated(wanted) };
    const changed = SETTINGS.filter((name) => textOf(before[name]) !== textOf(wish[name]));
    if (changed.length === 0) return { company: before, ended: [] };
    if (changed.includes('name') || changed.includes('profile')) checkProfile(wish);
    if (changed.includes('environment') || changed.includes('productionEnabled')) {
      this.production.check(wish);
    }
    const company = await this.companies.change(tx, id, wish);
    const suspended = changed.includes('status') && company.status === 'SUSPENDED';
    const ended = suspended ? await this.sessions.end(tx, id) : [];
    await this.reports.tell(tx, operator, {
      type: changed.includes('status') ? STATUS_EVENT[company.status] : 'company.changed',
      tenantId: id,
      payload: {
        before: only(before, changed),
        after: only(company, changed),
        reason: reason ?? null,
        ...(suspended && { sessionsEnded: ended.length }),
      },
    });
    return { company, ended };
  }
}

/** Members that are there. */
function stated(wanted: Omit<Change, 'reason'>): Partial<CompanySettings> {
  const entries = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<CompanySettings>;
}

function only(company: StoredCompany, names: readonly (keyof CompanySettings)[]): object {
  return Object.fromEntries(names.map((name) => [name, company[name]]));
}

const textOf = (value: unknown): string => canonicalJson(value as Json);
