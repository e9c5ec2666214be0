import { Readable } from 'node:stream';
import { Body, Controller, Res, StreamableFile } from '@nestjs/common';
import { MOST_BATCH_BYTES, batchLineSchema, batchResultSchema } from '@getupnet/contracts';
import { BodyLines, Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { BATCH_PATH } from './batch-run.js';
import { IssueBatch } from './issue-batch.use-case.js';

const NDJSON = 'application/x-ndjson';
/** From the request's first byte on; the last answers leave within NET-7's 30 s. */
const TAKES_LINES_MS = 25_000;

@Controller()
export class EmitBatchController {
  constructor(private readonly batch: IssueBatch) {}

  @Endpoint('POST', BATCH_PATH, {
    listener: 'public',
    scope: 'TENANT',
    permission: ['TENANT_INVOICE_EMIT', 'TENANT_RFCE_SUBMIT'],
    summary: 'Issue up to 1,000 e-CF in one request, one JSON object a line',
    description:
      'Each line is issued as a POST to `/tenant/emit/ecf` of its own, with its own key; the answer ' +
      'has one line for each, in the same order, written as soon as it is committed. A line that is ' +
      'refused or broken concerns no other. Whoever disconnects leaves what was accepted accepted; ' +
      'the rest is not issued. Repeating the whole request is safe.',
    consumes: [NDJSON],
    produces: NDJSON,
    bodyLimit: MOST_BATCH_BYTES,
    request: { lines: batchLineSchema },
    response: batchResultSchema,
    problems: ['request.malformed_json', 'request.too_large', 'rate.limited'],
  })
  emit(
    @CurrentTenant() tenant: TenantContext,
    @Body() lines: BodyLines,
    @Res({ passthrough: true }) reply: HttpReply,
  ): StreamableFile {
    const gone = new AbortController();
    const answers = this.batch.run(tenant, {
      lines,
      context: reply.request.ctx,
      until: performance.now() - reply.elapsedTime + TAKES_LINES_MS,
      gone: gone.signal,
    });
    const stream = Readable.from(answers, { objectMode: false });
    // Also at the end of a whole answer; then nobody listens any more.
    stream.once('close', () => gone.abort());
    // Closed in any case, also when the answer cannot begin any more.
    return new StreamableFile(stream, { type: NDJSON });
  }
}
