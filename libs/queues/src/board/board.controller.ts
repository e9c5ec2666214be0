import { AppError } from '@getupnet/kernel';
import { Endpoint, OPS_LOGIN, type HttpReply } from '@getupnet/platform';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { BOARD_POLICY, BoardFiles } from './board-files.js';
import { BoardHolder } from './board-holder.js';

const GUARDED = {
  listener: 'internal',
  scope: 'PLATFORM',
  permission: 'PLATFORM_OPS',
  browserLogin: OPS_LOGIN,
  hidden: true,
} as const;
const PAGE = { ...GUARDED, summary: 'Page of the queues (Bull Board)', produces: 'text/html' };
const FILE = {
  ...GUARDED,
  summary: 'A file of Bull Board',
  produces: ['text/css', 'text/javascript', 'image/svg+xml', 'application/json'],
};
const text = z.string().max(255);
const job = z.strictObject({ queueName: text, jobId: text });

const listQuery = z.strictObject({
  activeQueue: text.optional(),
  status: text.optional(),
  page: text.optional(),
  jobsPerPage: text.optional(),
});
/** What the page asks about one queue, besides its jobs. */
const PARTS: ReadonlySet<string> = new Set([
  'metrics',
  'default-job-options',
  'workers',
  'rate-limit',
  'job-data-schema',
]);

/** Bull Board, to look at; every question goes through a declared route. */
@Controller()
export class BoardController {
  readonly #files = new BoardFiles();

  constructor(private readonly holder: BoardHolder) {}

  @Endpoint('GET', '/queues', PAGE)
  home(@Res({ passthrough: true }) reply: HttpReply): string {
    return this.#page(reply);
  }

  @Endpoint('GET', '/queues/job-schedulers', PAGE)
  schedulers(@Res({ passthrough: true }) reply: HttpReply): string {
    return this.#page(reply);
  }

  @Endpoint('GET', '/queues/queue/:queueName', {
    ...PAGE,
    request: { params: z.strictObject({ queueName: text }) },
  })
  queue(@Param() _params: object, @Res({ passthrough: true }) reply: HttpReply): string {
    return this.#page(reply);
  }

  @Endpoint('GET', '/queues/queue/:queueName/:jobId', { ...PAGE, request: { params: job } })
  job(@Param() _params: object, @Res({ passthrough: true }) reply: HttpReply): string {
    return this.#page(reply);
  }

  @Endpoint('GET', '/queues/api/redis/stats', { ...GUARDED, summary: 'State of the store' })
  store(): Promise<object> {
    return this.#ask('/api/redis/stats');
  }

  @Endpoint('GET', '/queues/api/queues', {
    ...GUARDED,
    summary: 'Queues, and the jobs of one of them',
    request: { query: listQuery },
  })
  list(@Query() query: z.infer<typeof listQuery>): Promise<object> {
    return this.#ask('/api/queues', {}, query);
  }

  @Endpoint('GET', '/queues/api/job-schedulers', { ...GUARDED, summary: 'Repeated jobs' })
  repeated(): Promise<object> {
    return this.#ask('/api/job-schedulers');
  }

  @Endpoint('GET', '/queues/api/queues/:queueName/:jobId', {
    ...GUARDED,
    summary: 'A job, or a part of what is known of a queue',
    request: { params: job },
  })
  one(@Param() params: z.infer<typeof job>): Promise<object> {
    const { queueName, jobId } = params;
    if (PARTS.has(jobId)) return this.#ask(`/api/queues/:queueName/${jobId}`, { queueName });
    return this.#ask('/api/queues/:queueName/:jobId', params);
  }

  @Endpoint('GET', '/queues/api/queues/:queueName/:jobId/:part', {
    ...GUARDED,
    summary: 'Log lines or relatives of a job',
    request: { params: job.extend({ part: z.enum(['logs', 'flow']) }) },
  })
  part(@Param() params: z.infer<typeof job> & { readonly part: string }): Promise<object> {
    const { part, ...rest } = params;
    return this.#ask(`/api/queues/:queueName/:jobId/${part}`, rest);
  }

  @Endpoint('GET', '/queues/static/:folder/:file', {
    ...FILE,
    request: { params: z.strictObject({ folder: text, file: text }) },
  })
  file(
    @Param() { folder, file }: { readonly folder: string; readonly file: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Buffer {
    return this.#file(`${folder}/${file}`, reply);
  }

  @Endpoint('GET', '/queues/static/:folder/:group/:file', {
    ...FILE,
    request: { params: z.strictObject({ folder: text, group: text, file: text }) },
  })
  nested(
    @Param() path: { readonly folder: string; readonly group: string; readonly file: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Buffer {
    return this.#file(`${path.folder}/${path.group}/${path.file}`, reply);
  }

  #page(reply: HttpReply): string {
    reply.header('content-type', 'text/html; charset=utf-8');
    reply.header('content-security-policy', BOARD_POLICY);
    return this.#files.page(this.holder.board().uiConfig);
  }

  #ask(route: string, params: Readonly<Record<string, string>> = {}, query: object = {}) {
    return this.holder.board().answer({ route, params, query });
  }

  #file(name: string, reply: HttpReply): Buffer {
    const found = this.#files.read(name);
    if (found === undefined) throw new AppError('resource.not_found');
    reply.header('content-type', found.type);
    reply.header('cache-control', 'private, max-age=3600');
    return found.bytes;
  }
}
