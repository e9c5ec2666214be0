import { admin } from '@getupnet/feature-admin';
import { audit } from '@getupnet/feature-audit';
import { auth } from '@getupnet/feature-auth';
import { billing } from '@getupnet/feature-billing';
import { dgiiClient, dgiiGatewayLocal } from '@getupnet/feature-dgii-client';
import { sign, signLocal } from '@getupnet/feature-sign';
import type { ServiceDefinition } from '@getupnet/platform';

/** Every service, its ports answered in the same process. */
export function allServices(): readonly ServiceDefinition[] {
  const dgii = dgiiGatewayLocal({ sign: signLocal });
  return [
    auth(),
    admin(),
    audit(),
    sign(),
    dgiiClient({ sign: signLocal }),
    billing({ sign: signLocal, dgii }),
  ];
}
