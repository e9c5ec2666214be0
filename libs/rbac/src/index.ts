export { ServiceContext, type ServiceCall } from './service/service-access.js';
export { ServiceCaller, type OutgoingCall } from './service/service-caller.js';
export { outVariable, serviceAccessEnv, serviceCallerEnv } from './service/service-env.js';
export { newServiceKey, type NewServiceKey } from './service/service-keys.js';
export { ServiceAccessModule, ServiceCallerModule } from './service/service.modules.js';
export { ApiKeyDirectory, type ApiKeyRecord } from './tenant/api-key-directory.js';
export { hashApiKey, isApiKeyShaped, newApiKey, type NewApiKey } from './tenant/api-key.js';
export { TenantAccess } from './tenant/tenant-access.js';
export { TenantAccessModule } from './tenant/tenant-access.module.js';
