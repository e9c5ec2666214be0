import { setTimeout as pause } from 'node:timers/promises';
import { documentResourceSchema, isFinalState, type DocumentResource } from '@getupnet/contracts';
import type { Seeded } from '../seeded.js';
import { VOIDED_TIPO, type FaultTenant } from '../world/tenants.js';
import type { AckLog } from './ack-log.js';
import type { Caller } from './caller.js';
import { correctionOf, orderOf, type Order, type Posted } from './documents.js';

const LOOK_EVERY_MS = 400;
const REPEAT_AFTER_MS = 1_500;
/** Notes refer to one of the last few. */
const REMEMBERED = 12;
/** One of so many acknowledged documents is posted again later. */
const REPEAT_EVERY = 12;
/** Beside one of so many documents, a few numbers are voided. */
const VOID_EVERY = 8;
const VOIDED_AT_ONCE = 2;

export interface DriverOptions {
  readonly caller: Caller;
  readonly tenants: readonly FaultTenant[];
  readonly log: AckLog;
  readonly draw: Seeded;
  /** Posts under way at once. */
  readonly inFlight: number;
}

/** Posts documents like a careful ERP: writes down first, keeps its keys, repeats until told. */
export class Driver {
  acknowledged = 0;
  #posted = 0;
  #released = 0;
  #closed = false;
  #wake: (() => void)[] = [];
  readonly #former = new Map<string, Posted[]>();
  /** Of each tenant: the last number it voided. */
  readonly #voided = new Map<string, number>();
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
      if (at % VOID_EVERY === 0 && tenant.environment === 'testecf') {
        this.#follow(this.#void(tenant, at));
      }
      await this.#issue(orderOf(at, tenant, former, draw.fork(at)), at);
    }
  }

  async #issue(order: Order, at: number): Promise<void> {
    const first = this.#post(order);
    const [told] = await Promise.all(order.twin ? [first, this.#post(order)] : [first]);
    if (!told) return;
    if (order.base || order.expect.includes('REJECTED')) this.#remember(order, told);
    if (order.freesNumber) this.#follow(this.#correct(order, told.id));
    if (at % REPEAT_EVERY === 0) this.#follow(pause(REPEAT_AFTER_MS).then(() => this.#send(order)));
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

  /** The next numbers of a type that issues nothing. */
  async #void(tenant: FaultTenant, at: number): Promise<void> {
    const first = (this.#voided.get(tenant.id) ?? 0) + 1;
    const last = first + VOIDED_AT_ONCE - 1;
    this.#voided.set(tenant.id, last);
    const key = `v-${at}`;
    const range = { tipo: VOIDED_TIPO, first, last };
    await this.options.log.write({ t: 'void', key, tenantId: tenant.id, ...range });
    const body = { ranges: [{ ...range, tipo: String(VOIDED_TIPO) }], reason: 'prueba de fallas' };
    const path = '/tenant/sequences/voids';
    const told = await this.options.caller.post({ tenant, path, key, body });
    if (told === null) return;
    const { id } = JSON.parse(told.text) as { readonly id: string };
    await this.options.log.write({ t: 'void-ack', key, id });
  }

  async #post(order: Order): Promise<DocumentResource | null> {
    const { key, tenant, tipo, expect, race } = order;
    const line = { t: 'post', key, tenantId: tenant.id, rnc: tenant.rnc, tipo, expect } as const;
    await this.options.log.write(race === undefined ? line : { ...line, race });
    return this.#send(order);
  }

  /** Until the platform says yes or no; null for no. */
  async #send(order: Order): Promise<DocumentResource | null> {
    const path = order.asLine ? '/tenant/emit/batch' : '/tenant/emit/ecf';
    const told = await this.options.caller.post({ ...order, path });
    if (told === null) return null;
    const document = documentResourceSchema.parse(JSON.parse(told.text));
    const { id, encf } = document;
    await this.options.log.write({ t: 'ack', key: order.key, id, encf, replayed: told.replayed });
    this.acknowledged += 1;
    return document;
  }

  async #untilFinal(tenant: FaultTenant, id: string): Promise<void> {
    for (;;) {
      const text = await this.options.caller.get(tenant, `/tenant/invoices/${id}`);
      if (text !== null && isFinalState(documentResourceSchema.parse(JSON.parse(text)).state))
        return;
      await pause(LOOK_EVERY_MS);
    }
  }
}
