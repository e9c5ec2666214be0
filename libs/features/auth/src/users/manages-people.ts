/** Who may see and change a company's people, their roles and its API keys. */
export const MANAGES_PEOPLE = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_USER_MANAGE',
} as const;
