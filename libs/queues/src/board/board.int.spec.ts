import { DOCUMENT_QUEUE } from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import { PersistenceModule, persistenceEnv } from '@getupnet/persistence';
import {
  AccessControl,
  AccessRegistry,
  OpsPagesModule,
  createServices,
  type HttpRequest,
  type RunningServices,
} from '@getupnet/platform';
import { useTestDatabase } from '@getupnet/testkit';
import { Injectable, Module } from '@nestjs/common';
import { postgresBackend } from '../queue-backend.js';
import { queuesEnv } from '../queues-env.js';
import { Queues } from '../queues.js';
import { BoardController } from './board.controller.js';
import { BoardHolder } from './board-holder.js';

const TOKEN = `${'a'.repeat(20)}.${'b'.repeat(20)}.c`;

/** Takes one token, for people of operations. */
@Injectable()
class OneTokenAccess extends AccessControl {
  override readonly scope = 'PLATFORM';

  constructor(registry: AccessRegistry) {
    super();
    registry.register(this);
  }

  override admit({ headers }: HttpRequest): void {
    if (headers.authorization !== `Bearer ${TOKEN}`) throw new AppError('auth.token_invalid');
  }
}

@Module({
  imports: [PersistenceModule, OpsPagesModule],
  controllers: [BoardController],
  providers: [BoardHolder, OneTokenAccess],
})
class BoardModule {}

let services: RunningServices;
// Before the database goes.
afterAll(() => services.close());
const database = useTestDatabase();
const tenantId = newId();

const boot = (values: Readonly<Record<string, string>>): Promise<RunningServices> =>
  createServices(
    [{ name: 'admin', http: [BoardModule], workers: [], env: [persistenceEnv, queuesEnv] }],
    {
      env: {
        PORT: '0',
        INTERNAL_PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: database().ownerUrl,
        ...values,
      },
    },
  );

beforeAll(async () => {
  const queues = new Queues(postgresBackend(database().pools.get('queue')));
  await queues.add(DOCUMENT_QUEUE, [{ version: 1, tenantId, documentIds: [newId()] }]);
  await queues.close();
  services = await boot({});
});

const cookie = `getupnet-ops=${TOKEN}`;
const get = (path: string, headers: Record<string, string> = { cookie }): Promise<Response> =>
  fetch(services.internalUrl + path, { headers, redirect: 'manual' });

test('OBS-2: the board is internal, and closed to whoever has no session', async () => {
  const paths = ['/queues', '/queues/api/queues', '/queues/static/images/logo.svg'];
  for (const path of paths) {
    expect((await fetch(services.publicUrl + path, { headers: { cookie } })).status).toBe(404);
    expect((await get(path, {})).status).toBe(401);
  }
  const browser = await get('/queues', { accept: 'text/html' });
  expect([browser.status, browser.headers.get('location')]).toEqual([303, '/docs/login']);
});

test('the page loads nothing from elsewhere and has no script of its own', async () => {
  const answer = await get('/queues');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  const page = await answer.text();
  expect(page).not.toMatch(/https?:\/\/|<style|\sstyle=|<script>/);
  const files = [...page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const asset = await get(`/queues/${file}`);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('content-type')).toMatch(/^(?:text|image)\//);
  }
  for (const path of ['/queues/queue/x', '/queues/queue/x/1', '/queues/job-schedulers']) {
    expect((await get(path)).status).toBe(200);
  }
});

test('queues, their jobs and their store are shown', async () => {
  const query = `activeQueue=${DOCUMENT_QUEUE}&status=latest&page=1&jobsPerPage=10`;
  const list = await get(`/queues/api/queues?${query}`);
  const { queues } = (await list.json()) as {
    queues: { name: string; readOnlyMode: boolean; jobs: { id: string; data: object }[] }[];
  };
  expect(queues).toEqual([expect.objectContaining({ name: DOCUMENT_QUEUE, readOnlyMode: true })]);
  const [job] = queues[0]?.jobs ?? [];
  expect(job?.data).toMatchObject({ tenantId });
  const one = await get(`/queues/api/queues/${DOCUMENT_QUEUE}/${job?.id}`);
  expect(await one.json()).toMatchObject({ job: { id: job?.id }, status: 'waiting' });
  expect((await get(`/queues/api/queues/${DOCUMENT_QUEUE}/${job?.id}/logs`)).status).toBe(200);
  expect((await get('/queues/api/redis/stats')).status).toBe(200);
  expect((await get('/queues/api/job-schedulers')).status).toBe(200);
  expect((await get(`/queues/api/queues/${DOCUMENT_QUEUE}/workers`)).status).toBe(200);
});

test.each([
  '/queues/api/queues/other/1',
  `/queues/api/queues/${DOCUMENT_QUEUE}/1/nope`,
  '/queues/static/js/nope.js',
  '/queues/static/..%2f..%2fpackage.json/x',
  '/queues/static/js/..%2f..%2findex.ejs',
  '/queues/static/__proto__/x',
])('%s → 404', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(((await answer.json()) as { code: string }).code).toBe('resource.not_found');
});

test('nothing can be changed: the board only reads', async () => {
  for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
    for (const path of ['pause', 'clean/waiting', 'retry/failed', 'obliterate', 'add', '1']) {
      const answer = await fetch(
        `${services.internalUrl}/queues/api/queues/${DOCUMENT_QUEUE}/${path}`,
        { method, headers: { cookie, authorization: `Bearer ${TOKEN}` } },
      );
      expect([404, 405]).toContain(answer.status);
    }
  }
});

test('SVC-4: a store that is away is said so in time', async () => {
  const away = await boot({ REDIS_URL: 'redis://127.0.0.1:1' });
  const answer = await fetch(`${away.internalUrl}/queues/api/queues`, { headers: { cookie } });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
    503,
    'dependency.unavailable',
  ]);
  await away.close();
});
