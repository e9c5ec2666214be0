import type { Parts } from './samples.js';

/**
 * How to call what its schemas alone do not say: rules between members, check digits, whole documents.
 * By method and path, as declared. Nothing else belongs here: a route that is missing and cannot be
 * called from its schemas fails the sweep by name.
 */
export const STATED_REQUESTS: Readonly<Record<string, Parts>> = {
  'PATCH /admin/companies/:id': { body: { name: 'Otra Empresa SRL' } },
  'PATCH /admin/users/:id': { body: { role: 'platform_admin' } },
  'PATCH /auth/users/:id': { body: { role: 'viewer' } },
  'POST /auth/users': {
    body: { email: 'nueva@example.com', name: 'Nueva Persona', role: 'viewer' },
  },
  'POST /auth/mfa/verify': { body: { challenge: `ch_${'a'.repeat(43)}`, code: '123456' } },
  'POST /tenant/contingencies/:id/paper': {
    body: {
      papers: [{ ncf: 'B0100009999', fechaEmision: '2026-11-21', montoTotal: '1180.00' }],
    },
  },
  'POST /tenant/sequences': { body: { tipo: 31, first: 1, last: 10, expiresOn: '2099-12-31' } },
};
