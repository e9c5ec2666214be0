import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DOCUMENT_QUEUE, documentJobSchema } from '@getupnet/contracts';
import { Config } from '@getupnet/platform';
import { Queues } from '@getupnet/queues';
import { billingEnv } from '../billing.env.js';
import { DriveDocuments } from './drive-documents.use-case.js';
import { Outstanding } from '../relay/outstanding.js';
import { NearWorkers } from './near-workers.js';

/** Takes document jobs off the queue, and documents of requests that wait in this process. */
@Injectable()
export class EmissionWorker implements OnApplicationBootstrap {
  constructor(
    private readonly queues: Queues,
    private readonly drive: DriveDocuments,
    private readonly near: NearWorkers,
    private readonly outstanding: Outstanding,
    @Inject(Config) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.near.attend((document, actor) => this.drive.advance([document], actor));
    this.queues.work(
      DOCUMENT_QUEUE,
      documentJobSchema,
      (job, { jobId }) =>
        this.drive
          .run(job.tenantId, job.documentIds, `billing:job:${jobId}`)
          .finally(() => this.outstanding.ended(job)),
      { concurrency: this.config.get(billingEnv).BILLING_CONCURRENCY },
    );
  }
}
