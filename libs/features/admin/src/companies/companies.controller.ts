import {
  ADMIN_ROUTES,
  changeCompanySchema,
  companyListSchema,
  companyParamsSchema,
  companySchema,
  createCompanySchema,
  listCompaniesQuerySchema,
  type ChangeCompany as Change,
  type Company,
  type CompanyList,
  type CreateCompany,
  type ListCompaniesQuery,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { CurrentUser, type UserContext } from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { ChangeCompany } from './change-company.use-case.js';
import { CompaniesService } from './companies.service.js';

/** Companies of this installation, for the operator. */
@Controller()
export class CompaniesController {
  constructor(
    private readonly companies: CompaniesService,
    private readonly changing: ChangeCompany,
  ) {}

  @Endpoint('GET', ADMIN_ROUTES.companies, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: ['PLATFORM_TENANT_VIEW', 'PLATFORM_TENANT_MANAGE'],
    summary: 'List companies, newest first',
    request: { query: listCompaniesQuerySchema },
    response: companyListSchema,
    problems: ['cursor.invalid'],
  })
  list(@Query() query: ListCompaniesQuery): Promise<CompanyList> {
    return this.companies.list(query);
  }

  @Endpoint('POST', ADMIN_ROUTES.companies, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_TENANT_MANAGE',
    summary: 'Register a company',
    status: 201,
    request: { body: createCompanySchema },
    response: companySchema,
    problems: ['company.exists', 'env.forbidden'],
  })
  create(@CurrentUser() operator: UserContext, @Body() body: CreateCompany): Promise<Company> {
    return this.companies.create(operator, body);
  }

  @Endpoint('GET', ADMIN_ROUTES.company, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: ['PLATFORM_TENANT_VIEW', 'PLATFORM_TENANT_MANAGE'],
    summary: 'Read a company',
    request: { params: companyParamsSchema },
    response: companySchema,
    problems: ['resource.not_found'],
  })
  get(@Param('id') id: string): Promise<Company> {
    return this.companies.get(id);
  }

  @Endpoint('PATCH', ADMIN_ROUTES.company, {
    listener: 'public',
    scope: 'PLATFORM',
    permission: 'PLATFORM_TENANT_MANAGE',
    summary: 'Change a company: its profile, environment, addresses or status',
    description:
      'FROZEN: everything is readable, nothing is issued or changed. SUSPENDED: nobody gets in, and ' +
      'its sessions end within a minute.',
    request: { params: companyParamsSchema, body: changeCompanySchema },
    response: companySchema,
    problems: ['resource.not_found', 'env.forbidden'],
  })
  change(
    @CurrentUser() operator: UserContext,
    @Param('id') id: string,
    @Body() body: Change,
  ): Promise<Company> {
    return this.changing.run(operator, id, body);
  }
}
