import { Injectable } from '@nestjs/common';
import type { Environment } from '@getupnet/contracts';
import { Clock, newId } from '@getupnet/kernel';
import { AuditLog, Outbox, TenantDb, type Tx } from '@getupnet/persistence';
import type { Outage } from './link-watch.js';

/** Whose, where. */
export interface Taxpayer {
  readonly tenantId: string;
  readonly environment: Environment;
}

export const NO_CONNECTION = 'NO_CONNECTION';
/** Who opens and closes what nobody has to declare. */
const ACTOR = 'billing:contingency';
/** A line that just began to wait is looked at after this long. */
const FIRST_TRY_MS = 5_000;
/** Of these DGII may know nothing yet. */
const UNANSWERED = ['SIGNED', 'SENDING', 'UNKNOWN', 'CONTINGENCY'] as const;

/**
 * Episodes without connection, one at a time for each taxpayer and environment: each of them has to be
 * told to DGII by the taxpayer. They open with the first document that waits and close when DGII
 * receives the first one again, or what waited was answered otherwise; each change is audited and told
 * in its own transaction.
 */
@Injectable()
export class Episodes {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The open episode of the taxpayer, opened now if there is none. */
  async current(taxpayer: Taxpayer, outage: Outage): Promise<string> {
    return this.db.run(taxpayer, async (tx) => {
      const open = await openIn(tx, taxpayer);
      if (open !== null) return open;
      const id = newId();
      const { count } = await tx.contingency.createMany({
        data: [
          {
            id,
            tenantId: taxpayer.tenantId,
            environment: taxpayer.environment,
            kind: NO_CONNECTION,
            cause: causeOf(outage.reason),
            openedBy: ACTOR,
            begunAt: outage.since,
            nextTryAt: new Date(this.clock.now().getTime() + FIRST_TRY_MS),
          },
        ],
        // Another process may open it in the same moment: one of the two does.
        skipDuplicates: true,
      });
      if (count === 0) return this.opened(tx, taxpayer);
      const facts = { environment: taxpayer.environment, reason: outage.reason };
      await this.record(tx, taxpayer, 'contingency.opened', id, {
        ...facts,
        kind: NO_CONNECTION,
        begunAt: outage.since.toISOString(),
      });
      return id;
    });
  }

  /** DGII received something again: what was open has ended. */
  async returned(taxpayer: Taxpayer): Promise<void> {
    await this.db.run(taxpayer, async (tx) => {
      const open = await openIn(tx, taxpayer);
      if (open !== null) await this.close(tx, taxpayer, open);
    });
  }

  /**
   * Nothing was sent: the episode ends with that only when none of its documents is without an answer,
   * but for those that wait for a person. One in doubt stands in no line, and DGII may be as far away
   * as before.
   */
  async settled(taxpayer: Taxpayer, contingencyId: string): Promise<void> {
    await this.db.run(taxpayer, async (tx) => {
      const unanswered = await tx.document.findFirst({
        where: { contingencyId, parkedAt: null, state: { in: [...UNANSWERED] } },
        select: { id: true },
      });
      if (unanswered === null) await this.close(tx, taxpayer, contingencyId);
    });
  }

  /** Forgets the lines of ended episodes of which nothing waits any more. */
  async drained({ tenantId }: Pick<Taxpayer, 'tenantId'>, contingencyId: string): Promise<boolean> {
    return this.db.run({ tenantId }, async (tx) => {
      const rows = await tx.$executeRaw`
        UPDATE contingency c SET drained_at = now(), next_try_at = NULL, tries = 0, claimed_until = NULL
        WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ${contingencyId}::uuid
          AND c.ended_at IS NOT NULL AND c.drained_at IS NULL AND NOT EXISTS (
            SELECT FROM document d WHERE d.tenant_id = c.tenant_id
              AND d.contingency_id = c.id AND d.parked_at IS NULL
              AND d.state IN ('CONTINGENCY', 'SENDING'))`;
      return rows > 0;
    });
  }

  /** Documents still wait in a line that was thought drained: it is looked at now. */
  async revive(
    { tenantId }: Pick<Taxpayer, 'tenantId'>,
    contingencyIds: readonly string[],
  ): Promise<void> {
    if (contingencyIds.length === 0) return;
    await this.db.run({ tenantId }, (tx) =>
      tx.contingency.updateMany({
        where: { id: { in: [...contingencyIds] }, kind: NO_CONNECTION, nextTryAt: null },
        data: { drainedAt: null, nextTryAt: this.clock.now() },
      }),
    );
  }

  private async close(tx: Tx, taxpayer: Taxpayer, id: string): Promise<void> {
    const open = await tx.contingency.findFirst({
      where: { id, endedAt: null },
      select: { begunAt: true },
    });
    if (open === null) return;
    const now = this.clock.now();
    const endedAt = now > open.begunAt ? now : open.begunAt;
    const { count } = await tx.contingency.updateMany({
      where: { id, endedAt: null },
      data: { endedAt, closedBy: ACTOR },
    });
    if (count === 0) return;
    const { environment } = taxpayer;
    await this.record(tx, taxpayer, 'contingency.closed', id, { environment });
  }

  private async opened(tx: Tx, taxpayer: Taxpayer): Promise<string> {
    const id = await openIn(tx, taxpayer);
    if (id === null) throw new Error('an episode was opened and closed within one statement');
    return id;
  }

  private async record(
    tx: Tx,
    { tenantId }: Taxpayer,
    type: 'contingency.opened' | 'contingency.closed',
    id: string,
    payload: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.audit.append(tx, { tenantId, type, subjectId: id, actor: ACTOR, payload });
    const details = { tenantId, contingencyId: id, ...payload };
    await this.outbox.add(tx, { topic: 'alerts', key: newId(), payload: { type, details } });
  }
}

async function openIn(tx: Tx, { environment }: Taxpayer): Promise<string | null> {
  const open = await tx.contingency.findFirst({
    where: { environment, kind: NO_CONNECTION, endedAt: null },
    select: { id: true },
  });
  return open?.id ?? null;
}

/** In the taxpayer's words: it stands in the log and in the notice to DGII. */
function causeOf(reason: string): string {
  if (reason === 'maintenance') return 'Mantenimiento anunciado por la DGII';
  if (reason === 'breaker.open') return 'Los servicios de la DGII no responden';
  return `Sin conexión con la DGII (${reason})`.slice(0, 500);
}
