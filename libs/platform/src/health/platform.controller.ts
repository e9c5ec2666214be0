import { AppError } from '@getupnet/kernel';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { OPEN_API, type OpenApiDocuments } from '../endpoint/openapi.js';
import { Readiness, type ReadinessReport } from './readiness.js';

const MINUTE_MS = 60_000;
/** Far more than any probe asks; it is the one public route that costs no credential. */
const MAX_HEALTHZ_PER_MINUTE = 1_000;

/** What every process answers, whatever its services. */
@Controller()
export class PlatformController {
  #minuteStart = Number.NEGATIVE_INFINITY;
  #asked = 0;

  constructor(
    private readonly readiness: Readiness,
    private readonly registry: Registry,
    @Inject(OPEN_API) private readonly openApi: OpenApiDocuments,
  ) {}

  @Endpoint('GET', '/healthz', {
    listener: 'both',
    scope: 'PUBLIC',
    summary: 'Whether the process answers; says nothing else',
  })
  healthz(): void {
    const now = performance.now();
    if (now - this.#minuteStart >= MINUTE_MS) {
      this.#minuteStart = now;
      this.#asked = 0;
    }
    this.#asked += 1;
    if (this.#asked > MAX_HEALTHZ_PER_MINUTE) throw new AppError('rate.limited');
  }

  @Endpoint('GET', '/readyz', {
    listener: 'internal',
    scope: 'PUBLIC',
    summary: 'Whether the process can work: 200 with its checks, otherwise 503',
  })
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    reply.status(report.ready ? 200 : 503);
    return report;
  }

  @Endpoint('GET', '/metrics', {
    listener: 'internal',
    scope: 'PUBLIC',
    summary: 'Metrics in the Prometheus text format',
    produces: 'text/plain',
  })
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('content-type', this.registry.contentType);
    return this.registry.metrics();
  }

  @Endpoint('GET', '/openapi.json', {
    listener: 'public',
    scope: 'PUBLIC',
    summary: 'OpenAPI 3.1 document of the public routes of this process',
    hidden: true,
  })
  publicOpenApi(): object {
    return this.openApi.public();
  }

  @Endpoint('GET', '/openapi.json', {
    listener: 'internal',
    scope: 'PUBLIC',
    summary: 'OpenAPI 3.1 document of the internal routes of this process',
    hidden: true,
  })
  internalOpenApi(): object {
    return this.openApi.internal();
  }
}
