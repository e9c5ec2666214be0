import type { Environment } from '@getupnet/contracts';
import { requireProduction, type CheckOptions } from '../options.js';
import type { CheckSettings } from '../session.js';
import { failed, type Finding } from '../step.js';
import type { Installation } from './installation.js';
import { PortSigner } from './port-signer.js';

/** The check of a tenant, under the installation's own settings. */
export function tenantSettings(installation: Installation, options: CheckOptions): CheckSettings {
  const { tenant, sign, endpoints, baseUrl, statusKey } = installation;
  const environment = options.environment ?? tenant.environment;
  if (environment === 'ecf') requireProduction(options);
  const forbidden = productionFault(installation, environment);
  return {
    environment,
    rnc: tenant.rnc,
    endpoints,
    baseUrl,
    timeoutMs: options.timeoutMs,
    signer: new PortSigner({ sign, tenantId: tenant.id, forbidden }),
    statusKey,
  };
}

/** Production needs both switches, here as everywhere. */
function productionFault(
  { productionEnabled, tenant }: Installation,
  environment: Environment,
): Finding | null {
  if (environment !== 'ecf') return null;
  const missing = [
    !productionEnabled && 'el de la instalación (DGII_PRODUCTION_ENABLED)',
    !tenant.productionEnabled && 'el del contribuyente',
  ].filter((text) => text !== false);
  if (missing.length === 0) return null;
  return failed(
    'tenant.production_off',
    `la producción está apagada: falta ${missing.join(' y ')}`,
    'Encienda ambos permisos cuando el contribuyente esté autorizado por la DGII como emisor.',
  );
}
