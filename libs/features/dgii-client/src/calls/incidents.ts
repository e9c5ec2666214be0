import type { DgiiParty } from '@getupnet/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DgiiMetrics } from './dgii-metrics.js';
import type { DgiiOperation } from './dgii-operations.js';

export interface ForeignAnswer {
  readonly party: DgiiParty;
  readonly operation: DgiiOperation;
  /** None when no document was asked about (the directory). */
  readonly documentId?: string;
  /** What was asked about, and whom the answer names instead. */
  readonly asked: { readonly rnc?: string; readonly encf?: string; readonly trackId?: string };
  readonly answered: {
    readonly rnc: string | null;
    readonly encf?: string | null;
    readonly trackId?: string | null;
  };
}

/** What a person must look into: counted, and told under the name of its security event. */
@Injectable()
export class Incidents {
  private readonly logger = new Logger('Incidents');

  constructor(private readonly metrics: DgiiMetrics) {}

  /** DGII answered about another document. Whoever asked changes nothing. */
  foreign({ party, operation, documentId, asked, answered }: ForeignAnswer): void {
    const { tenantId, environment, rnc } = party;
    this.metrics.foreignAnswer(environment, operation);
    this.logger.error({
      message: 'DGII answered about another document',
      securityEvent: 'peer.identity_mismatch',
      tenantId,
      environment,
      operation,
      documentId,
      asked: { rnc, ...asked },
      answered,
    });
  }
}
