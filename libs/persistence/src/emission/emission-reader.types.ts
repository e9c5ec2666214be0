import type { DocumentState, Environment } from '@getupnet/contracts';

export interface EmissionKey {
  readonly tenantId: string;
  readonly documentId: string;
}

/** What the emission stages need of a document; bodies only those the state calls for. */
export interface EmissionRow {
  readonly tenantId: string;
  readonly id: string;
  readonly environment: Environment;
  readonly tipo: string;
  readonly encf: string;
  readonly generation: number;
  readonly state: DocumentState;
  readonly route: 'ecf' | 'rfce';
  readonly heldBy: string | null;
  readonly heldByState: DocumentState | null;
  readonly issuerRnc: string;
  readonly buyerRnc: string | null;
  /** Number of the document it waits for. */
  readonly heldByEncf: string | null;
  readonly artefactMonth: string;
  readonly codigoSeguridad: string | null;
  readonly trackId: string | null;
  /** The episode it was issued in, once it waited for the link to DGII. */
  readonly contingencyId: string | null;
  /** Intents to send so far. */
  readonly attempts: number;
  readonly epoch: number;
  /** Somebody is sending it right now. */
  readonly leased: boolean;
  readonly parked: boolean;
  /** Times the relay handed it over since its last step. */
  readonly handOvers: number;
  /** Failures of its handling in a row. */
  readonly faults: number;
  /** Times in a row that its handling began and was not heard of again. */
  readonly starts: number;
  /** By the database's clock. */
  readonly createdAt: Date;
  /**
   * Milliseconds since the last intent to send, or since that send ended without an answer, by the
   * database's clock; null before the first.
   */
  readonly sendingForMs: number | null;
  /** TrackIds of the number's earlier generations: DGII lists them under the same e-NCF. */
  readonly earlierTrackIds: readonly string[];
  readonly bodies: Readonly<Record<string, string>>;
}

/** What is kept of a document's former sends. */
export interface SendingHistory {
  /** A send of ours was left without an answer: it may have arrived. */
  readonly unanswered: boolean;
  /** DGII has said before that the number is taken, and was asked about it then. */
  readonly echoed: boolean;
}
