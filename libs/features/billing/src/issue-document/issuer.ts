import type { IssuerProfile } from '@getupnet/ecf';
import type { TenantContext } from '@getupnet/tenant-context';

/** The issuer block of a tenant's documents; the RNC is the tenant's, whatever its profile says. */
export function issuerOf(tenant: TenantContext): IssuerProfile {
  const profile: Partial<IssuerProfile> = tenant.profile;
  return {
    ...profile,
    RNCEmisor: tenant.rnc,
    RazonSocialEmisor: profile.RazonSocialEmisor ?? tenant.tenantName,
    DireccionEmisor: profile.DireccionEmisor ?? '',
  };
}
