import type { Company, CompanyList, CreateCompany, ListCompaniesQuery } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { CursorCodec, IdentityDb, PLATFORM_TENANT_ID } from '@getupnet/persistence';
import type { UserContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { CompanyReports } from './company-reports.js';
import { CompanyRepository } from './company.repository.js';
import { checkProfile } from './issuer-profile.js';
import { presentCompany } from './present-company.js';
import { ProductionRule } from './production-rule.js';

const CURSOR = 'companies';

/** Registering companies, and looking at them. */
@Injectable()
export class CompaniesService {
  constructor(
    private readonly db: IdentityDb,
    private readonly companies: CompanyRepository,
    private readonly production: ProductionRule,
    private readonly reports: CompanyReports,
    private readonly cursors: CursorCodec,
  ) {}

  /** Rejects with `company.exists`, `validation.failed` or `env.forbidden`. */
  async create(operator: UserContext, command: CreateCompany): Promise<Company> {
    checkProfile(command);
    this.production.check(command);
    const { rnc } = command;
    const company = await this.db.run(async (tx) => {
      // Two companies of one taxpayer would use each number of DGII's ranges twice.
      if (!(await this.companies.claimRnc(tx, rnc))) throw new AppError('company.exists', { rnc });
      const added = await this.companies.add(tx, { ...command, status: 'ACTIVE' });
      await this.reports.tell(tx, operator, {
        type: 'company.created',
        tenantId: added.id,
        payload: { before: null, after: { ...command, status: added.status } },
      });
      return added;
    });
    return presentCompany(company);
  }

  /** Rejects with `resource.not_found`. */
  async get(id: string): Promise<Company> {
    return presentCompany(await this.db.run((tx) => this.companies.find(tx, id)));
  }

  /** Newest first. Rejects with `cursor.invalid`. */
  async list({ cursor, limit, ...filter }: ListCompaniesQuery): Promise<CompanyList> {
    const before =
      cursor === undefined ? null : this.cursors.decode(PLATFORM_TENANT_ID, CURSOR, cursor);
    const rows = await this.db.run((tx) =>
      this.companies.list(tx, { ...filter, before, limit: limit + 1 }),
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      data: page.map(presentCompany),
      nextCursor: more ? this.cursors.encode(PLATFORM_TENANT_ID, CURSOR, last.id) : null,
    };
  }
}
