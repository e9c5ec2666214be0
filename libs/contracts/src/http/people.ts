import { z } from 'zod';
import { TENANT_PERMISSIONS } from '../permissions.js';
import { PLATFORM_ROLES, TENANT_ROLES, type PlatformRole, type TenantRole } from '../roles.js';

export const PEOPLE_ROUTES = {
  users: '/auth/users',
  user: '/auth/users/:id',
  invitations: '/auth/invitations',
  invitation: '/auth/invitations/:id',
  acceptInvitation: '/auth/invitations/accept',
  roles: '/auth/rbac/roles',
  role: '/auth/rbac/roles/:id',
  apiKeys: '/auth/api-keys',
  apiKey: '/auth/api-keys/:id',
  rotateApiKey: '/auth/api-keys/:id/rotate',
  platformUsers: '/admin/users',
  platformUser: '/admin/users/:id',
  platformInvitations: '/admin/users/invitations',
  platformInvitation: '/admin/users/invitations/:id',
} as const;

const tenantRoleNames = Object.keys(TENANT_ROLES) as [TenantRole, ...TenantRole[]];
const platformRoleNames = Object.keys(PLATFORM_ROLES) as [PlatformRole, ...PlatformRole[]];

/** What people read on one line: trimmed, no control or format characters that reorder text. */
const lineOf = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, {
      error: 'No admite caracteres de control ni saltos de línea.',
    });

/** One address is one account, however it is capitalised. */
export const emailSchema = z.string().trim().toLowerCase().pipe(z.email().max(254));
export const personNameSchema = lineOf(120);
export const personIdSchema = z.strictObject({ id: z.uuid() });

/** Shape of the tokens of invitations; shown once, to who invites. */
export const INVITATION_TOKEN = /^iv_[A-Za-z0-9_-]{43}$/;
/** AUT-7: registration is by invitation, which nobody can use any more after this. */
export const INVITATION_DAYS = 7;

const roleChoice = {
  role: z.enum(tenantRoleNames).optional().describe('Un rol que todas las empresas tienen.'),
  roleId: z.uuid().optional().describe('O un rol propio de la empresa.'),
};
const oneRole = ({ role, roleId }: { role?: unknown; roleId?: unknown }): boolean =>
  (role === undefined) !== (roleId === undefined);
const ONE_ROLE = { error: 'Indique role o roleId, uno de los dos.', path: ['role'] };

export const inviteUserSchema = z
  .strictObject({
    email: emailSchema,
    name: personNameSchema,
    ...roleChoice,
    days: z.int().min(1).max(INVITATION_DAYS).default(INVITATION_DAYS),
  })
  .refine(oneRole, ONE_ROLE);
export type InviteUser = z.infer<typeof inviteUserSchema>;

export const MEMBER_STATUSES = ['ACTIVE', 'SUSPENDED'] as const;
const memberStatus = z.enum(MEMBER_STATUSES);

export const changeUserSchema = z
  .strictObject({ ...roleChoice, status: memberStatus.optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: 'Indique qué cambia.',
  })
  .refine(({ role, roleId }) => role === undefined || roleId === undefined, ONE_ROLE);
export type ChangeUser = z.infer<typeof changeUserSchema>;

export const memberSchema = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.string().nullable().describe('Rol que todas las empresas tienen.'),
    roleId: z.uuid().nullable().describe('Rol propio de la empresa.'),
    roleName: z.string(),
    status: memberStatus,
    mfaEnrolled: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof memberSchema>;

const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() });

export const memberListSchema = listOf(memberSchema).meta({ id: 'MemberList' });
export type MemberList = z.infer<typeof memberListSchema>;

export const INVITATION_STATES = ['PENDING', 'ACCEPTED', 'REVOKED', 'EXPIRED'] as const;
const invitationFields = {
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.string().nullable(),
  roleId: z.uuid().nullable(),
  state: z.enum(INVITATION_STATES),
  invitedBy: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
};
export const invitationSchema = z.strictObject(invitationFields).meta({ id: 'Invitation' });
export type InvitationView = z.infer<typeof invitationSchema>;
export const invitationListSchema = listOf(invitationSchema).meta({ id: 'InvitationList' });
export type InvitationList = z.infer<typeof invitationListSchema>;

export const newInvitationSchema = z
  .strictObject({
    ...invitationFields,
    token: z
      .string()
      .regex(INVITATION_TOKEN)
      .describe('Se muestra una sola vez: hágala llegar a la persona por un medio seguro.'),
  })
  .meta({ id: 'NewInvitation' });
export type NewInvitationView = z.infer<typeof newInvitationSchema>;

export const acceptInvitationSchema = z.strictObject({
  token: z.string().regex(INVITATION_TOKEN),
  name: personNameSchema.optional().describe('Para una cuenta nueva, en vez del de la invitación.'),
  password: z
    .string()
    .min(12)
    .max(128)
    .describe('La de la cuenta, si la dirección ya tiene una; si no, la que tendrá.'),
});
export type AcceptInvitation = z.infer<typeof acceptInvitationSchema>;

export const acceptedInvitationSchema = z
  .strictObject({ userId: z.uuid(), tenantId: z.uuid().nullable() })
  .meta({ id: 'AcceptedInvitation' });
export type AcceptedInvitation = z.infer<typeof acceptedInvitationSchema>;

export const invitePlatformUserSchema = z.strictObject({
  email: emailSchema,
  name: personNameSchema,
  role: z.enum(platformRoleNames),
  days: z.int().min(1).max(INVITATION_DAYS).default(INVITATION_DAYS),
});
export type InvitePlatformUser = z.infer<typeof invitePlatformUserSchema>;

export const changePlatformUserSchema = z
  .strictObject({ role: z.enum(platformRoleNames).optional(), status: memberStatus.optional() })
  .refine(({ role, status }) => role !== undefined || status !== undefined, {
    error: 'Indique qué cambia.',
  });
export type ChangePlatformUser = z.infer<typeof changePlatformUserSchema>;

export const platformMemberSchema = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.string(),
    status: memberStatus,
    mfaEnrolled: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PlatformMember' });
export type PlatformMemberView = z.infer<typeof platformMemberSchema>;
export const platformMemberListSchema = listOf(platformMemberSchema).meta({
  id: 'PlatformMemberList',
});
export type PlatformMemberList = z.infer<typeof platformMemberListSchema>;

const permissionsSchema = z
  .array(z.enum(TENANT_PERMISSIONS))
  .min(1)
  .max(TENANT_PERMISSIONS.length)
  .refine((all) => new Set(all).size === all.length, { error: 'Hay permisos repetidos.' });

export const tenantRoleSchema = z.strictObject({
  name: lineOf(60).refine((name) => !Object.hasOwn(TENANT_ROLES, name), {
    error: 'Es el nombre de un rol que todas las empresas tienen.',
  }),
  permissions: permissionsSchema,
});
export type TenantRoleInput = z.infer<typeof tenantRoleSchema>;

export const roleViewSchema = z
  .strictObject({
    id: z.uuid().nullable().describe('Vacío en los roles que todas las empresas tienen.'),
    name: z.string(),
    builtIn: z.boolean(),
    permissions: z.array(z.enum(TENANT_PERMISSIONS)),
  })
  .meta({ id: 'Role' });
export type RoleView = z.infer<typeof roleViewSchema>;
export const roleListSchema = z
  .strictObject({ data: z.array(roleViewSchema) })
  .meta({ id: 'RoleList' });

/** Addresses or blocks that one key may be used from. */
const MOST_CIDRS = 50;
const cidrs = z.array(z.union([z.cidrv4(), z.cidrv6()])).max(MOST_CIDRS);
const expiry = z.iso.datetime({ offset: true });

export const createApiKeySchema = z.strictObject({
  name: lineOf(60),
  permissions: permissionsSchema,
  expiresAt: expiry.optional().describe('Sin él la clave no vence.'),
  allowedCidrs: cidrs
    .default([])
    .describe('Bloques desde los que se puede usar, como 203.0.113.7/32; sin ninguno, de todos.'),
});
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

/** The old key still works this long; a month is enough for every till. */
const MAX_GRACE_HOURS = 30 * 24;
export const rotateApiKeySchema = z.strictObject({
  graceHours: z
    .int()
    .min(0)
    .max(MAX_GRACE_HOURS)
    .default(24)
    .describe('Horas que la clave anterior sigue sirviendo.'),
  expiresAt: expiry.optional().describe('Sin él, la nueva dura lo que duraba la anterior.'),
});
export type RotateApiKey = z.infer<typeof rotateApiKeySchema>;

export const API_KEY_STATES = ['ACTIVE', 'REPLACED', 'EXPIRED', 'REVOKED'] as const;
const apiKeyFields = {
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  state: z.enum(API_KEY_STATES).describe('REPLACED: rotada; sirve hasta expiresAt.'),
  permissions: z.array(z.enum(TENANT_PERMISSIONS)),
  allowedCidrs: z.array(z.string()),
  createdAt: z.iso.datetime(),
  createdBy: z.uuid().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('Con un minuto de precisión.'),
  replacedBy: z.uuid().nullable(),
};
export const apiKeySchema = z.strictObject(apiKeyFields).meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeySchema>;
export const apiKeyListSchema = listOf(apiKeySchema).meta({ id: 'ApiKeyList' });
export type ApiKeyList = z.infer<typeof apiKeyListSchema>;

export const newApiKeySchema = z
  .strictObject({
    ...apiKeyFields,
    key: z.string().describe('La clave completa: se muestra una sola vez.'),
  })
  .meta({ id: 'NewApiKey' });
export type NewApiKeyView = z.infer<typeof newApiKeySchema>;
