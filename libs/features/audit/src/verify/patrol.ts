import { Clock } from '@getupnet/kernel';
import { AuditCheckpoints } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { VerifyChain } from './verify-chain.use-case.js';

/** Links and events of one step. */
const STEP = 2_000;

/** The same fault again: it stays for ever after a loss, and telling it makes the chain longer. */
const TELL_AGAIN_MS = 3_600_000;

/** One chain after the other, from its first entry to its last, a bounded part at a time, for ever. */
@Injectable()
export class Patrol {
  private waiting: string[] = [];
  private at: { readonly tenantId: string; readonly cursor: string | null } | null = null;
  /** What was told of a chain last, and when. */
  private readonly found = new Map<string, { readonly fault: string; readonly atMs: number }>();

  constructor(
    private readonly chain: VerifyChain,
    private readonly checkpoints: AuditCheckpoints,
    private readonly events: SecurityEvents,
    private readonly clock: Clock,
  ) {}

  /** Chains in which the last look found something. */
  get broken(): number {
    return this.found.size;
  }

  /** Verifies the next part; a chain that does not hold is told when that is found, and hourly. */
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
    const [told, nowMs] = [this.found.get(tenantId), this.clock.now().getTime()];
    const fault = `${firstBad.reason} ${firstBad.seq ?? firstBad.eventId ?? ''}`;
    if (told?.fault === fault && Math.abs(nowMs - told.atMs) < TELL_AGAIN_MS) return;
    this.found.set(tenantId, { fault, atMs: nowMs });
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
