import { Readable } from 'node:stream';
import { AppError } from '@getupnet/kernel';
import { Body, Controller, Inject, Res } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { moduleOf, start, type TestServices } from '../test-support.js';
import type { HttpReply } from './access-control.js';
import { BodyLines } from './body-lines.js';
import { Problems } from './problems.js';

const NDJSON = 'application/x-ndjson';
const lineSchema = z.strictObject({ name: z.string() });

@Controller()
class LinesController {
  constructor(@Inject(Problems) private readonly problems: Problems) {}

  @Endpoint('POST', '/names', {
    listener: 'public',
    scope: 'PUBLIC',
    summary: 'Names, one a line',
    consumes: [NDJSON],
    produces: NDJSON,
    request: { lines: lineSchema },
    response: z.strictObject({ line: z.int() }),
  })
  names(@Body() lines: BodyLines, @Res({ passthrough: true }) reply: HttpReply): Readable {
    const { ctx } = reply.request;
    const told = (line: number, read: () => { name: string }) => {
      try {
        const { name } = read();
        if (name === 'nobody') throw new AppError('auth.forbidden', { permission: 'X' });
        if (name === 'bug') throw new Error('secret detail');
        return { line, name };
      } catch (error) {
        const { problem, retryAfterS } = this.problems.tell(error, ctx, '/names');
        return { line, ...problem, retryAfterS };
      }
    };
    reply.header('Content-Type', NDJSON);
    const answers = [...lines].map((line) => told(line.number, () => line.read(lineSchema)));
    return Readable.from(answers.map((one) => `${JSON.stringify(one)}\n`));
  }
}

let services: TestServices;
beforeAll(async () => {
  services = await start([moduleOf(LinesController)]);
});
afterAll(() => services.close());

const post = (body: NonNullable<RequestInit['body']>, type = NDJSON): Promise<Response> =>
  fetch(`${services.publicUrl}/names`, { method: 'POST', body, headers: { 'content-type': type } });

test('NET-7: each line is as strict as a JSON body, and concerns itself', async () => {
  const answer = await post(
    Buffer.concat([
      Buffer.from('{"name":"Ana"}\n{"name":\n{"__proto__":{},"name":"A"}\n{"name":"'),
      Buffer.from([0xff]),
      Buffer.from(`"}\n${'['.repeat(65)}\n{"name":7}\n{"name":"A","extra":1}\n{"name":"Eva"}`),
    ]),
  );
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, NDJSON]);
  const lines = (await answer.text()).trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ line, name, code }) => [line, name ?? code])).toEqual([
    [1, 'Ana'],
    [2, 'request.malformed_json'],
    [3, 'request.malformed_json'],
    [4, 'request.malformed_json'],
    [5, 'request.malformed_json'],
    [6, 'validation.failed'],
    [7, 'validation.failed'],
    [8, 'Eva'],
  ]);
});

test.each([
  ['another media type', '{}', 'application/json', 415],
  ['more than the limit', 'x'.repeat(1024 * 1024 + 1), NDJSON, 413],
])('%s is refused as a whole', async (_, body, type, status) => {
  expect((await post(body, type)).status).toBe(status);
});

test('no body at all is a fault of the whole body', async () => {
  const answer = await fetch(`${services.publicUrl}/names`, { method: 'POST' });
  expect(((await answer.json()) as { code: string }).code).toBe('validation.failed');
});

test('a failure within an answer is told, logged and noticed like one that is the answer', async () => {
  const answer = await post('{"name":"nobody"}\n{"name":"bug"}');
  const [refused = '', broken = ''] = (await answer.text()).split('\n');
  expect(JSON.parse(refused)).toMatchObject({
    code: 'auth.forbidden',
    status: 403,
    traceId: answer.headers.get('x-request-id'),
  });
  expect(JSON.parse(broken)).toMatchObject({ code: 'internal', status: 500 });
  expect(broken).not.toContain('secret detail');
  const lines = services.lines();
  expect(lines).toContainEqual(expect.objectContaining({ event: 'permission.denied' }));
  const logged = lines.filter(({ level }) => level === 'error');
  expect(JSON.stringify(logged)).toContain('body-lines.int.spec');
});
