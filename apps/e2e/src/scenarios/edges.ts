import { request } from 'node:http';
import { routeTable } from '@getupnet/platform';
import { allServices } from '../../../all/src/index.js';
import type { Platform } from '../harness/platform.js';

const ROUTES = routeTable(allServices());
const INTERNAL = ROUTES.filter(
  ({ path, listener }) =>
    listener === 'internal' &&
    !ROUTES.some((other) => other.path === path && other.listener !== 'internal'),
);

/** Ways to write a path that a careless gateway or router would take for another one. */
const DISGUISES: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path.toUpperCase(),
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `/tenant/..${path}`,
  (path) => `/tenant/%2e%2e${path}`,
  (path) => `/tenant/invoices/..;${path}`,
  (path) => `/.${path}`,
  (path) => path.replace(/^\/(.)/, (_, first: string) => `/%${first.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/\/(\w+)$/, '%2f$1'),
  (path) => `${path};jsessionid=1`,
  (path) => `http://127.0.0.1${path}`,
];

/** As fetch would not send it: the path untouched. */
function send(base: string, method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(base);
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    call.on('error', reject).end(method === 'GET' ? undefined : '{}');
  });
}

/** What the outside can reach, and what it cannot. */
export function edges(platform: () => Platform): void {
  describe('the public door', () => {
    test('there are internal routes, and they answer inside', async () => {
      expect(INTERNAL.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['/sign/xml', '/dgii/ecf/send', '/readyz', '/metrics']),
      );
      for (const url of platform().internalUrls) {
        expect(await send(url, 'GET', '/readyz')).toBe(200);
        expect(await send(url, 'GET', '/metrics')).toBe(200);
      }
    });

    test.each(INTERNAL.map(({ method, path }) => [method, path] as const))(
      '%s %s is unreachable, however it is written',
      async (method, path) => {
        const doors = new Set([platform().gatewayUrl, ...platform().publicUrls]);
        for (const door of doors) {
          for (const disguise of DISGUISES) {
            const written = disguise(path.replace(/\{\w+\}/, '131880681'));
            const status = await send(door, method, written);
            expect({ written, refused: status === 404 || status === 400 }).toEqual({
              written,
              refused: true,
            });
          }
        }
      },
    );

    test('every process says that it lives, and no more', async () => {
      for (const url of platform().publicUrls) {
        const answer = await fetch(`${url}/healthz`);
        expect([answer.status, await answer.text()]).toEqual([200, '']);
      }
    });
  });
}

/** After everything else ran. */
export function logs(platform: () => Platform): void {
  describe('what was logged', () => {
    test('no secret, and no failure that nobody expected', async () => {
      const logs = await platform().logs();
      expect(logs.length).toBeGreaterThan(0);
      for (const secret of platform().secrets()) expect(logs.includes(secret)).toBe(false);
      const lines = logs.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));
      expect(lines).toEqual([]);
    });
  });
}
