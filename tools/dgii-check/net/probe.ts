import type { Clock } from '@getupnet/kernel';
import { Client } from 'undici';
import { errorFacts, type ErrorFacts } from '../../cli/error-facts.js';

/** A page larger than this is no semilla. */
const MAX_BODY_BYTES = 65_536;

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  /** The `Date` header, as it came. */
  readonly date: string | null;
  readonly location: string | null;
  readonly server: string | null;
  readonly body: string;
  readonly truncated: boolean;
  /** By our clock, between asking and the answer's head. */
  readonly at: Date;
  /** From asking to the answer's head. */
  readonly headMs: number;
}

export type Probe =
  | HttpAnswer
  | {
      readonly kind: 'none';
      /** How far it came. */
      readonly phase: 'connect' | 'head' | 'body';
      readonly error: ErrorFacts;
      readonly timedOut: boolean;
    };

export interface ProbeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM; instead of the authorities Node trusts. */
  readonly authorities?: string | undefined;
}

/** One GET on a connection of its own, with everything a diagnosis wants to know of it. */
export async function probe(url: URL, options: ProbeOptions): Promise<Probe> {
  const { authorities, clock, timeoutMs } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  const client = new Client(url.origin, {
    connect: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      timeout: timeoutMs,
      ...(authorities === undefined ? {} : { ca: authorities }),
    },
  });
  let phase: 'connect' | 'head' | 'body' = 'connect';
  client.once('connect', () => {
    phase = 'head';
  });
  const askedMs = performance.now();
  const askedAt = clock.now().getTime();
  try {
    const { statusCode, headers, body } = await client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: { accept: '*/*', ...options.headers },
      signal: limit,
    });
    const headMs = performance.now() - askedMs;
    phase = 'body';
    const { text, truncated } = await bounded(body);
    return {
      kind: 'answer',
      status: statusCode,
      contentType: textOf(headers['content-type']) ?? '',
      date: textOf(headers['date']),
      location: textOf(headers['location']),
      server: textOf(headers['server']),
      body: text,
      truncated,
      at: new Date(askedAt + headMs / 2),
      headMs,
    };
  } catch (error) {
    const facts = errorFacts(error);
    const timedOut = limit.aborted || facts.code.endsWith('_TIMEOUT');
    return { kind: 'none', phase, error: facts, timedOut };
  } finally {
    await client.destroy();
  }
}

async function bounded(
  body: AsyncIterable<Buffer>,
): Promise<{ readonly text: string; readonly truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), truncated: size > MAX_BODY_BYTES };
}

function textOf(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}
