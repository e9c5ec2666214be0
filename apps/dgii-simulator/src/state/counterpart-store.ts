import type { DocumentFacts } from './verdict.js';

const keyOf = (rnc: string, encf: string): string => `${rnc}|${encf}`;

/** What the emisor-receptor has taken as a receiver, by issuer and number. */
export class CounterpartStore {
  private readonly taken = new Map<string, DocumentFacts>();

  take(rnc: string, encf: string, facts: DocumentFacts): void {
    this.taken.set(keyOf(rnc, encf), facts);
  }

  received(rnc: string, encf: string): DocumentFacts | undefined {
    return this.taken.get(keyOf(rnc, encf));
  }

  clear(): void {
    this.taken.clear();
  }
}
