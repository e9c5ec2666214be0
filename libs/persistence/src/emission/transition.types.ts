import type { DocumentState } from '@getupnet/contracts';

/** Columns a transition may change besides the state; absent ones stay as they are. */
export interface DocumentPatch {
  readonly codigoSeguridad?: string;
  readonly signedSha256?: string;
  readonly trackId?: string;
  readonly dgiiCodigo?: string;
  readonly dgiiEstado?: string;
  readonly dgiiMensajes?: readonly object[];
  readonly secuenciaUtilizada?: boolean | null;
  readonly dgiiFechaRecepcion?: string | null;
  /** The episode in which it is issued without connection. */
  readonly contingencyId?: string;
  /** DGII must have it within so long of its creation; an earlier term stays. */
  readonly sendWithinMs?: number;
  /** Told from now on beside those the document has. */
  readonly findings?: readonly object[];
  readonly lastError?: string;
  /** A send ended without an answer: the in-flight window runs from now, not from its intent. */
  readonly attemptEnded?: true;
}

/** What the alert relay passes on; see `SECURITY_EVENTS`. */
export interface Alert {
  readonly type: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface TransitionEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: object;
  /** Also told to people, at least once: type and details of an alert. */
  readonly alert?: Alert;
}

/** One step of one document, committed with its bytes and its audit events or not at all. */
export interface TransitionRow {
  readonly tenantId: string;
  readonly documentId: string;
  readonly artefactMonth: string;
  readonly from: DocumentState;
  readonly to: DocumentState;
  /** Fence: the step applies only while the document is at this epoch. */
  readonly epoch: number;
  /**
   * Take the lease for so long (a send is about to happen). The epoch moves on by one with each lease
   * and each change of state; a step that stays keeps both.
   */
  readonly leaseMs: number | null;
  /** When to look at it again without being told; null only for final states. */
  readonly nextAttemptInMs: number | null;
  readonly attempts: number;
  /** Failures in a row. */
  readonly faults: number;
  /** Begins in a row that were not heard of again. */
  readonly starts: number;
  /** Dead letter: nobody tries again until an operator or the tenant says so. */
  readonly parked: boolean;
  readonly patch: DocumentPatch;
  readonly artefacts: readonly {
    readonly kind: string;
    readonly sha256: string;
    readonly body: string;
  }[];
  readonly events: readonly TransitionEvent[];
  readonly actor: string;
  /** Hand over to the workers at once. */
  readonly enqueue: boolean;
}

/** `false`: somebody else moved the document first (fenced off); nothing was written. */
export type TransitionOutcome = boolean;
