import { ADMIN_ROUTES, type Company } from '@getupnet/contracts';
import type { StoredCompany } from './company.repository.js';
import { findingsOn } from './issuer-profile.js';

export function presentCompany(company: StoredCompany): Company {
  const at = (route: string): string => route.replace(':id', company.id);
  return {
    ...company,
    profile: { ...company.profile },
    findings: findingsOn(company.rnc),
    createdAt: company.createdAt.toISOString(),
    updatedAt: company.updatedAt.toISOString(),
    links: {
      self: at(ADMIN_ROUTES.company),
      users: at(ADMIN_ROUTES.companyUsers),
      administrators: at(ADMIN_ROUTES.administrators),
    },
  };
}
