import {
  PLATFORM_PERMISSIONS,
  TENANT_PERMISSIONS,
  type PlatformPermission,
  type TenantPermission,
} from './permissions.js';

/** Roles of the operator's people. */
export const PLATFORM_ROLES = {
  super_admin: PLATFORM_PERMISSIONS,
  platform_admin: PLATFORM_PERMISSIONS.filter((one) => one !== 'PLATFORM_USER_MANAGE'),
} as const satisfies Readonly<Record<string, readonly PlatformPermission[]>>;

/**
 * Roles every tenant has; they mirror the delegations of DGII's Oficina Virtual (administrador, firmante
 * autorizado, aprobador comercial). A tenant may make roles of its own beside them.
 */
export const TENANT_ROLES = {
  tenant_admin: TENANT_PERMISSIONS,
  signer: [
    'TENANT_INVOICE_READ',
    'TENANT_INVOICE_EMIT',
    'TENANT_RFCE_SUBMIT',
    'TENANT_CERT_UPLOAD',
    'TENANT_SEQUENCE_MANAGE',
  ],
  approver: ['TENANT_INVOICE_READ', 'TENANT_APPROVAL_SEND'],
  operator: ['TENANT_INVOICE_READ', 'TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
  viewer: ['TENANT_INVOICE_READ', 'TENANT_AUDIT_VIEW'],
} as const satisfies Readonly<Record<string, readonly TenantPermission[]>>;

export type PlatformRole = keyof typeof PLATFORM_ROLES;
export type TenantRole = keyof typeof TENANT_ROLES;

export const isPlatformRole = (name: string): name is PlatformRole =>
  Object.hasOwn(PLATFORM_ROLES, name);
export const isTenantRole = (name: string): name is TenantRole => Object.hasOwn(TENANT_ROLES, name);
