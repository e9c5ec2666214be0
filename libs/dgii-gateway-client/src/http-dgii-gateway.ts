import {
  DGII_ROUTES,
  DgiiGateway,
  dgiiFindResponseSchema,
  dgiiResultsResponseSchema,
  dgiiSendResponseSchema,
  isProblemCode,
  type DgiiFindItem,
  type DgiiFindOutcome,
  type DgiiParty,
  type DgiiResultItem,
  type DgiiResultOutcome,
  type DgiiSendItem,
  type DgiiSendOutcome,
} from '@getupnet/contracts';
import { HttpTransport } from '@getupnet/http-client';
import { AppError, isAppError } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { ServiceCaller } from '@getupnet/rbac';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { dgiiGatewayClientEnv } from './dgii-gateway-client.env.js';
import { splitBySize } from './split-by-size.js';

/** Longer than the service itself may take for one call. */
const CALL_TIMEOUT_MS = 30_000;
const RETRY_MS = 2_000;
/** Characters of XML in one call: even where each takes two bytes, below the route's body limit. */
const MAX_XML_CHARS = 2_500_000;
/** A caller is wrong in the same way for every document: these are thrown, not outcomes. */
const THROWN: ReadonlySet<string> = new Set(['env.forbidden', 'tenant.mismatch']);

type Reply<T> =
  | { readonly kind: 'outcomes'; readonly outcomes: readonly T[] }
  /** The service may have acted; what came of it is not known. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The service certainly did not act. */
  | { readonly kind: 'unsent'; readonly reason: string };

interface Call<I, T> {
  readonly path: string;
  readonly purpose: string;
  readonly party: DgiiParty;
  readonly items: readonly I[];
  readonly answer: z.ZodType<{ outcomes: readonly T[] }>;
}

const problemSchema = z.object({ code: z.string() });

/**
 * The port DgiiGateway over the network. A call of ours that was written and not answered is like an
 * unanswered call to DGII: the documents may have been sent, so each of them is `unknown`.
 */
@Injectable()
export class HttpDgiiGateway extends DgiiGateway {
  private readonly baseUrl: string;

  constructor(
    config: Config,
    private readonly caller: ServiceCaller,
    private readonly transport: HttpTransport,
  ) {
    super();
    this.baseUrl = config.get(dgiiGatewayClientEnv).DGII_CLIENT_URL;
  }

  override async send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
  ): Promise<readonly DgiiSendOutcome[]> {
    const parts = splitBySize(items, MAX_XML_CHARS, (item) => item.xml.length);
    const outcomes = await Promise.all(parts.map((part) => this.sendPart(party, part)));
    return outcomes.flat();
  }

  override async results(
    party: DgiiParty,
    items: readonly DgiiResultItem[],
  ): Promise<readonly DgiiResultOutcome[]> {
    const reply = await this.call<DgiiResultItem, DgiiResultOutcome>({
      path: DGII_ROUTES.status,
      purpose: 'dgii.results',
      party,
      items,
      answer: dgiiResultsResponseSchema,
    });
    return reply.kind === 'outcomes' ? reply.outcomes : items.map(() => notAnswered(reply.reason));
  }

  override async find(
    party: DgiiParty,
    items: readonly DgiiFindItem[],
  ): Promise<readonly DgiiFindOutcome[]> {
    const reply = await this.call<DgiiFindItem, DgiiFindOutcome>({
      path: DGII_ROUTES.find,
      purpose: 'dgii.find',
      party,
      items,
      answer: dgiiFindResponseSchema,
    });
    return reply.kind === 'outcomes' ? reply.outcomes : items.map(() => notAnswered(reply.reason));
  }

  private async sendPart(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
  ): Promise<readonly DgiiSendOutcome[]> {
    const reply = await this.call<DgiiSendItem, DgiiSendOutcome>({
      path: DGII_ROUTES.send,
      purpose: 'dgii.send',
      party,
      items,
      answer: dgiiSendResponseSchema,
    });
    if (reply.kind === 'outcomes') return reply.outcomes;
    const { kind, reason } = reply;
    return items.map(() =>
      kind === 'unsent' ? notAnswered(reason) : { kind: 'unknown', reason: named(reason) },
    );
  }

  private async call<I, T>({ path, purpose, party, items, answer }: Call<I, T>): Promise<Reply<T>> {
    const body = Buffer.from(JSON.stringify({ party, items }), 'utf8');
    let headers: Record<string, string>;
    try {
      const { tenantId } = party;
      headers = this.caller.headers({ callee: 'dgii-client', tenantId, purpose, body });
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { kind: 'unsent', reason: error.code };
    }
    const exchange = await this.transport.send({
      method: 'POST',
      url: new URL(path, this.baseUrl),
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    if (exchange.kind !== 'answer') return exchange;
    if (exchange.status !== 200) {
      return problemReply(exchange.status, exchange.body, party);
    }
    const parsed = answer.safeParse(jsonOf(exchange.body));
    const complete = parsed.success && parsed.data.outcomes.length === items.length;
    return complete
      ? { kind: 'outcomes', outcomes: parsed.data.outcomes }
      : { kind: 'lost', reason: 'answer.wrong_shape' };
  }
}

/** A 4xx comes before the service acts: authentication, validation, the production gate. */
function problemReply(
  status: number,
  body: string,
  { environment }: DgiiParty,
): { kind: 'lost' | 'unsent'; reason: string } {
  const problem = problemSchema.safeParse(jsonOf(body));
  const code = problem.success && isProblemCode(problem.data.code) ? problem.data.code : undefined;
  if (code !== undefined && THROWN.has(code)) throw new AppError(code, { environment });
  const before = status >= 400 && status < 500 && status !== 408;
  return { kind: before ? 'unsent' : 'lost', reason: code ?? `http.${status}` };
}

function notAnswered(reason: string): {
  kind: 'unavailable';
  reason: string;
  retryAfterMs: number;
} {
  return { kind: 'unavailable', reason: named(reason), retryAfterMs: RETRY_MS };
}

const named = (reason: string): string => `dgii-client: ${reason}`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not our service's JSON; the schema refuses undefined.
    return undefined;
  }
}
