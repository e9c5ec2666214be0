import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Unix account the server runs under; `undefined` means the account of this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every Linux in use. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

const OTHERS_ENTER = 0o001;
const OTHERS_READ = 0o004;

/** PostgreSQL refuses to run as root, so root runs it as `nobody`. */
export function serverAccount(): Account | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Whether the account can enter every directory above `path`. */
export async function canReach(path: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const facts = await stat(dir);
    const enters = facts.uid === account.uid || (facts.mode & OTHERS_ENTER) !== 0;
    if (!enters) return false;
    if (dir === dirname(dir)) return true;
  }
}

/** Whether the account can reach and read the file or directory itself. */
export async function canRead(path: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  const facts = await stat(path);
  const reads = facts.uid === account.uid || (facts.mode & OTHERS_READ) !== 0;
  return reads && (await canReach(path, account));
}

/** Whether a name in the shared temporary directory is a directory of ours, not one laid by others. */
export async function isOurDirectory(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => undefined);
  return (
    facts !== undefined && facts.isDirectory() && facts.uid === (process.getuid?.() ?? facts.uid)
  );
}
