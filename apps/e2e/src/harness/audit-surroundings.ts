import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';

/** A checkpoint key of its own, a directory for the write-once copies, and short waits. */
export function auditSurroundings(dir: string): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    AUDIT_CHECKPOINT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    WORM_DIRECTORY: join(dir, 'worm'),
    AUDIT_POLL_MS: '100',
    AUDIT_CHECKPOINT_MS: '500',
  };
}

/** What an auditor from outside needs besides an export. */
export interface AuditEvidence {
  readonly checkpoints: string;
  readonly publicKey: KeyObject;
}

export function evidenceOf(audit: Readonly<Record<string, string>>): AuditEvidence {
  return {
    checkpoints: join(audit['WORM_DIRECTORY'] ?? '', 'checkpoints'),
    publicKey: createPublicKey(audit['AUDIT_CHECKPOINT_KEY'] ?? ''),
  };
}
