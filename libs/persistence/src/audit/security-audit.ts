import { newId } from '@getupnet/kernel';
import { SecurityEvents, type SecurityEvent, type SecurityEventType } from '@getupnet/platform';
import { Injectable, Logger, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM_TENANT_ID } from '../audit-log.js';
import { inTransaction } from '../db/batch-db.js';
import { sqlState } from '../db/database-errors.js';
import { storableJson } from '../db/storable-json.js';
import { Pools } from '../db/pools.js';
import { monthAt } from '../migrations/partitions.js';
import type { DatabaseRole } from '../roles/roles.js';

const FLUSH_MS = 1_000;
/** Events of one type that are written out in full within a flush; the rest are one more, with a count. */
const MOST_OF_A_TYPE = 20;
/** While the database is away so many are kept; beyond that the log and the counters have them. */
const MOST_WAITING = 1_000;
/** SQLSTATE classes of what no later try will mend: bad data, a violated constraint. */
const REFUSED = /^2[23]/;
/** In this order: which of them may insert events depends on the service. */
const ROLES = ['identity', 'app', 'signer'] as const;

interface Row {
  readonly tenantId: string;
  /** Of when it was taken: written again after an unanswered commit, it is the same row. */
  readonly month: string;
  readonly id: string;
  readonly type: string;
  readonly actor: string;
  readonly payload: object;
}

/**
 * Security events become audit events: of the tenant concerned, or of the platform. Written behind the
 * requests, once a second; a flood is told with a count, so that it costs an attacker's rows, not ours.
 */
@Injectable()
export class SecurityAudit implements OnApplicationShutdown {
  private readonly logger = new Logger(SecurityAudit.name);
  private readonly seen = new Map<SecurityEventType, number>();
  private waiting: Row[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pools: Pools,
    @Optional() events?: SecurityEvents,
  ) {
    events?.addSink((event) => this.take(event));
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush();
  }

  private take(event: SecurityEvent): void {
    const count = (this.seen.get(event.type) ?? 0) + 1;
    this.seen.set(event.type, count);
    if (count <= MOST_OF_A_TYPE && this.waiting.length < MOST_WAITING) {
      this.waiting.push(rowOf(event));
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  private flush(): Promise<void> {
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<void> {
    const rows = [...this.waiting, ...withheld(this.seen)];
    this.waiting = [];
    this.seen.clear();
    const role = ROLES.find((one) => this.pools.available.includes(one));
    if (rows.length === 0 || role === undefined) return;
    await this.insert(role, rows).catch((error: unknown) => this.after(role, rows, error));
  }

  private insert(role: DatabaseRole, rows: readonly Row[]): Promise<void> {
    return inTransaction(this.pools.get(role), async (client) => {
      for (const tenantId of new Set(rows.map((row) => row.tenantId))) {
        await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
        const own = rows.filter((row) => row.tenantId === tenantId);
        await client.query(INSERT, [tenantId, storableJson(own)]);
      }
    });
  }

  /** The database is away: later. It refuses a row for what is in it: the others without that one. */
  private async after(role: DatabaseRole, rows: readonly Row[], error: unknown): Promise<void> {
    if (!REFUSED.test(sqlState(error) ?? '')) return this.keep(rows, error);
    for (const [at, row] of rows.entries()) {
      try {
        await this.insert(role, [row]);
      } catch (alone) {
        if (!REFUSED.test(sqlState(alone) ?? '')) return this.keep(rows.slice(at), alone);
        const { tenantId, id, type } = row;
        const msg = 'the database refuses a security event: it is in this log alone';
        this.logger.error({ err: alone, msg, tenantId, id, type });
      }
    }
  }

  private keep(rows: readonly Row[], error: unknown): void {
    this.logger.warn({ err: error, msg: 'security events wait for the audit', rows: rows.length });
    this.waiting = [...rows, ...this.waiting].slice(0, MOST_WAITING);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}

const INSERT = `
INSERT INTO audit_event (tenant_id, month, id, type, actor, payload)
SELECT $1, x.month, x.id, x.type, x.actor, x.payload
FROM json_to_recordset($2::json) AS x(month date, id uuid, type text, actor text, payload jsonb)
ON CONFLICT DO NOTHING`;

function rowOf(event: SecurityEvent): Row {
  const { type, severity, service, traceId, remote, details } = event;
  return {
    tenantId: event.tenantId ?? PLATFORM_TENANT_ID,
    ...{ month: monthAt(new Date(), 0), id: newId() },
    type: `security.${type}`,
    actor: event.caller ?? 'unknown',
    payload: { severity, service, traceId, remote, details },
  };
}

/** How many events of each type were not written out. */
function withheld(seen: ReadonlyMap<SecurityEventType, number>): readonly Row[] {
  return [...seen]
    .filter(([, count]) => count > MOST_OF_A_TYPE)
    .map(([type, count]) => ({
      ...{ tenantId: PLATFORM_TENANT_ID, month: monthAt(new Date(), 0), id: newId() },
      ...{ type: `security.${type}`, actor: 'platform' },
      payload: { withheld: count - MOST_OF_A_TYPE },
    }));
}
