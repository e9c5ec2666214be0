import { randomUUID } from 'node:crypto';
import {
  batchResultSchema,
  documentListSchema,
  documentResourceSchema,
  dryRunResourceSchema,
  isFinalState,
  sequenceListSchema,
  timelineSchema,
  type BatchResult,
  type DocumentList,
  type DocumentResource,
  type DryRunResource,
  type SequenceResource,
  type Timeline,
} from '@getupnet/contracts';
import { waitFor } from '@getupnet/testkit';
import type { z } from 'zod';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface EmitOptions {
  /** Idempotency-Key; a new one when absent. */
  readonly key?: string;
  /** Seconds of `Prefer: wait`. */
  readonly wait?: number;
}

export interface Emitted {
  readonly status: number;
  readonly headers: Headers;
  readonly document: DocumentResource;
}

/** The in-flight window and more of a busy machine. */
const FINAL_WITHIN_MS = 60_000;
/** Longest wait for the verdict within one request. */
const WAIT_S = 20;

/** What an integrator's program does: HTTP with an API key, and every answer held to its schema. */
export class Api {
  constructor(
    private readonly base: () => string,
    private readonly apiKey: string,
  ) {}

  /** Where it calls. */
  get url(): string {
    return this.base();
  }

  /** With this credential. */
  call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.apiKey}`);
    return this.raw(method, path, { ...init, headers });
  }

  /** With nothing that is not stated. */
  async raw(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.base()}${path}`, { ...init, method });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  /** Posts and answers whatever came back. */
  post(body: unknown, { key = randomUUID(), wait }: EmitOptions = {}): Promise<Answer> {
    return this.call('POST', '/tenant/emit/ecf', {
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Posts what must be accepted. */
  async emit(body: unknown, options: EmitOptions = {}): Promise<Emitted> {
    const answer = await this.post(body, options);
    if (answer.status !== 200 && answer.status !== 202) throw unexpected('emit', answer);
    return { ...answer, document: documentResourceSchema.parse(JSON.parse(answer.text)) };
  }

  /** Posts and waits for DGII's verdict within the same request. */
  async issue(body: unknown, options: EmitOptions = {}): Promise<DocumentResource> {
    const { status, document } = await this.emit(body, { wait: WAIT_S, ...options });
    if (status !== 200) throw new Error(`${document.encf} is ${document.state} after ${WAIT_S} s`);
    return document;
  }

  /** Posts lines as one batch, texts as they are; answers what became of each. */
  async batch(lines: readonly (object | string)[]): Promise<BatchResult[]> {
    const answer = await this.postLines(lines);
    if (answer.status !== 200) throw unexpected('batch', answer);
    const answered = answer.text.split('\n').filter((line) => line !== '');
    return answered.map((line) => batchResultSchema.parse(JSON.parse(line)));
  }

  /** Posts lines and answers whatever came back. */
  postLines(lines: readonly (object | string)[], init: RequestInit = {}): Promise<Answer> {
    const texts = lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    return this.call('POST', '/tenant/emit/batch', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: texts.join('\n'),
      ...init,
    });
  }

  async dryRun(body: unknown): Promise<DryRunResource> {
    const answer = await this.call('POST', '/tenant/emit/ecf?dryRun=true', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return parsed('dry run', answer, dryRunResourceSchema);
  }

  async get(id: string): Promise<DocumentResource> {
    const answer = await this.call('GET', `/tenant/invoices/${id}`);
    return parsed('document', answer, documentResourceSchema);
  }

  async list(query: Readonly<Record<string, string>> = {}): Promise<DocumentList> {
    const answer = await this.call('GET', `/tenant/invoices?${new URLSearchParams(query)}`);
    return parsed('list', answer, documentListSchema);
  }

  /** Every document, through as many pages as it takes. */
  async listAll(query: Readonly<Record<string, string>> = {}): Promise<DocumentResource[]> {
    const found: DocumentResource[] = [];
    let cursor: string | null = null;
    do {
      const page: DocumentList = await this.list({ ...query, ...(cursor ? { cursor } : {}) });
      found.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  async xml(id: string): Promise<string> {
    const answer = await this.call('GET', `/tenant/invoices/${id}/xml`);
    if (answer.status !== 200) throw unexpected('xml', answer);
    return answer.text;
  }

  async timeline(id: string): Promise<Timeline['data']> {
    const answer = await this.call('GET', `/tenant/invoices/${id}/timeline`);
    return parsed('timeline', answer, timelineSchema).data;
  }

  async sequences(): Promise<SequenceResource[]> {
    const answer = await this.call('GET', '/tenant/sequences?limit=200');
    return parsed('sequences', answer, sequenceListSchema).data;
  }

  /** Type → next number, of ranges that have one. */
  async nextNumbers(): Promise<Readonly<Record<string, string | null>>> {
    const ranges = await this.sequences();
    return Object.fromEntries(ranges.map(({ tipo, next }) => [tipo, next]));
  }

  retry(id: string): Promise<Answer> {
    return this.call('POST', `/tenant/invoices/${id}/retry`);
  }

  /** Asks until the document has ended. */
  async final(id: string, timeoutMs = FINAL_WITHIN_MS): Promise<DocumentResource> {
    let last: DocumentResource | undefined;
    return waitFor(
      async () => {
        last = await this.get(id);
        return isFinalState(last.state) ? last : null;
      },
      { what: `the verdict of ${id}`, timeoutMs },
    ).catch((error: unknown) => {
      throw new Error(`${id} is still ${last?.state}`, { cause: error });
    });
  }

  /** Asks until the document is in the state. */
  reaches(id: string, state: DocumentResource['state']): Promise<DocumentResource> {
    return waitFor(
      async () => {
        const document = await this.get(id);
        return document.state === state ? document : null;
      },
      { what: `${id} in ${state}`, timeoutMs: FINAL_WITHIN_MS },
    );
  }
}

function parsed<T>(what: string, answer: Answer, schema: z.ZodType<T>): T {
  if (answer.status !== 200) throw unexpected(what, answer);
  return schema.parse(JSON.parse(answer.text));
}

function unexpected(what: string, { status, text }: Answer): Error {
  return new Error(`${what} answered ${status}: ${text}`);
}
