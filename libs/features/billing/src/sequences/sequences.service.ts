import { Injectable } from '@nestjs/common';
import type { AddSequence, PageQuery, SequenceResource, TipoEcfCode } from '@getupnet/contracts';
import { AppError, newId } from '@getupnet/kernel';
import {
  AuditLog,
  CursorCodec,
  TenantDb,
  isExclusionViolation,
  type EncfRangeRecord,
} from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { asEnvironment } from '../documents/document-columns.js';
import { SequencesRepository } from './sequences.repository.js';

const CURSOR = 'sequences';

/** Registering and listing the ranges DGII authorised. */
@Injectable()
export class SequencesService {
  constructor(
    private readonly db: TenantDb,
    private readonly ranges: SequencesRepository,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
  ) {}

  /** Rejects with `sequence.overlap` when another range holds any of the numbers. */
  async add(tenant: TenantContext, command: AddSequence): Promise<SequenceResource> {
    const range = {
      ...command,
      id: newId(),
      tenantId: tenant.tenantId,
      environment: tenant.environment,
    };
    try {
      return await this.db.run(tenant, async (tx) => {
        if (await this.ranges.overlaps(tx, range)) throw new AppError('sequence.overlap');
        const row = await this.ranges.insert(tx, range);
        await this.audit.append(tx, {
          tenantId: tenant.tenantId,
          type: 'sequence.added',
          subjectId: range.id,
          actor: actorText(tenant.actor),
          payload: { ...command, environment: tenant.environment },
        });
        return present(row);
      });
    } catch (error) {
      if (isExclusionViolation(error)) throw new AppError('sequence.overlap', {}, { cause: error });
      throw error;
    }
  }

  async list(tenant: TenantContext, query: PageQuery) {
    const before =
      query.cursor === undefined
        ? null
        : this.cursors.decode(tenant.tenantId, CURSOR, query.cursor);
    const rows = await this.db.run(tenant, (tx) =>
      this.ranges.list(tx, { environment: tenant.environment, before, limit: query.limit + 1 }),
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      data: page.map(present),
      nextCursor: more ? this.cursors.encode(tenant.tenantId, CURSOR, last.id) : null,
    };
  }
}

function present(row: EncfRangeRecord): SequenceResource {
  return {
    id: row.id,
    tipo: String(row.tipo) as TipoEcfCode,
    environment: asEnvironment(row.environment),
    first: String(row.first),
    last: String(row.last),
    next: row.next > row.last ? null : String(row.next),
    remaining: String(row.last - row.next + 1n),
    expiresOn: row.expiresOn === null ? null : row.expiresOn.toISOString().slice(0, 10),
    createdAt: row.createdAt.toISOString(),
  };
}
