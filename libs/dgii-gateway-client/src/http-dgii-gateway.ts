import {
  DGII_ROUTES,
  DgiiGateway,
  dgiiDeclarationsResponseSchema,
  dgiiDirectoryResponseSchema,
  dgiiFindResponseSchema,
  dgiiResultsResponseSchema,
  dgiiSendResponseSchema,
  type DgiiApprovalItem,
  type DgiiApprovalOutcome,
  type DgiiDeclarationOutcome,
  type DgiiDirectoryOutcome,
  type DgiiFindItem,
  type DgiiFindOutcome,
  type DgiiParty,
  type DgiiResultItem,
  type DgiiResultOutcome,
  type DgiiSendItem,
  type DgiiSendOutcome,
  type DgiiUnavailable,
  type DgiiVoidItem,
  type DgiiVoidOutcome,
} from '@getupnet/contracts';
import { HttpTransport } from '@getupnet/http-client';
import { Config } from '@getupnet/platform';
import { ServiceCaller } from '@getupnet/rbac';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { dgiiGatewayClientEnv } from './dgii-gateway-client.env.js';
import { InternalCalls, notAnswered, named, turnedAway, type Reply } from './internal-calls.js';
import { splitBySize } from './split-by-size.js';

/** Characters of XML in one call: even where each takes two bytes, below the route's body limit. */
const MAX_XML_CHARS = 2_500_000;

interface Route<T> {
  readonly path: string;
  readonly purpose: string;
  readonly answer: z.ZodType<{ outcomes: readonly T[] }>;
  /** After this moment nothing may leave any more. */
  readonly notAfter?: number;
}

interface Call<I, T> extends Route<T> {
  readonly party: DgiiParty;
  readonly items: readonly I[];
}

const SEND: Route<DgiiSendOutcome> = {
  path: DGII_ROUTES.send,
  purpose: 'dgii.send',
  answer: dgiiSendResponseSchema,
};
const APPROVALS: Route<DgiiApprovalOutcome> = {
  path: DGII_ROUTES.approvals,
  purpose: 'dgii.approvals',
  answer: dgiiDeclarationsResponseSchema,
};
const VOIDS: Route<DgiiVoidOutcome> = {
  path: DGII_ROUTES.voids,
  purpose: 'dgii.voids',
  answer: dgiiDeclarationsResponseSchema,
};

/**
 * The port DgiiGateway over the network. A call of ours that was written and not answered is like an
 * unanswered call to DGII: the documents may have been sent, so each of them is `unknown`.
 */
@Injectable()
export class HttpDgiiGateway extends DgiiGateway {
  private readonly calls: InternalCalls;

  constructor(config: Config, caller: ServiceCaller, transport: HttpTransport) {
    super();
    const baseUrl = config.get(dgiiGatewayClientEnv).DGII_CLIENT_URL;
    this.calls = new InternalCalls(baseUrl, caller, transport);
  }

  override send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
    notAfter?: number,
  ): Promise<readonly DgiiSendOutcome[]> {
    const doubt = (reason: string): DgiiSendOutcome => ({ kind: 'unknown', reason });
    const route = notAfter === undefined ? SEND : { ...SEND, notAfter };
    return this.inParts(party, items, route, doubt);
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
    return reply.kind === 'answer' ? reply.value : items.map(() => notAnswered(reply.reason));
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
    return reply.kind === 'answer' ? reply.value : items.map(() => notAnswered(reply.reason));
  }

  override sendApprovals(
    party: DgiiParty,
    items: readonly DgiiApprovalItem[],
  ): Promise<readonly DgiiApprovalOutcome[]> {
    return this.inParts(party, items, APPROVALS, undeclared);
  }

  override sendVoids(
    party: DgiiParty,
    items: readonly DgiiVoidItem[],
  ): Promise<readonly DgiiVoidOutcome[]> {
    return this.inParts(party, items, VOIDS, undeclared);
  }

  override async directory(party: DgiiParty, rnc: string): Promise<DgiiDirectoryOutcome> {
    const { tenantId, environment } = party;
    const query = new URLSearchParams({ tenantId, environment, rnc: party.rnc });
    const path = `${DGII_ROUTES.directory.replace(':rnc', encodeURIComponent(rnc))}?${query}`;
    const reply = await this.calls.get({
      path,
      purpose: 'dgii.directory',
      party,
      answer: dgiiDirectoryResponseSchema,
    });
    if (reply.kind !== 'answer') return notAnswered(reply.reason);
    const { supported, data } = reply.value;
    return supported ? { kind: 'found', receivers: data } : { kind: 'unsupported' };
  }

  /**
   * Sends items in calls of bearable size; `doubt` is the outcome of one that may have arrived. Only
   * when all of them were turned away this is thrown: it must not hide what became of the others.
   */
  private async inParts<I extends { readonly xml: string }, T>(
    party: DgiiParty,
    items: readonly I[],
    route: Route<T>,
    doubt: (reason: string) => T,
  ): Promise<readonly (T | DgiiUnavailable)[]> {
    const parts = splitBySize(items, MAX_XML_CHARS, (item) => item.xml.length);
    const replies = await Promise.allSettled(
      parts.map(async (part): Promise<readonly (T | DgiiUnavailable)[]> => {
        const reply = await this.call<I, T>({ ...route, party, items: part });
        if (reply.kind === 'answer') return reply.value;
        const { kind, reason } = reply;
        return part.map(() => (kind === 'unsent' ? notAnswered(reason) : doubt(named(reason))));
      }),
    );
    const errors = replies.flatMap((reply) => (reply.status === 'rejected' ? [reply.reason] : []));
    if (errors.length > 0 && errors.length === parts.length) {
      // A fault says less of what was sent than "turned away" does, so it goes first.
      throw errors.find((error) => turnedAway(error) === null) ?? errors[0];
    }
    return replies.flatMap((reply, index) => {
      if (reply.status === 'fulfilled') return reply.value;
      const outcome = turnedAway(reply.reason) ?? doubt(named('internal'));
      return (parts[index] ?? []).map(() => outcome);
    });
  }

  /** One outcome per item, or what became of the call. */
  private async call<I, T>(call: Call<I, T>): Promise<Reply<readonly T[]>> {
    const { path, purpose, party, items, answer, notAfter } = call;
    const body = notAfter === undefined ? { party, items } : { party, items, notAfter };
    const reply = await this.calls.post({ path, purpose, party, answer }, body);
    if (reply.kind !== 'answer') return reply;
    const { outcomes } = reply.value;
    return outcomes.length === items.length
      ? { kind: 'answer', value: outcomes }
      : { kind: 'lost', reason: 'answer.wrong_shape' };
  }
}

function undeclared(reason: string): DgiiDeclarationOutcome {
  return { kind: 'unknown', reason, raw: null };
}
