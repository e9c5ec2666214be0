import { dominicanDate } from '@getupnet/kernel';
import type { DocumentFacts, Mensaje } from './verdict.js';

/** DGII's verdict on the acknowledgement of a document it sent. */
export interface Receipt {
  readonly codigo: '1' | '2';
  readonly mensajes: readonly Mensaje[];
}

const keyOf = (rnc: string, encf: string): string => `${rnc}|${encf}`;

/** What the emisor-receptor has taken as a receiver and sent as an issuer. */
export class CounterpartStore {
  private readonly taken = new Map<string, DocumentFacts>();
  private readonly sent = new Map<string, DocumentFacts>();
  private readonly receipts = new Map<string, Receipt>();
  /** Last invoice to each buyer: what a note to it can modify. */
  private readonly invoices = new Map<string, { encf: string; fechaEmision: string }>();
  private lastNumber = 0;

  take(rnc: string, encf: string, facts: DocumentFacts): void {
    this.taken.set(keyOf(rnc, encf), facts);
  }

  received(rnc: string, encf: string): DocumentFacts | undefined {
    return this.taken.get(keyOf(rnc, encf));
  }

  /** A receiver keeps numbers for ever: drawn from the clock, they never return after a restart. */
  nextNumber(tipo: string, now: Date): string {
    this.lastNumber = Math.max(this.lastNumber + 1, Math.floor(now.getTime() / 1000));
    return `E${tipo}${String(this.lastNumber).padStart(10, '0')}`;
  }

  issue(rnc: string, encf: string, facts: DocumentFacts): void {
    this.sent.set(keyOf(rnc, encf), facts);
    this.lastNumber = Math.max(this.lastNumber, Number(encf.slice(3)));
    const { rncComprador, fechaEmision } = facts;
    if (facts.tipo === '31' && rncComprador !== null) {
      this.invoices.set(rncComprador, { encf, fechaEmision });
    }
  }

  issued(rnc: string, encf: string): DocumentFacts | undefined {
    return this.sent.get(keyOf(rnc, encf));
  }

  /** The last invoice sent to a buyer; before the first, one that never was. */
  lastInvoice(rncComprador: string, now: Date): { encf: string; fechaEmision: string } {
    const none = { encf: 'E310000000001', fechaEmision: dominicanDate(now) };
    return this.invoices.get(rncComprador) ?? none;
  }

  acknowledge(rnc: string, encf: string, receipt: Receipt): void {
    this.receipts.set(keyOf(rnc, encf), receipt);
  }

  receipt(rnc: string, encf: string): Receipt | undefined {
    return this.receipts.get(keyOf(rnc, encf));
  }

  clear(): void {
    for (const known of [this.taken, this.sent, this.receipts, this.invoices]) known.clear();
  }
}
