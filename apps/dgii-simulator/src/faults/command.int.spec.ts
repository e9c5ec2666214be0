import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { run } from '../cli/cli.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-command-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Found {
  readonly url: string;
  readonly rootFile: string;
}

/** Starts a simulator as the command does, lets `work` use it, and ends it. */
async function started(
  args: readonly string[],
  work: (found: Found) => Promise<void>,
): Promise<{ code: number; note: string }> {
  let [out, note] = ['', ''];
  const code = await run(['--port', '0', '--json', '--data-dir', directory, ...args], {
    out: (text) => void (out += text),
    note: (text) => void (note += text),
    untilStopped: () => work(JSON.parse(out) as Found),
  });
  return { code, note };
}

async function faultsAt(url: string, ca?: string): Promise<unknown> {
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  const { body } = await request(`${url}/_control/faults`, { dispatcher });
  const faults: unknown = await body.json();
  await dispatcher.close();
  return faults;
}

it('--chaos sets one mix, in place of the one of the start before', async () => {
  for (const seed of ['7', '8']) {
    const { code } = await started(['--chaos', seed], async ({ url }) => {
      expect(await faultsAt(url)).toMatchObject([{ fault: { kind: 'chaos', seed } }]);
    });
    expect(code).toBe(0);
  }
});

it('--chaos wants a seed', async () => {
  const { code, note } = await started(['--chaos='], () => Promise.resolve());
  expect([code, note]).toEqual([2, expect.stringContaining('--chaos')]);
});

it('--tls speaks HTTPS, and its data are still known to be in use', async () => {
  await started(['--tls'], async ({ url, rootFile }) => {
    expect(url).toMatch(/^https:/);
    await expect(faultsAt(url)).rejects.toMatchObject({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    expect(await faultsAt(url, readFileSync(rootFile, 'utf8'))).toHaveLength(1);
    const twice = await started([], () => Promise.resolve());
    expect(twice).toMatchObject({ code: 78, note: expect.stringContaining(url) as unknown });
  });
});
