/** DGII's three environments, spelled as their path segments (Descripción Técnica v1.6, p. 5). */
export const ENVIRONMENTS = ['testecf', 'certecf', 'ecf'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export function isEnvironment(value: string): value is Environment {
  return (ENVIRONMENTS as readonly string[]).includes(value);
}

/** The services of one installation. */
export const SERVICES = [
  'auth',
  'sign',
  'dgii-client',
  'billing',
  'approval',
  'plans',
  'admin',
  'client',
  'audit',
  'odoo',
] as const;
export type ServiceName = (typeof SERVICES)[number];
