import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { testRnc, useTestDatabase } from '@getupnet/testkit';
import { bootPlatform, type Platform } from './boot-platform.js';
import { Progress } from './progress.js';
import { readSettings } from './settings.js';

const PAGE = 'docs/first-company.md';
const START_MS = 120_000;
const NEEDED = ['bash', 'curl', 'base64'];
const missing = NEEDED.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
const run = promisify(execFile);

let dir: string;
let platform: Platform | undefined;
// Before the database goes: hooks run in the order in which they were registered.
afterAll(async () => {
  await platform?.stop();
  await rm(dir, { recursive: true, force: true });
}, START_MS);
const database = useTestDatabase();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'first-company-'));
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  platform = await bootPlatform(
    readSettings({
      GETUPNET_DATA_DIR: dir,
      DATABASE_URL: database().ownerUrl,
      PORT: '0',
      INTERNAL_PORT: '0',
    }),
    new Progress(silent),
  );
  await platform.people();
}, START_MS);

/** The page's commands, at this installation's addresses. */
async function commands(): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  return blocks
    .join('\n')
    .replaceAll('/tmp/', `${dir}/`)
    .replace(/^API=.*$/m, `API=${platform?.demo.gatewayUrl}`)
    .replace(/^DATA=.*$/m, `DATA=${dir}`)
    .replaceAll(
      'npm run --silent certificate:import --',
      'node dist/tools/certificate-import/main.js',
    );
}

(missing.length > 0 ? test.skip : test)(
  `${PAGE} is true, command by command`,
  async () => {
    const script = join(dir, 'commands.sh');
    await writeFile(script, await commands());
    const { stdout } = await run('bash', ['-e', '-o', 'pipefail', script], {
      env: { ...process.env, RNC: testRnc() },
    });
    expect(stdout).toMatch(/"status":"ACTIVE"/);
    expect(stdout).toMatch(/El certificado está en uso/);
    const last = ['ACCEPTED', 'auth.forbidden', 'E310000000001', 'ACCEPTED', 'FROZEN'];
    expect(stdout.trim().split('\n').slice(-last.length)).toEqual(last);
  },
  START_MS,
);
