export { CurrentTenant, currentTenant, setTenant } from './current-tenant.js';
export { CurrentUser, currentUser, setUser, type UserContext } from './current-user.js';
export { actorText, type Actor, type TenantContext } from './tenant-context.js';
