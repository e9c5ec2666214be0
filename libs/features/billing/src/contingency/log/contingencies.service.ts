import { Injectable } from '@nestjs/common';
import type {
  CloseContingency,
  ContingencyList,
  ContingencyNotified,
  ContingencyResource,
  ListContingenciesQuery,
  OpenContingency,
} from '@getupnet/contracts';
import { AppError, Clock, newId } from '@getupnet/kernel';
import {
  AuditLog,
  CursorCodec,
  TenantDb,
  type ContingencyRecord,
  type Tx,
} from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { assertSameRequest, type RequestKey } from '../../sequences/request-key.js';
import { ContingenciesRepository } from './contingencies.repository.js';
import { noticeOf } from './notice.js';
import { presentContingency } from './present-contingency.js';

const CURSOR = 'contingencies';
/** An episode is declared when it happens; an older one is a mistake in the date. */
const OLDEST_MS = 30 * 24 * 3_600_000;
/** Clocks of tills are not all exact. */
const AHEAD_MS = 300_000;

export interface ContingencyOpened {
  readonly episode: ContingencyResource;
  readonly replayed: boolean;
}

/** The contingency log: what the platform noticed, and what a taxpayer declares by itself. */
@Injectable()
export class ContingenciesService {
  constructor(
    private readonly db: TenantDb,
    private readonly repository: ContingenciesRepository,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
    private readonly clock: Clock,
  ) {}

  async list(tenant: TenantContext, query: ListContingenciesQuery): Promise<ContingencyList> {
    const { tenantId, environment } = tenant;
    const { cursor, limit } = query;
    const before = cursor === undefined ? null : this.cursors.decode(tenantId, CURSOR, cursor);
    return this.db.run(tenant, async (tx) => {
      const found = await this.repository.list(tx, {
        ...query,
        environment,
        before,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = found.length > limit && last !== undefined;
      return {
        data: await this.presented(tx, page),
        nextCursor: more ? this.cursors.encode(tenantId, CURSOR, last.id) : null,
      };
    });
  }

  get(tenant: TenantContext, id: string): Promise<ContingencyResource> {
    return this.db.run(tenant, async (tx) => this.one(tx, await this.repository.find(tx, id)));
  }

  /** What the taxpayer tells DGII, ready to be copied into its office (OFV). */
  notice(tenant: TenantContext, id: string): Promise<string> {
    return this.db.run(tenant, async (tx) => {
      const episode = await this.one(tx, await this.repository.find(tx, id));
      const numbers = await this.repository.numbers(tx, id);
      const { rnc, tenantName } = tenant;
      return noticeOf({ rnc, name: tenantName, episode, numbers, now: this.clock.now() });
    });
  }

  /**
   * The same request answers what it declared. Another one has to wait for the end of what is open, also
   * when it says the same: an answer that is not kept with its key would not be the one of its repeat.
   * Rejects with `contingency.open`.
   */
  async open(
    tenant: TenantContext,
    command: OpenContingency,
    request: RequestKey,
  ): Promise<ContingencyOpened> {
    return this.db.run(tenant, async (tx) => {
      await this.repository.lockDeclaring(tx, tenant.tenantId);
      const earlier = await this.repository.declaredBy(tx, request.key);
      if (earlier) {
        assertSameRequest(request, earlier.requestSha256);
        return { episode: await this.one(tx, earlier), replayed: true };
      }
      return { episode: await this.declare(tx, tenant, command, request), replayed: false };
    });
  }

  private async declare(
    tx: Tx,
    tenant: TenantContext,
    { cause, branches, begunAt: stated }: OpenContingency,
    { key: requestKey, sha256: requestSha256 }: RequestKey,
  ): Promise<ContingencyResource> {
    const begunAt = this.instant(stated, null);
    const scope = branches.length === 0 ? 'TOTAL' : 'PARTIAL';
    const open = await this.repository.openManual(tx, tenant.environment, branches);
    if (open !== null) throw new AppError('contingency.open', { id: open });
    const id = newId();
    const { tenantId, environment } = tenant;
    const openedBy = actorText(tenant.actor);
    const { count } = await tx.contingency.createMany({
      data: [
        {
          ...{ id, tenantId, environment, kind: 'CANNOT_ISSUE', scope },
          ...{ branches: [...branches], cause, openedBy, begunAt, requestKey, requestSha256 },
        },
      ],
      skipDuplicates: true,
    });
    // Versions before the lock do not ask for it.
    if (count === 0) throw new AppError('contingency.open', { id: 'total' });
    const facts = { kind: 'CANNOT_ISSUE', environment, scope, branches, cause };
    const payload = { ...facts, begunAt: begunAt.toISOString() };
    await this.record(tx, tenant, 'contingency.opened', id, payload);
    return this.one(tx, await this.repository.find(tx, id));
  }

  /** Rejects with `contingency.state` for one that ended, or that ends by itself. */
  close(
    tenant: TenantContext,
    id: string,
    command: CloseContingency,
  ): Promise<ContingencyResource> {
    return this.db.run(tenant, async (tx) => {
      const episode = await this.repository.lock(tx, id);
      if (episode.kind === 'NO_CONNECTION') {
        const reason = 'se cierra sola cuando la DGII vuelve a recibir';
        throw new AppError('contingency.state', { reason });
      }
      if (episode.endedAt !== null) {
        throw new AppError('contingency.state', { reason: 'ya está cerrada' });
      }
      const endedAt = this.instant(command.endedAt, episode.begunAt);
      const closedBy = actorText(tenant.actor);
      await tx.contingency.updateMany({ where: { id }, data: { endedAt, closedBy } });
      const payload = { kind: episode.kind, endedAt: endedAt.toISOString() };
      await this.record(tx, tenant, 'contingency.closed', id, payload);
      return this.one(tx, { ...episode, endedAt });
    });
  }

  /** Keeps that, when and under which reference DGII was told; the last one stays. */
  notified(
    tenant: TenantContext,
    id: string,
    command: ContingencyNotified,
  ): Promise<ContingencyResource> {
    return this.db.run(tenant, async (tx) => {
      const episode = await this.repository.lock(tx, id);
      const notifiedAt = this.instant(command.at, null);
      const notifiedRef = command.reference ?? null;
      await tx.contingency.updateMany({ where: { id }, data: { notifiedAt, notifiedRef } });
      const payload = { at: notifiedAt.toISOString(), reference: notifiedRef };
      await this.record(tx, tenant, 'contingency.notified', id, payload);
      return this.one(tx, { ...episode, notifiedAt, notifiedRef });
    });
  }

  private async one(tx: Tx, record: ContingencyRecord): Promise<ContingencyResource> {
    const [resource] = await this.presented(tx, [record]);
    if (resource === undefined) throw new Error('an episode is presented as one');
    return resource;
  }

  private async presented(
    tx: Tx,
    records: readonly ContingencyRecord[],
  ): Promise<ContingencyResource[]> {
    const counts = await this.repository.counts(
      tx,
      records.map(({ id }) => id),
    );
    return records.map((record) => presentContingency(record, counts.get(record.id)));
  }

  /** A moment the caller states; rejects with `contingency.state` for one that cannot be. */
  private instant(stated: string | undefined, notBefore: Date | null): Date {
    const now = this.clock.now();
    const at = stated === undefined ? now : new Date(stated);
    const earliest = notBefore?.getTime() ?? now.getTime() - OLDEST_MS;
    if (at.getTime() > now.getTime() + AHEAD_MS || at.getTime() < earliest) {
      const what = notBefore === null ? 'los últimos 30 días' : 'el inicio y ahora';
      throw new AppError('contingency.state', { reason: `la fecha no está entre ${what}` });
    }
    return at;
  }

  private record(tx: Tx, tenant: TenantContext, type: string, id: string, payload: object) {
    const { tenantId } = tenant;
    const actor = actorText(tenant.actor);
    return this.audit.append(tx, { tenantId, type, subjectId: id, actor, payload });
  }
}
