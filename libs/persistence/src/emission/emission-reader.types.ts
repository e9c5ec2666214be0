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
  readonly artefactMonth: string;
  readonly codigoSeguridad: string | null;
  readonly trackId: string | null;
  /** Intents to send so far. */
  readonly attempts: number;
  readonly epoch: number;
  /** Somebody is sending it right now. */
  readonly leased: boolean;
  readonly parked: boolean;
  /** Milliseconds since the last intent to send, by the database's clock; null before the first. */
  readonly sendingForMs: number | null;
  readonly bodies: Readonly<Record<string, string>>;
}
