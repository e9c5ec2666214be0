export {
  ENVIRONMENTS,
  isEnvironment,
  SERVICES,
  type Environment,
  type ServiceName,
} from './environment.js';
export {
  DOCUMENT_STATES,
  FINAL_STATES,
  isDocumentState,
  isFinalState,
  type DocumentState,
} from './document-state.js';
export { DOCUMENT_QUEUE, documentJobSchema, type DocumentJob } from './jobs.js';
export {
  PLATFORM_PERMISSIONS,
  TENANT_PERMISSIONS,
  type Permission,
  type PlatformPermission,
  type TenantPermission,
} from './permissions.js';
export * from './ports/dgii-declarations.js';
export * from './ports/dgii-directory.js';
export * from './ports/dgii-gateway.port.js';
export * from './ports/sign.port.js';
export {
  PLATFORM_ROLES,
  TENANT_ROLES,
  isPlatformRole,
  isTenantRole,
  type PlatformRole,
  type TenantRole,
} from './roles.js';
export { PROBLEMS, isProblemCode, type ProblemCode, type ProblemDefinition } from './problems.js';
export * from './http/admin.js';
export * from './http/admin-documents.js';
export * from './http/audit.js';
export * from './http/auth.js';
export * from './http/billing.js';
export * from './http/contingency.js';
export * from './http/dgii.js';
export * from './http/dgii-declarations.js';
export * from './http/dgii-info.js';
export * from './http/emit-batch.js';
export * from './http/login.js';
export * from './http/people.js';
export * from './http/printed.js';
export * from './http/sequences.js';
export * from './http/sequence-voids.js';
export * from './http/sign.js';
