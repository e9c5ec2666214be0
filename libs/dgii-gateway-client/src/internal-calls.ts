import { isProblemCode, type DgiiParty, type DgiiUnavailable } from '@getupnet/contracts';
import type { HttpTransport } from '@getupnet/http-client';
import { AppError, isAppError } from '@getupnet/kernel';
import type { ServiceCaller } from '@getupnet/rbac';
import { z } from 'zod';

/** Longer than the service itself may take for one call. */
const CALL_TIMEOUT_MS = 30_000;
const RETRY_MS = 2_000;
/** A caller is wrong in the same way for every document: these are thrown, not outcomes. */
const THROWN: ReadonlySet<string> = new Set(['env.forbidden', 'tenant.mismatch']);
/** Until then nobody will have changed it. */
const TURNED_AWAY_RETRY_MS = 60_000;

/** What became of a call to the service. */
export type Reply<T> =
  | { readonly kind: 'answer'; readonly value: T }
  /** The service may have acted; what came of it is not known. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The service certainly did not act. */
  | { readonly kind: 'unsent'; readonly reason: string };

/** Where a call goes, for whom, and what it must answer. */
export interface InternalCall<T> {
  readonly path: string;
  readonly purpose: string;
  readonly party: DgiiParty;
  readonly answer: z.ZodType<T>;
}

const problemSchema = z.object({ code: z.string() });

/** Calls to the dgii-client service's internal listener, each made once. */
export class InternalCalls {
  constructor(
    private readonly baseUrl: string,
    private readonly caller: ServiceCaller,
    private readonly transport: HttpTransport,
  ) {}

  get<T>(call: InternalCall<T>): Promise<Reply<T>> {
    return this.make(call, null);
  }

  post<T>(call: InternalCall<T>, body: object): Promise<Reply<T>> {
    return this.make(call, Buffer.from(JSON.stringify(body), 'utf8'));
  }

  private async make<T>(
    { path, purpose, party, answer }: InternalCall<T>,
    body: Buffer | null,
  ): Promise<Reply<T>> {
    let headers: Record<string, string>;
    try {
      const { tenantId } = party;
      const signed = { callee: 'dgii-client', tenantId, purpose, body: body ?? '' } as const;
      headers = this.caller.headers(signed);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { kind: 'unsent', reason: error.code };
    }
    const exchange = await this.transport.send({
      method: body ? 'POST' : 'GET',
      url: new URL(path, this.baseUrl),
      headers: {
        ...headers,
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body } : {}),
      timeoutMs: CALL_TIMEOUT_MS,
    });
    if (exchange.kind !== 'answer') return exchange;
    if (exchange.status !== 200) return problemReply(exchange.status, exchange.body, party);
    const parsed = answer.safeParse(jsonOf(exchange.body));
    return parsed.success
      ? { kind: 'answer', value: parsed.data }
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

export function notAnswered(reason: string): DgiiUnavailable {
  return { kind: 'unavailable', reason: named(reason), retryAfterMs: RETRY_MS };
}

/** The outcome of what was turned away beside something that was not; null for any other error. */
export function turnedAway(error: unknown): DgiiUnavailable | null {
  if (!isAppError(error) || !THROWN.has(error.code)) return null;
  return { kind: 'unavailable', reason: error.code, retryAfterMs: TURNED_AWAY_RETRY_MS };
}

export const named = (reason: string): string => `dgii-client: ${reason}`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not our service's JSON; the schema refuses undefined.
    return undefined;
  }
}
