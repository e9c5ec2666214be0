import { createHash, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { roleUrls, DATABASE_ROLES } from '@getupnet/persistence';
import { newServiceKey } from '@getupnet/rbac';
import { selfSigned } from './self-signed.js';

const PASSWORD_LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const KEK_BYTES = 32;

/** Roles some service connects as; the others come with the features that need them. */
const USED_ROLES = new Set([
  'app',
  'audit_append',
  'batch',
  'identity',
  'platform_read',
  'queue',
  'relay',
  'signer',
]);

export interface SecretOptions {
  /** Public name of the API, for the first TLS certificate. */
  readonly apiHost: string;
  readonly now: Date;
}

/**
 * Every secret of docker-compose.yml, file name → content, invented on the spot. Each container gets
 * only its own: the services know their roles' connections, not the owner's, and each pair of
 * services has a key of its own.
 */
export function newSecrets({ apiHost, now }: SecretOptions): ReadonlyMap<string, string> {
  const owner = password();
  const ownerUrl = `postgresql://getupnet:${owner}@postgres:5432/getupnet`;
  const roles = roleUrls({ DATABASE_URL: ownerUrl });
  const redis = password();
  const billingToSign = newServiceKey('billing', 'sign');
  const dgiiClientToSign = newServiceKey('dgii-client', 'sign');
  const operatorToSign = newServiceKey('client', 'sign');
  const billingToDgiiClient = newServiceKey('billing', 'dgii-client');
  const tls = selfSigned(apiHost, now);
  return new Map([
    ['postgres_password', password()],
    ['database_owner_password', owner],
    ['database_url', ownerUrl],
    ...DATABASE_ROLES.filter((role) => USED_ROLES.has(role)).map(
      (role) => [`database_url_${role}`, roles[role]] as const,
    ),
    ['redis_users', redisUsers(redis)],
    ['redis_url', `redis://getupnet:${redis}@redis:6379`],
    ['audit_checkpoint_key', checkpointKey()],
    ['secrets_kek', randomBytes(KEK_BYTES).toString('base64')],
    [
      'sign_keys_in',
      [billingToSign, dgiiClientToSign, operatorToSign].map(({ entry }) => entry).join(','),
    ],
    ['dgii_client_keys_in', billingToDgiiClient.entry],
    ['billing_to_sign', billingToSign.out],
    ['billing_to_dgii_client', billingToDgiiClient.out],
    ['dgii_client_to_sign', dgiiClientToSign.out],
    ['operator_to_sign', operatorToSign.out],
    ['tls_certificate', tls.certificatePem],
    ['tls_key', tls.keyPem],
  ]);
}

/**
 * Redis users: nobody may do anything but ask whether it lives, except ours, which may use the
 * queues' keys and nothing that reaches beyond them.
 */
function redisUsers(secret: string): string {
  const hash = createHash('sha256').update(secret).digest('hex');
  return [
    'user default on nopass resetkeys resetchannels -@all +ping',
    `user getupnet on #${hash} ~getupnet:* resetchannels +@all -@admin -@dangerous +info`,
    '',
  ].join('\n');
}

/** Signs the audit's checkpoints; `openssl pkey -pubout` gives the key to verify them with. */
function checkpointKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function password(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(
    '',
  );
}
