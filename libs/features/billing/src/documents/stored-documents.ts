import { Injectable } from '@nestjs/common';
import { AppError } from '@getupnet/kernel';
import { DocumentReader, TenantDb } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import { viewOf } from './document-columns.js';
import type { DocumentView } from './document-view.js';
import { DocumentsRepository } from './documents.repository.js';

/** Reads documents back for answers. */
@Injectable()
export class StoredDocuments {
  constructor(
    private readonly db: TenantDb,
    private readonly documents: DocumentsRepository,
    private readonly reader: DocumentReader,
  ) {}

  byKey(tenant: TenantContext, idempotencyKey: string): Promise<DocumentView | null> {
    return this.db.run(tenant, (tx) => this.documents.findByKey(tx, idempotencyKey));
  }

  /** Rejects with `resource.not_found`, also for another tenant's document. */
  async byId({ tenantId }: TenantContext, documentId: string): Promise<DocumentView> {
    const columns = await this.reader.load({ tenantId, documentId });
    if (!columns) throw new AppError('resource.not_found');
    return viewOf(columns);
  }
}
