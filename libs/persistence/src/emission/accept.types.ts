import type { Environment } from '@getupnet/contracts';

/** One checked document on its way into the tables; everything but its number is decided. */
export interface AcceptRow {
  readonly tenantId: string;
  readonly id: string;
  readonly environment: Environment;
  readonly tipo: number;
  readonly route: 'ecf' | 'rfce';
  readonly state: 'QUEUED' | 'HELD';
  readonly heldBy: string | null;
  readonly idempotencyKey: string;
  readonly bodySha256: string;
  readonly externalRef: string | null;
  readonly branch: string | null;
  /** Rejected predecessor whose number this document takes; its `encf` is then `statedEncf`. */
  readonly corrects: string | null;
  readonly generation: number;
  /** A number the caller (test environments) or the predecessor prescribes; else the next free one. */
  readonly statedEncf: string | null;
  /** `yyyy-MM-dd`; must be the range's own. */
  readonly statedExpiry: string | null;
  readonly issuerRnc: string;
  readonly buyerRnc: string | null;
  readonly buyerName: string | null;
  readonly montoTotal: string;
  /** `yyyy-MM-dd` */
  readonly fechaEmision: string;
  /** `dd-MM-yyyy HH:mm:ss`, fixed here so that signing again yields the same bytes. */
  readonly fechaHoraFirma: string;
  /** First day of the month whose partition holds the bodies, `yyyy-MM-dd`. */
  readonly artefactMonth: string;
  /** Dominican calendar day of now, `yyyy-MM-dd`: a range that expired before it gives no number. */
  readonly today: string;
  /** Canonical unsigned XML up to the text of `eNCF`. */
  readonly xmlHead: string;
  /** Between the texts of `eNCF` and `FechaVencimientoSecuencia`; null when the type has no expiry. */
  readonly xmlMiddle: string | null;
  readonly xmlTail: string;
  readonly findings: readonly object[];
  readonly actor: string;
  readonly eventId: string;
  /** Whether the outbox tells the workers; not when this process drives the document itself. */
  readonly handOver: boolean;
  /** When the sweeper looks after a document that nobody moved on. */
  readonly nextAttemptInMs: number;
}

export type AcceptOutcome =
  | {
      readonly kind: 'accepted';
      readonly encf: string;
      /** `yyyy-MM-dd`, the range's; null for a type without expiry. */
      readonly expiresOn: string | null;
      readonly createdAt: Date;
    }
  | { readonly kind: 'replayed'; readonly documentId: string; readonly bodySha256: string }
  | { readonly kind: 'duplicate_reference' }
  | { readonly kind: 'encf_used' }
  /** Taken out of use for good: a request to void it exists. */
  | { readonly kind: 'encf_voided' }
  | { readonly kind: 'not_in_range' }
  | { readonly kind: 'expiry_mismatch'; readonly expiresOn: string | null }
  | { readonly kind: 'no_number'; readonly expiredOn: string | null };
