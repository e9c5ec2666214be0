import { randomUUID } from 'node:crypto';
import { AUTH_ROUTES, DOCUMENT_QUEUE, isProblemCode } from '@getupnet/contracts';
import type { RouteRow, RunningServices } from '@getupnet/platform';
import { waitFor } from '@getupnet/testkit';
import { hostileRequests } from './edge/hostile.js';
import { headerTricks, pathTricks } from './edge/path-tricks.js';
import { openOpsPages, operatorOf } from './edge/ops-pages.js';
import { inLanes, sendRaw, type RawAnswer } from './edge/raw-http.js';
import { bootAll, servicesOf } from './harness/all-mode.js';
import { startPlatformWith, type Platform } from './harness/platform.js';
import type { E2eTenant } from './harness/tenants.js';

const LANES = 16;
const START_TIMEOUT_MS = 120_000;

let running: RunningServices;
let platform: Platform;
let tenant: E2eTenant;

beforeAll(async () => {
  platform = await startPlatformWith('all', async (around) => {
    running = await bootAll(around);
    return servicesOf(running);
  });
  tenant = await platform.createTenant();
}, START_TIMEOUT_MS);
afterAll(() => platform.stop());

const ask = (url: string, method: string, target: string, header = ''): Promise<RawAnswer> => {
  const lines = ['Host: localhost', 'Connection: close', 'Content-Length: 0'];
  if (header !== '') lines.push(header);
  return sendRaw(url, `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
};
const sample = ({ path }: RouteRow): string => path.replace(/\{\w+\}/g, '132109122');
const logged = async (): Promise<Record<string, unknown>[]> =>
  (await platform.logs())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Lines leave in their order: once this call's own is there, so are all before it. */
async function loggedSoFar(): Promise<Record<string, unknown>[]> {
  const path = `/marker-${randomUUID()}`;
  await ask(running.publicUrl, 'GET', path);
  return waitFor(
    async () => {
      const lines = await logged();
      return lines.some((line) => line['path'] === path) && lines;
    },
    { what: `the line of ${path}`, timeoutMs: 30_000 },
  );
}

const NET_4 = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'x-xss-protection': '0',
};
function expectSafeHead(head: string): void {
  const lower = head.toLowerCase();
  for (const [name, value] of Object.entries(NET_4)) {
    expect(lower).toContain(`\n${name}: ${value.toLowerCase()}`);
  }
  expect(lower).toContain('\ncontent-security-policy: ');
  expect(lower).toContain('\npermissions-policy: ');
  expect(lower).not.toMatch(/\n(?:server|x-powered-by):/);
}

test('NET-2: no internal route is reached through the public port, however it is written', async () => {
  const { publicUrl, internalUrl, routes } = running;
  const onPublic = new Set(
    routes
      .filter(({ listener }) => listener !== 'internal')
      .map((row) => `${row.method} ${row.path}`),
  );
  const internal = routes.filter(
    (row) => row.listener === 'internal' && !onPublic.has(`${row.method} ${row.path}`),
  );
  expect(internal.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/readyz', '/metrics', '/sign/xml']),
  );
  const { host } = new URL(internalUrl);
  // They are there: the internal port knows each of them, but for open ones whose name is wrong.
  const answering = internal.filter(({ scope, path }) => scope !== 'PUBLIC' || !path.includes('{'));
  const known = await inLanes(answering, LANES, (row) => ask(internalUrl, row.method, sample(row)));
  const unknown = answering.filter((_, at) => [404, 405].includes(known[at]?.status ?? 0));
  expect(unknown).toEqual([]);

  const attempts = internal.flatMap((row) => {
    const path = sample(row);
    return [
      ...pathTricks(path, host).map((target) => ({ row, target, header: '' })),
      ...headerTricks(path, host).map((header) => ({ row, target: '/nope', header })),
      { row, target: path, header: `Authorization: Bearer ${tenant.apiKey}` },
    ];
  });
  const before = (await loggedSoFar()).length;
  const answers = await inLanes(attempts, LANES, ({ row, target, header }) =>
    ask(publicUrl, row.method, target, header),
  );
  const reached = attempts.filter((_, at) => ![400, 404, 405].includes(answers[at]?.status ?? 0));
  expect(reached).toEqual([]);
  answers.forEach(({ head }) => expectSafeHead(head));
  const paths = new Set(internal.map(({ path }) => path.replace(/\{(\w+)\}/g, ':$1')));
  const served = (await loggedSoFar())
    .slice(before)
    .filter((line) => paths.has(String(line['route'])));
  expect(served).toEqual([]);
});

test('NET-2: a foreign Host on the public port names nothing internal', async () => {
  const { host } = new URL(running.internalUrl);
  for (const path of ['/readyz', '/metrics', '/sign/xml']) {
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect((await sendRaw(running.publicUrl, request)).status).toBe(404);
  }
});

test('NET-4, NET-7: hostile requests are refused with a stable code, without a trace of us', async () => {
  const routes = running.routes.filter(({ listener }) => listener !== 'internal');
  const requests = hostileRequests({ seed: 20_261_121, count: 840, routes, apiKey: tenant.apiKey });
  const before = (await loggedSoFar()).length;
  const answers = await inLanes(requests, LANES, ({ bytes }) => sendRaw(running.publicUrl, bytes));
  let refused = 0;
  answers.forEach(({ status, head, body }, at) => {
    const what = requests[at]?.what;
    const seen = { what, status, body: body.slice(0, 300) };
    if (!(status >= 200 && status < 500)) expect(seen).toBe('an answer below 500');
    expectSafeHead(head);
    if (/\n\s+at |node_modules|\.[jt]s:\d|Prisma|postgres/i.test(body)) {
      expect(seen).toBe('an answer without our insides');
    }
    if (status < 400) return;
    refused += 1;
    const { code } = JSON.parse(body) as { code: string };
    if (!isProblemCode(code)) expect(seen).toBe('a refusal of the catalogue');
  });
  expect(refused).toBeGreaterThanOrEqual(500);
  const errors = (await loggedSoFar()).slice(before).filter(({ level }) => level === 'error');
  expect(errors).toEqual([]);
  // Nothing was left behind that would matter to the next one.
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  expect((await tenant.api.call('GET', '/tenant/invoices')).status).toBe(200);
});

describe('OBS-2: the pages of operations', () => {
  const PAGES = ['/docs', '/docs/internal.json', '/queues', '/queues/api/queues'];
  const statusesWith = (headers: Record<string, string>): Promise<number[]> =>
    inLanes(PAGES, 1, async (path) => {
      const url = running.internalUrl + path;
      return (await fetch(url, { headers, redirect: 'manual' })).status;
    });

  test('open with the session of an operator, and end with it', async () => {
    const operator = await operatorOf(platform);
    const cookie = await openOpsPages(running.internalUrl, operator.accessToken);
    expect(cookie).toContain(operator.accessToken);
    expect(await statusesWith({ cookie })).toEqual([200, 200, 200, 200]);
    const list = await fetch(`${running.internalUrl}/queues/api/queues`, { headers: { cookie } });
    expect(await list.text()).toContain(DOCUMENT_QUEUE);
    const { status } = await operator.call('POST', AUTH_ROUTES.logout, {});
    expect(status).toBeLessThan(300);
    expect(await statusesWith({ cookie })).toEqual([401, 401, 401, 401]);
  });

  test('stay closed to a tenant’s key, to forgeries and on the public port', async () => {
    const key = { authorization: `Bearer ${tenant.apiKey}` };
    expect(await statusesWith(key)).toEqual([403, 403, 403, 403]);
    const forged = await openOpsPages(
      running.internalUrl,
      `${'e30'.repeat(9)}.e30.${'A'.repeat(86)}`,
    );
    expect(await statusesWith({ cookie: forged })).toEqual([401, 401, 401, 401]);
    for (const path of PAGES) {
      expect((await fetch(running.publicUrl + path, { headers: key })).status).toBe(404);
    }
  });
});
