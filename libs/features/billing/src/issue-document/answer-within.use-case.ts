import { Injectable, Logger } from '@nestjs/common';
import { isFinalState, type DocumentState } from '@getupnet/contracts';
import { isDependencyAway } from '@getupnet/kernel';
import { EmissionReader } from '@getupnet/persistence';
import type { TenantContext } from '@getupnet/tenant-context';
import type { DocumentView } from '../documents/document-view.js';
import { StoredDocuments } from '../documents/stored-documents.js';
import { SignStage } from '../emission/sign-stage.js';
import { Stints } from '../emission/stint.js';
import type { Issued } from './issue-document.use-case.js';
import { VerdictWaiter } from './verdict-waiter.js';

/**
 * `Prefer: wait`: has the document signed at once (by the workers of this process or by itself), so
 * that a till has its XML, code and QR in any case, then waits for DGII's verdict until the deadline.
 */
@Injectable()
export class AnswerWithin {
  private readonly logger = new Logger(AnswerWithin.name);

  constructor(
    private readonly reader: EmissionReader,
    private readonly sign: SignStage,
    private readonly stints: Stints,
    private readonly waiter: VerdictWaiter,
    private readonly stored: StoredDocuments,
  ) {}

  /** The document as it is at the verdict or the deadline; as given when nobody waits. */
  async run(
    tenant: TenantContext,
    { document, replayed, driven }: Issued,
    deadline: number | null,
  ): Promise<DocumentView> {
    if (deadline === null || isFinalState(document.state)) return document;
    const alarm = this.waiter.arm(document.id);
    try {
      if (driven === null && document.state === 'QUEUED') await this.signNow(tenant, document.id);
      // A document accepted just now cannot have its verdict before the alarm was armed.
      let seen = replayed ? await this.stored.byId(tenant, document.id) : document;
      let near = driven;
      let leftMs = deadline - performance.now();
      while (!this.isSettled(seen.state) && leftMs > 0 && !this.waiter.closing) {
        await (near === null ? alarm.next(leftMs) : Promise.race([near, alarm.next(leftMs)]));
        near = null;
        seen = await this.stored.byId(tenant, document.id);
        leftMs = deadline - performance.now();
      }
      return seen;
    } finally {
      alarm.disarm();
    }
  }

  /** Final, or waiting for what will not come within a request. */
  private isSettled(state: DocumentState): boolean {
    if (state === 'DEFERRED') return this.sign.keepsDeferred;
    return isFinalState(state) || state === 'CONTINGENCY';
  }

  /** The stage "sign" as the job would run it; the job finds the work done. */
  private async signNow(tenant: TenantContext, documentId: string): Promise<void> {
    const stint = this.stints.begin(`billing:request:${tenant.requestId}`);
    const row = await this.reader.load({ tenantId: tenant.tenantId, documentId });
    if (row?.state !== 'QUEUED') return;
    try {
      await this.sign.run([row], stint);
    } catch (error) {
      if (!isDependencyAway(error)) throw error;
      this.logger.warn(`signer down, the job will sign: ${error.code}`);
    }
  }
}
