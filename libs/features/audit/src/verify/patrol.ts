import { AuditCheckpoints } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { VerifyChain } from './verify-chain.use-case.js';

/** Links and events of one step. */
const STEP = 2_000;

/** One chain after the other, from its first entry to its last, a bounded part at a time, for ever. */
@Injectable()
export class Patrol {
  private waiting: string[] = [];
  private at: { readonly tenantId: string; readonly cursor: string | null } | null = null;
  private readonly found = new Set<string>();

  constructor(
    private readonly chain: VerifyChain,
    private readonly checkpoints: AuditCheckpoints,
    private readonly events: SecurityEvents,
  ) {}

  /** Chains in which the last look found something. */
  get broken(): number {
    return this.found.size;
  }

  /** Verifies the next part; a chain that does not hold is told each time it is come to. */
  async step(): Promise<void> {
    const at = (this.at ??= await this.next());
    if (at === null) return;
    const { tenantId, cursor } = at;
    const result = await this.chain.run(tenantId, {
      ...{ from: 1, limit: STEP },
      ...(cursor === null ? {} : { cursor }),
    });
    this.at = result.complete ? null : { tenantId, cursor: result.nextCursor };
    if (!result.complete) return;
    const { firstBad } = result;
    if (firstBad === null) {
      this.found.delete(tenantId);
      return;
    }
    this.found.add(tenantId);
    this.events.emit('audit.chain_broken', {
      ...{ tenantId, reason: firstBad.reason, seq: firstBad.seq ?? 0 },
      eventId: firstBad.eventId ?? '',
    });
  }

  private async next() {
    if (this.waiting.length === 0) this.waiting = [...(await this.checkpoints.heads()).keys()];
    const tenantId = this.waiting.shift();
    return tenantId === undefined ? null : { tenantId, cursor: null };
  }
}
