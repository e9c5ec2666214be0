import { Histogram, type Registry } from 'prom-client';

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface ServedRequest {
  readonly service: string;
  readonly method: string;
  /** Pattern, never the path itself: paths hold ids and would never end. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** `http_request_duration_seconds` by service, method, route pattern and status. */
export class HttpMetrics {
  readonly #duration: Histogram<'service' | 'method' | 'route' | 'status'>;

  constructor(registry: Registry) {
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from receiving a request to the end of its answer.',
      labelNames: ['service', 'method', 'route', 'status'],
      buckets: BUCKETS_S,
      registers: [registry],
    });
  }

  observe({ service, method, route, status, durationMs }: ServedRequest): void {
    this.#duration.observe({ service, method, route, status }, durationMs / 1_000);
  }
}
