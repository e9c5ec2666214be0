import { Injectable } from '@nestjs/common';
import { TenantDb } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import type { DocumentView } from './document-view.js';
import { DocumentsRepository } from './documents.repository.js';

/** Reads documents back for answers. */
@Injectable()
export class StoredDocuments {
  constructor(
    private readonly db: TenantDb,
    private readonly documents: DocumentsRepository,
  ) {}

  byKey(tenant: TenantContext, idempotencyKey: string): Promise<DocumentView | null> {
    return this.db.run(tenant, (tx) => this.documents.findByKey(tx, idempotencyKey));
  }

  byId(tenant: TenantContext, id: string): Promise<DocumentView> {
    return this.db.run(tenant, (tx) => this.documents.find(tx, id));
  }
}
