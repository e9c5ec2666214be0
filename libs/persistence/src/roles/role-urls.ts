import { hkdfSync, scryptSync } from 'node:crypto';
import { BootError } from '@getupnet/platform';
import { DATABASE_ROLES, type DatabaseRole, roleName } from './roles.js';

/** `DATABASE_URL` (the owner's) and `DATABASE_URL_<ROLE>`; an absent role's is derived. */
export type DatabaseUrls = Readonly<{ DATABASE_URL?: string | undefined }> &
  Readonly<Partial<Record<`DATABASE_URL_${Uppercase<DatabaseRole>}`, string | undefined>>>;

export type RoleUrls = Readonly<Record<DatabaseRole, string>>;

const PASSWORD_BYTES = 24;
const SCRYPT_COST = 16_384;

/** Variable that overrides a role's connection. */
export function roleVariable(role: DatabaseRole): `DATABASE_URL_${Uppercase<DatabaseRole>}` {
  return `DATABASE_URL_${role.toUpperCase() as Uppercase<DatabaseRole>}`;
}

/** Roles whose connection is stated: their login is the operator's affair, not the migrations'. */
export function statedRoles(urls: DatabaseUrls): readonly DatabaseRole[] {
  return DATABASE_ROLES.filter((role) => urls[roleVariable(role)] !== undefined);
}

/** Connection of one role; undefined when neither its own nor the owner's is given. */
export function roleUrl(urls: DatabaseUrls, role: DatabaseRole): string | undefined {
  const stated = urls[roleVariable(role)];
  if (stated !== undefined) return stated;
  return urls.DATABASE_URL === undefined ? undefined : derivedUrl(urls.DATABASE_URL, role);
}

/** Connections of all roles; throws a {@link BootError} naming the variables that are missing. */
export function roleUrls(urls: DatabaseUrls): RoleUrls {
  const missing = DATABASE_ROLES.filter((role) => roleUrl(urls, role) === undefined);
  if (missing.length > 0) {
    throw new BootError([`DATABASE_URL (or ${missing.map(roleVariable).join(', ')}): is required`]);
  }
  const entries = DATABASE_ROLES.map((role) => [role, roleUrl(urls, role)] as const);
  return Object.fromEntries(entries) as RoleUrls;
}

function derivedUrl(ownerUrl: string, role: DatabaseRole): string {
  const url = new URL(ownerUrl);
  url.password = derivedPassword(url, role);
  url.username = roleName(role);
  return url.href;
}

/**
 * Password of a role, from the owner's: whoever may migrate can compute it, and it need not be
 * stored. One-way and slow (scrypt), so that a role's password does not give away the owner's.
 */
export function derivedPassword(owner: URL, role: DatabaseRole): string {
  if (owner.password === '') {
    throw new BootError([
      'DATABASE_URL: carries no password to derive the roles’ from; ' +
        `add one, or give ${DATABASE_ROLES.map(roleVariable).join(', ')}`,
    ]);
  }
  const key = masterKey(decodeURIComponent(owner.username), decodeURIComponent(owner.password));
  const info = Buffer.from(roleName(role));
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, PASSWORD_BYTES)).toString(
    'base64url',
  );
}

const masterKeys = new Map<string, Buffer>();
const MAX_MASTER_KEYS = 8;

function masterKey(user: string, password: string): Buffer {
  const cacheKey = JSON.stringify([user, password]);
  const known = masterKeys.get(cacheKey);
  if (known) return known;
  const salt = `getupnet-ecf database roles 1 ${user}`;
  const key = scryptSync(password, salt, 32, { N: SCRYPT_COST });
  if (masterKeys.size >= MAX_MASTER_KEYS) masterKeys.clear();
  masterKeys.set(cacheKey, key);
  return key;
}
