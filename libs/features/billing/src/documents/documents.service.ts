import { Injectable } from '@nestjs/common';
import {
  isFinalState,
  type DocumentList,
  type DocumentResource,
  type ListDocumentsQuery,
  type Timeline,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { AuditLog, CursorCodec, TenantDb } from '@getupnet/persistence';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { DocumentsRepository } from './documents.repository.js';
import { presentDocument } from './present-document.js';
import { StoredDocuments } from './stored-documents.js';

const CURSOR = 'documents';

/** Reading a tenant's documents, and asking for a stuck one to be tried again. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly db: TenantDb,
    private readonly documents: DocumentsRepository,
    private readonly stored: StoredDocuments,
    private readonly audit: AuditLog,
    private readonly cursors: CursorCodec,
  ) {}

  async get(tenant: TenantContext, id: string): Promise<DocumentResource> {
    return presentDocument(await this.stored.byId(tenant, id));
  }

  /** Newest first. Rejects with `cursor.invalid` for a cursor of another list or tenant. */
  async list(tenant: TenantContext, query: ListDocumentsQuery): Promise<DocumentList> {
    const { cursor, ...filter } = query;
    const before =
      cursor === undefined ? null : this.cursors.decode(tenant.tenantId, CURSOR, cursor);
    const views = await this.db.run(tenant, (tx) =>
      this.documents.list(tx, {
        ...filter,
        environment: tenant.environment,
        before,
        limit: query.limit + 1,
      }),
    );
    const page = views.slice(0, query.limit);
    const last = page.at(-1);
    const more = views.length > query.limit && last !== undefined;
    return {
      data: page.map(presentDocument),
      nextCursor: more ? this.cursors.encode(tenant.tenantId, CURSOR, last.id) : null,
    };
  }

  /** The signed file and its official name. Rejects with `document.state` before it is signed. */
  async xml(tenant: TenantContext, id: string): Promise<{ name: string; body: string }> {
    return this.db.run(tenant, async (tx) => {
      const view = await this.documents.find(tx, id);
      const body = await this.documents.xml(tx, view);
      if (body === null) throw new AppError('document.state', { state: view.state });
      return { name: `${view.issuerRnc}${view.encf}.xml`, body };
    });
  }

  async timeline(tenant: TenantContext, id: string): Promise<Timeline> {
    return this.db.run(tenant, async (tx) => {
      await this.documents.find(tx, id);
      const events = await this.documents.events(tx, id);
      return {
        data: events.map((event) => ({
          at: event.occurredAt.toISOString(),
          type: event.type,
          actor: event.actor,
          detail: isRecord(event.payload) ? event.payload : {},
        })),
      };
    });
  }

  /** Drives the same bytes on; never makes a new document. Rejects with `document.state` if final. */
  async retry(tenant: TenantContext, id: string): Promise<DocumentResource> {
    const view = await this.db.run(tenant, async (tx) => {
      const found = await this.documents.find(tx, id);
      if (isFinalState(found.state)) {
        throw new AppError('document.state', { state: found.state });
      }
      await this.documents.wake(tx, id);
      await this.audit.append(tx, {
        tenantId: tenant.tenantId,
        type: 'document.retry_requested',
        subjectId: id,
        actor: actorText(tenant.actor),
        payload: { state: found.state },
      });
      return found;
    });
    return presentDocument(view);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
