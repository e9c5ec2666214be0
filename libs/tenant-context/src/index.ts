export { CurrentTenant, currentTenant, setTenant } from './current-tenant.js';
export { actorText, type Actor, type TenantContext } from './tenant-context.js';
