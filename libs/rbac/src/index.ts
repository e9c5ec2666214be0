export { PlatformAccessModule } from './platform/platform-access.module.js';
export { ServiceContext, type ServiceCall } from './service/service-access.js';
export { ServiceCaller, type OutgoingCall } from './service/service-caller.js';
export { outVariable, serviceAccessEnv, serviceCallerEnv } from './service/service-env.js';
export { newServiceKey, type NewServiceKey } from './service/service-keys.js';
export { ServiceAccessModule, ServiceCallerModule } from './service/service.modules.js';
export { ACCESS_TOKEN } from './session/access-token.js';
export { SessionAccess, type LiveSession } from './session/session-access.js';
export { SessionAccessModule } from './session/session-access.module.js';
export {
  SessionDirectory,
  type SessionRecord,
  type SessionTenant,
} from './session/session-directory.js';
export { ApiKeyDirectory, type ApiKeyRecord } from './tenant/api-key-directory.js';
export { hashApiKey, isApiKeyShaped, newApiKey, type NewApiKey } from './tenant/api-key.js';
export { TenantAccess } from './tenant/tenant-access.js';
export { TenantAccessModule } from './tenant/tenant-access.module.js';
export { UserAccessModule } from './user/user-access.module.js';
