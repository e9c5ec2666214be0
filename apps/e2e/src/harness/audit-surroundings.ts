import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

/** A checkpoint key of its own and a directory for the write-once copies. */
export function auditSurroundings(dir: string): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    AUDIT_CHECKPOINT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    WORM_DIRECTORY: join(dir, 'worm'),
  };
}
