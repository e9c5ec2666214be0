export { DATABASE_ROLES, roleName, type DatabaseRole } from './roles/roles.js';
export {
  roleUrl,
  roleUrls,
  statedRoles,
  type DatabaseUrls,
  type RoleUrls,
} from './roles/role-urls.js';
export { checkBoot, type Queryable } from './migrations/check-boot.js';
export { migrate, type MigrateOptions, type MigrateReport } from './migrations/migrate.js';
