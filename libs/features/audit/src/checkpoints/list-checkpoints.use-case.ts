import type {
  CheckpointList,
  ListCheckpointsQuery,
  SignedCheckpointList,
} from '@getupnet/contracts';
import {
  AuditCheckpoints,
  CursorCodec,
  PLATFORM_TENANT_ID,
  type SignedCheckpoint,
} from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

const CURSOR = 'audit-checkpoints';
const ABOVE_ALL = Number.MAX_SAFE_INTEGER;
/** Checkpoints one question looks through for those that state a tenant's head. */
const MOST_LOOKED_AT = 240;

/** Checkpoints, newest first. */
@Injectable()
export class ListCheckpoints {
  constructor(
    private readonly checkpoints: AuditCheckpoints,
    private readonly cursors: CursorCodec,
  ) {}

  /** Of one chain: a checkpoint's other heads are other tenants' and stay unsaid. */
  async ofTenant(tenantId: string, query: ListCheckpointsQuery): Promise<CheckpointList> {
    const before = this.before(tenantId, query.cursor);
    const bounds = { limit: query.limit, window: MOST_LOOKED_AT };
    const { heads, next } = await this.checkpoints.ofTenant(tenantId, before, bounds);
    const data = heads.map((head) => ({ ...head, at: head.at.toISOString() }));
    return { data, nextCursor: this.after(tenantId, next) };
  }

  /** Whole, as they were signed: for the operator. */
  async all(query: ListCheckpointsQuery): Promise<SignedCheckpointList> {
    const { limit } = query;
    const before = this.before(PLATFORM_TENANT_ID, query.cursor);
    const found = await this.checkpoints.before(before, limit + 1);
    const data = found.slice(0, limit);
    const last = found.length > limit ? (data.at(-1)?.number ?? null) : null;
    const shown = ({ at, ...rest }: SignedCheckpoint) => ({ ...rest, at: at.toISOString() });
    return { data: data.map(shown), nextCursor: this.after(PLATFORM_TENANT_ID, last) };
  }

  private before(tenantId: string, cursor: string | undefined): number {
    return cursor === undefined ? ABOVE_ALL : Number(this.cursors.decode(tenantId, CURSOR, cursor));
  }

  private after(tenantId: string, number: number | null): string | null {
    return number === null ? null : this.cursors.encode(tenantId, CURSOR, String(number));
  }
}
