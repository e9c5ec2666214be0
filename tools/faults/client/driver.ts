import { setTimeout as pause } from 'node:timers/promises';
import { documentResourceSchema, isFinalState, type DocumentResource } from '@getupnet/contracts';
import type { Seeded } from '../seeded.js';
import type { FaultTenant } from '../world/tenants.js';
import type { AckLog } from './ack-log.js';
import { answerFault, codeOf } from './answer-fault.js';
import { correctionOf, orderOf, type Order, type Posted } from './documents.js';

/** What an integrator is told to do: in progress, or a dependency away: post again. */
const AGAIN: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);
const IN_PROGRESS = 'idempotency.in_progress';
/** Longest wait for one answer, a little more than the platform may take. */
const ANSWER_WITHIN_MS = 33_000;
const RETRY_MS = 150;
const MOST_RETRY_MS = 1_000;
const LOOK_EVERY_MS = 400;
/** Notes refer to one of the last few. */
const REMEMBERED = 12;
/** One of so many acknowledged documents is posted again later. */
const REPEAT_EVERY = 12;

export interface DriverOptions {
  readonly url: string;
  readonly tenants: readonly FaultTenant[];
  readonly log: AckLog;
  readonly draw: Seeded;
  /** Posts under way at once. */
  readonly inFlight: number;
}

/** Posts documents like a careful ERP: writes down first, keeps its keys, repeats until told. */
export class Driver {
  acknowledged = 0;
  refused = 0;
  attempts = 0;
  #posted = 0;
  #released = 0;
  #closed = false;
  #wake: (() => void)[] = [];
  readonly #former = new Map<string, Posted[]>();
  readonly #followUps = new Set<Promise<void>>();

  constructor(private readonly options: DriverOptions) {}

  /** Documents begun so far; corrections are on top. */
  get posted(): number {
    return this.#posted;
  }

  /** Lets it post up to so many documents in all. */
  release(upTo: number): void {
    this.#released = Math.max(this.#released, upTo);
    this.#wakeAll();
  }

  /** No more will be released. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Settles when everything released until {@link close} was answered. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.inFlight }, () => this.#work()));
    while (this.#followUps.size > 0) await Promise.all(this.#followUps);
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #work(): Promise<void> {
    for (;;) {
      while (this.#posted >= this.#released) {
        if (this.#closed) return;
        await new Promise<void>((wake) => this.#wake.push(wake));
      }
      const at = this.#posted++;
      const { tenants, draw } = this.options;
      const tenant = tenants[at % tenants.length];
      if (tenant === undefined) throw new RangeError('no tenants');
      const former = this.#former.get(tenant.id) ?? [];
      await this.#issue(orderOf(at, tenant, former, draw.fork(at)), at);
    }
  }

  async #issue(order: Order, at: number): Promise<void> {
    const first = this.#post(order);
    const [told] = await Promise.all(order.twin ? [first, this.#post(order)] : [first]);
    if (!told) return;
    if (order.base || order.expect.includes('REJECTED')) this.#remember(order, told);
    if (order.freesNumber) this.#follow(this.#correct(order, told.id));
    if (at % REPEAT_EVERY === 0) this.#follow(this.#repeat(order));
  }

  #remember({ tenant, expect }: Order, { encf, fechaHoraFirma }: DocumentResource): void {
    const former = this.#former.get(tenant.id) ?? [];
    former.push({
      encf,
      fecha: fechaHoraFirma.slice(0, 10),
      accepted: expect.includes('ACCEPTED'),
    });
    this.#former.set(tenant.id, former.slice(-REMEMBERED));
  }

  #follow(work: Promise<unknown>): void {
    const followUp: Promise<void> = work.then(() => {
      this.#followUps.delete(followUp);
    });
    this.#followUps.add(followUp);
  }

  /** Two corrections at once for one freed number. */
  async #correct(order: Order, documentId: string): Promise<void> {
    await this.#untilFinal(order.tenant, documentId);
    await Promise.all([1, 2].map((runner) => this.#post(correctionOf(order, documentId, runner))));
  }

  async #repeat(order: Order): Promise<void> {
    await pause(RETRY_MS * 10);
    await this.#send(order);
  }

  async #post(order: Order): Promise<DocumentResource | null> {
    const { key, tenant, tipo, expect, race } = order;
    const line = { t: 'post', key, tenantId: tenant.id, rnc: tenant.rnc, tipo, expect } as const;
    await this.options.log.write(race === undefined ? line : { ...line, race });
    return this.#send(order);
  }

  /** Until the platform says yes or no; null for no. */
  async #send(order: Order): Promise<DocumentResource | null> {
    for (;;) {
      const answer = await this.#attempt(order);
      if (answer === null) {
        await pause(RETRY_MS);
        continue;
      }
      const { status, text, retryMs } = answer;
      if (status === 200 || status === 202) {
        const told = documentResourceSchema.parse(JSON.parse(text));
        const { id, encf } = told;
        const line = { t: 'ack', key: order.key, id, encf, replayed: answer.replayed } as const;
        await this.options.log.write(line);
        this.acknowledged += 1;
        return told;
      }
      const code = codeOf(text);
      if (!AGAIN.has(status) || (status === 409 && code !== IN_PROGRESS)) {
        await this.options.log.write({ t: 'refused', key: order.key, status, code });
        this.refused += 1;
        return null;
      }
      await pause(retryMs);
    }
  }

  /** One POST; null when there was no answer. */
  async #attempt(order: Order) {
    this.attempts += 1;
    const begun = performance.now();
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      authorization: `Bearer ${order.tenant.apiKey}`,
      'idempotency-key': order.key,
    };
    if (order.waitS > 0) headers['prefer'] = `wait=${order.waitS}`;
    try {
      const response = await fetch(`${this.options.url}/tenant/emit/ecf`, {
        method: 'POST',
        headers,
        body: JSON.stringify(order.body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      const { status } = response;
      const ms = Math.round(performance.now() - begun);
      const fault = answerFault(status, response.headers, text, ms);
      if (status >= 400 || fault !== null) {
        const code = codeOf(text);
        await this.options.log.write({ t: 'answer', key: order.key, status, code, ms, fault });
      }
      const retryMs = retryAfter(response.headers);
      const replayed = response.headers.get('idempotency-replayed') === 'true';
      return { status, text, retryMs, replayed };
    } catch (error) {
      // The connection broke, or nothing came: exactly what idempotency keys are for.
      if (error instanceof SyntaxError) throw error;
      return null;
    }
  }

  async #untilFinal(tenant: FaultTenant, id: string): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.options.url}/tenant/invoices/${id}`, {
        headers: { authorization: `Bearer ${tenant.apiKey}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      }).catch(() => null);
      const text = (await response?.text().catch(() => null)) ?? null;
      if (response?.status === 200 && text !== null) {
        if (isFinalState(documentResourceSchema.parse(JSON.parse(text)).state)) return;
      }
      await pause(LOOK_EVERY_MS);
    }
  }
}

function retryAfter(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? '0');
  return Math.min(Math.max(seconds * 1_000, RETRY_MS), MOST_RETRY_MS);
}
