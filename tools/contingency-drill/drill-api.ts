import { randomUUID } from 'node:crypto';
import {
  contingencyListSchema,
  documentResourceSchema,
  type ContingencyResource,
  type DocumentResource,
  type Environment,
} from '@getupnet/contracts';
import { z } from 'zod';
import type { DrillTarget } from './target.js';

const TIMEOUT_MS = 15_000;

/** A line of the simulator's ledger, as far as the drill reads it. */
const ledgerLine = z.object({
  seq: z.number(),
  service: z.string(),
  rnc: z.string().nullable().optional(),
  encf: z.string().nullable().optional(),
  processed: z.boolean().optional(),
  codigo: z.string().nullable().optional(),
});
export type Upload = z.infer<typeof ledgerLine>;

const RECEPTIONS: ReadonlySet<string> = new Set(['recepcion', 'recepcionfc']);

/** What the drill asks of the platform, as any program of a taxpayer, and of the simulator. */
export class DrillApi {
  constructor(private readonly target: DrillTarget) {}

  async emit(body: object): Promise<DocumentResource> {
    const text = await this.platform('POST', '/tenant/emit/ecf', {
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    });
    return documentResourceSchema.parse(JSON.parse(text));
  }

  async document(id: string): Promise<DocumentResource> {
    const text = await this.platform('GET', `/tenant/invoices/${id}`);
    return documentResourceSchema.parse(JSON.parse(text));
  }

  /** The printed representation, as a page. */
  page({ links }: DocumentResource): Promise<string> {
    return this.platform('GET', `${links.ri}?format=html`);
  }

  xml({ links }: DocumentResource): Promise<string> {
    return this.platform('GET', links.xml);
  }

  /** Of the platform's log, what happened for want of a connection; newest first. */
  async episodes(): Promise<readonly ContingencyResource[]> {
    const text = await this.platform('GET', '/tenant/contingencies?kind=NO_CONNECTION');
    return contingencyListSchema.parse(JSON.parse(text)).data;
  }

  notice({ links }: ContingencyResource): Promise<string> {
    return this.platform('GET', links.notice);
  }

  /** Takes DGII away; answers how to bring it back. */
  async cut(environment: Environment): Promise<string> {
    const text = await this.control('POST', '/faults', { kind: 'down', environment });
    return z.object({ id: z.string() }).parse(JSON.parse(text)).id;
  }

  async restore(fault: string): Promise<void> {
    await this.control('DELETE', `/faults/${fault}`);
  }

  /** Throws when no simulator is there. */
  async simulatorState(): Promise<void> {
    await this.control('GET', '/state');
  }

  /** Documents of an issuer that DGII's reception saw, in the order of their arrival. */
  async uploads(rnc: string): Promise<Upload[]> {
    const text = await this.control('GET', `/ledger?rnc=${rnc}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ledgerLine.parse(JSON.parse(line)))
      .filter(({ service }) => RECEPTIONS.has(service));
  }

  private platform(method: string, path: string, init: RequestInit = {}): Promise<string> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.target.apiKey}`);
    return answerOf(`${this.target.gatewayUrl}${path}`, { ...init, method, headers });
  }

  private control(method: string, path: string, body?: object): Promise<string> {
    return answerOf(`${this.target.simulatorUrl}/_control${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }
}

async function answerOf(url: string, init: RequestInit): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { ...init, signal }).catch((cause: unknown) => {
    const advice = '¿está en marcha? La demostración se arranca con «npm run demo».';
    throw new Error(`${new URL(url).origin} no responde: ${advice}`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 300)}`);
}
