// Once before the tests of a run: the database client is generated when its schema changed.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../aliases.mjs';
import { startTestDatabaseServer } from './test-database-server.mjs';

export default async function setup() {
  const build = join(root, 'tools/build.mjs');
  execFileSync(process.execPath, [build, '--generate-only'], { stdio: 'inherit' });
  const server = await startTestDatabaseServer();
  process.env.GETUPNET_TEST_DATABASES = server.url;
  globalThis.getupnetTestDatabases = server;
}
