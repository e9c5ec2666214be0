import { Injectable } from '@nestjs/common';
import { Sign } from '@getupnet/contracts';
import { Clock, isDependencyAway } from '@getupnet/kernel';

const REMEMBER_MS = 30_000;
const MOST_TENANTS = 10_000;

/**
 * Refuses to number a document nobody could sign: no certificate, or one that is not valid now. A
 * signer that is down is no reason to refuse; the document waits for it.
 */
@Injectable()
export class CertificateGate {
  private readonly fineUntil = new Map<string, number>();
  /** Those who ask at the same time share one answer. */
  private readonly asking = new Map<string, Promise<void>>();

  constructor(
    private readonly sign: Sign,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `cert.missing` or `cert.expired`. */
  async check(tenantId: string): Promise<void> {
    const now = this.clock.now().getTime();
    if ((this.fineUntil.get(tenantId) ?? 0) > now) return;
    const asked = this.asking.get(tenantId);
    if (asked !== undefined) return asked;
    const answer = this.ask(tenantId, now).finally(() => this.asking.delete(tenantId));
    this.asking.set(tenantId, answer);
    await answer;
  }

  private async ask(tenantId: string, now: number): Promise<void> {
    try {
      await this.sign.activeThumbprint(tenantId);
      if (this.fineUntil.size >= MOST_TENANTS) this.fineUntil.clear();
      this.fineUntil.set(tenantId, now + REMEMBER_MS);
    } catch (error) {
      if (isDependencyAway(error)) return;
      throw error;
    }
  }
}
