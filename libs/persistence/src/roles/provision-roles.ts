import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { BootError } from '@getupnet/platform';
import { Client, DatabaseError } from 'pg';
import { derivedPassword, roleVariable } from './role-urls.js';
import { DATABASE_ROLES, type DatabaseRole, roleName } from './roles.js';

const SCRAM_ITERATIONS = 4096;
/** Wrong password, no such role, role without LOGIN. */
const CANNOT_LOG_IN: ReadonlySet<string> = new Set(['28P01', '28000']);
const INSUFFICIENT_PRIVILEGE = '42501';

/** Makes sure that every role not stated by the operator can log in with its derived password. */
export async function provisionRoles(
  owner: Client,
  ownerUrl: string,
  stated: readonly DatabaseRole[],
): Promise<void> {
  const derived = DATABASE_ROLES.filter((role) => !stated.includes(role));
  const checks = await Promise.all(
    derived.map(async (role) => ({ role, works: await canLogIn(ownerUrl, role) })),
  );
  for (const { role, works } of checks) if (!works) await giveLogin(owner, ownerUrl, role);
}

async function canLogIn(ownerUrl: string, role: DatabaseRole): Promise<boolean> {
  const url = new URL(ownerUrl);
  url.password = derivedPassword(url, role);
  url.username = roleName(role);
  const client = new Client({ connectionString: url.href });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && CANNOT_LOG_IN.has(error.code ?? '')) return false;
    throw error;
  } finally {
    await client.end();
  }
}

async function giveLogin(owner: Client, ownerUrl: string, role: DatabaseRole): Promise<void> {
  const name = roleName(role);
  const verifier = owner.escapeLiteral(scramVerifier(derivedPassword(new URL(ownerUrl), role)));
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  try {
    await owner.query(`${verb} ROLE ${name} LOGIN PASSWORD ${verifier}`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new BootError([
      `DATABASE_URL: its role may not ${verb.toLowerCase()} ${name}; ` +
        `give it CREATEROLE, or make the role yourself and set ${roleVariable(role)}`,
    ]);
  }
}

/**
 * What PostgreSQL stores for a password (RFC 5803). Made here, because a password in a statement may
 * end up in the server's log.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}
