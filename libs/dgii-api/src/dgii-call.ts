import type { DgiiMessage, Environment } from '@getupnet/contracts';
import type { Exchange, HttpTransport } from '@getupnet/http-client';
import type { DgiiEndpoints } from './endpoints.js';
import { isHtml, isMarkup, readErrorBody } from './error-body.js';
import { parseJson } from './lenient-json.js';
import { cleanText, cutText } from './texts.js';
import { xmlForm, type MultipartBody } from './multipart.js';
import type { DgiiService } from './services.js';

/** What one call to DGII came to. `raw` is the body as received (up to 1 MB, as storable text). */
export type DgiiAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly raw: string }
  /** DGII says in words why it did not take it. */
  | {
      readonly kind: 'refused';
      readonly httpStatus: number;
      readonly codigo: string | null;
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** 401: the token is missing, expired or not liked any more. */
  | {
      readonly kind: 'unauthorized';
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** Something answered, but nothing follows from it: 5xx, HTML, empty, truncated, another shape. */
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly httpStatus: number;
      readonly raw: string;
    }
  /** The request left and no answer came. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The request certainly did not leave. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** DGII has no such service in this environment. */
  | { readonly kind: 'unsupported' };

/** Limits of one call; `timeoutMs` shortens the usual total time-out. */
export interface CallOptions {
  readonly timeoutMs?: number | undefined;
}

export interface AuthorisedCall extends CallOptions {
  readonly environment: Environment;
  readonly token: string;
}

/** One request to one of DGII's services. */
export interface DgiiCall<T> extends CallOptions {
  readonly environment: Environment;
  readonly service: DgiiService;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly file?: { readonly name: string; readonly xml: string };
  /** A JSON body, where the service takes one instead of a file. */
  readonly json?: object;
  /** Where larger answers than usual are expected. */
  readonly maxAnswerBytes?: number;
  /** The HTTP status is the whole answer: an empty body is no fault, and a 400 needs no reason. */
  readonly bodyFree?: boolean;
  readonly read: (body: string) => T | null;
}

/**
 * Answers that are DGII's considered refusal. 403, 404 and 405 come from a wrong path or a firewall,
 * 408 and 429 from the way: nothing about the document follows from them.
 */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 413, 415, 422]);

/** Of a body this much is kept; what the transport takes from DGII is smaller, but for one service. */
const MAX_RAW_CHARS = 1_000_000;

/** Makes one request to a service of DGII and says honestly what it came to. */
export class DgiiCaller {
  constructor(
    private readonly endpoints: DgiiEndpoints,
    private readonly transport: HttpTransport,
  ) {}

  async call<T>(call: DgiiCall<T>): Promise<DgiiAnswer<T>> {
    const base = this.endpoints.base(call.environment, call.service);
    if (!base) return { kind: 'unsupported' };
    // A base without a path ends with a stroke, and the path begins with one.
    const url = new URL(base.href.replace(/\/$/, '') + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const content = contentOf(call);
    const exchange = await this.transport.send({
      method: content ? 'POST' : 'GET',
      url,
      headers: {
        accept: 'application/json',
        ...(content ? { 'content-type': content.contentType } : {}),
        ...(call.authorization === undefined ? {} : { authorization: call.authorization }),
      },
      ...(content ? { body: content.body } : {}),
      timeoutMs: call.timeoutMs,
      maxAnswerBytes: call.maxAnswerBytes,
    });
    return interpret(exchange, call);
  }
}

function contentOf({ file, json: body }: DgiiCall<unknown>): MultipartBody | null {
  if (file) return xmlForm(file.name, file.xml);
  if (body === undefined) return null;
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(body), 'utf8') };
}

/** Members of a call that a bearer token authorises. */
export function bearer(call: AuthorisedCall): CallOptions & {
  environment: Environment;
  authorization: string;
} {
  const { environment, timeoutMs } = call;
  return { environment, timeoutMs, authorization: `Bearer ${call.token}` };
}

/** Reads a JSON body, leniently. */
export function json<T>(read: (value: unknown) => T | null): (body: string) => T | null {
  return (body) => {
    const value = parseJson(body);
    return value === undefined ? null : read(value);
  };
}

function interpret<T>(exchange: Exchange, { read, bodyFree = false }: DgiiCall<T>): DgiiAnswer<T> {
  if (exchange.kind !== 'answer') return exchange;
  const { status, contentType, body } = exchange;
  const raw = cleanText(cutText(body, MAX_RAW_CHARS));
  const unusable = (reason: string): DgiiAnswer<T> => ({
    kind: 'unusable',
    reason,
    httpStatus: status,
    raw,
  });
  if (status >= 200 && status < 300) {
    const blank = body.trim() === '' && !bodyFree;
    const value = blank || isHtml(contentType) ? null : read(body);
    return value === null ? unusable(whyUnusable(contentType, body)) : { kind: 'ok', value, raw };
  }
  const { codigo, mensajes, readable, shape } = readErrorBody(status, contentType, raw);
  if (status === 401) return { kind: 'unauthorized', mensajes, raw };
  if (!REFUSALS.has(status)) return unusable(`http.${status}`);
  const speaks = readable || (bodyFree && !isMarkup(contentType, body));
  if (!speaks) return unusable(`http.${status}.${shape}`);
  return { kind: 'refused', httpStatus: status, codigo, mensajes, raw };
}

function whyUnusable(contentType: string, body: string): string {
  if (body.trim() === '') return 'answer.empty';
  if (isMarkup(contentType, body)) return 'answer.markup';
  return parseJson(body) === undefined ? 'answer.not_json' : 'answer.wrong_shape';
}
