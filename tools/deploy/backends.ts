import type { Backend } from './traefik-rules.js';

/** Containers with a public listener; docker-compose.yml gives them these names. */
export const BACKENDS: Readonly<Record<string, Backend>> = {
  admin: { host: 'admin', port: 8080 },
  audit: { host: 'audit', port: 8080 },
  auth: { host: 'auth', port: 8080 },
  billing: { host: 'billing', port: 8080 },
};

/** Who answers for the gateway itself: /healthz and the public OpenAPI document. */
export const GATEWAY_SERVICE = 'billing';

export const TRAEFIK_RULES = 'deploy/traefik/dynamic/routes.yml';
