import { randomBytes } from 'node:crypto';
import { Provisioning, newTotpSecret } from '@getupnet/feature-auth';

/** Somebody who can log in: everything a person would know or hold. */
export interface DemoPerson {
  readonly email: string;
  readonly password: string;
  /** Base 32, as an authenticator app takes it. */
  readonly totpSecret: string;
}

/** Who can log in to a demonstration. */
export interface DemoPeople {
  readonly platformAdmin: DemoPerson;
  readonly tenants: readonly { readonly id: string; readonly admin: DemoPerson }[];
}

/** 24 letters and digits: 144 bits. */
const PASSWORD_BYTES = 18;
/** Two demonstrations may share a database, where an address is one account. */
const MARK_BYTES = 3;

/** Invents a person; {@link ensurePeople} makes the account. */
export function inventPerson(who: string, domain: string): DemoPerson {
  return {
    email: `${who}-${randomBytes(MARK_BYTES).toString('hex')}@${domain}.example.com`,
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
    totpSecret: newTotpSecret(),
  };
}

/** Makes the accounts that are not there yet, with their second factors enrolled. */
export async function ensurePeople(
  { ownerUrl, kek }: { readonly ownerUrl: string; readonly kek: string },
  { platformAdmin, tenants }: DemoPeople,
): Promise<void> {
  const provisioning = new Provisioning({ urls: { DATABASE_URL: ownerUrl }, kek });
  try {
    const emails = [platformAdmin, ...tenants.map(({ admin }) => admin)].map(({ email }) => email);
    const known = await provisioning.known(emails);
    if (!known.has(platformAdmin.email)) {
      await provisioning.addOperator({ ...platformAdmin, name: 'Operador de Demostración' });
    }
    for (const { id, admin } of tenants) {
      if (known.has(admin.email)) continue;
      await provisioning.addMember({ ...admin, name: 'Administrador de Demostración' }, id);
    }
  } finally {
    await provisioning.close();
  }
}
