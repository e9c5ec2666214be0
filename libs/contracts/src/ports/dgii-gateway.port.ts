import type { Environment } from '../environment.js';
import type {
  DgiiApprovalItem,
  DgiiApprovalOutcome,
  DgiiVoidItem,
  DgiiVoidOutcome,
} from './dgii-declarations.js';
import type { DgiiDirectoryOutcome } from './dgii-directory.js';

/** Whose document, where. */
export interface DgiiParty {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly rnc: string;
}

/** DGII's words, verbatim. */
export interface DgiiMessage {
  readonly codigo: string;
  readonly valor: string;
}

/** Certainly not sent (no connection, no token, breaker open), and when to try again. */
export interface DgiiUnavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly retryAfterMs: number;
}

export interface DgiiVerdict {
  /** `1` aceptado, `2` rechazado, `4` condicional (Descripción Técnica v1.6, p. 20); text as received. */
  readonly codigo: string;
  /** As received: `Aceptado`, `Aceptado Condicional`, `Rechazado`. */
  readonly estado: string;
  readonly status: 'ACCEPTED' | 'CONDITIONALLY_ACCEPTED' | 'REJECTED';
  readonly mensajes: readonly DgiiMessage[];
  readonly secuenciaUtilizada: boolean | null;
  readonly fechaRecepcion: string | null;
}

export interface DgiiSendItem {
  readonly documentId: string;
  readonly route: 'ecf' | 'rfce';
  readonly encf: string;
  /** Signed file, sent byte for byte. */
  readonly xml: string;
}

export type DgiiSendOutcome =
  /** A trackId came back. */
  | { readonly kind: 'received'; readonly trackId: string }
  /** RFCE: the verdict is in the answer. */
  | { readonly kind: 'verdict'; readonly verdict: DgiiVerdict }
  /** DGII answered 4xx with a reason: it did not take the document (HTTP 400 with a message). */
  | {
      readonly kind: 'refused';
      readonly httpStatus: number;
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** Sent, and no usable answer: nobody knows whether it arrived. Must be asked about. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | DgiiUnavailable;

export interface DgiiResultItem {
  readonly documentId: string;
  readonly encf: string;
  readonly trackId: string;
}

export type DgiiResultOutcome =
  | { readonly kind: 'verdict'; readonly verdict: DgiiVerdict }
  /** En Proceso; or a trackId DGII does not know: a fresh one not visible yet, or one it lost. */
  | { readonly kind: 'pending'; readonly estado: string; readonly known: boolean }
  /** The answer speaks of another RNC or e-NCF: an incident. */
  | { readonly kind: 'foreign'; readonly rnc: string; readonly encf: string }
  | DgiiUnavailable;

export interface DgiiFindItem {
  readonly documentId: string;
  readonly route: 'ecf' | 'rfce';
  readonly encf: string;
  readonly codigoSeguridad: string;
  readonly buyerRnc: string | null;
}

/** One sending of a number that DGII knows of. */
export interface DgiiTrack {
  readonly trackId: string;
  /** As received. */
  readonly estado: string;
  /** When DGII received it, as an ISO instant; null when it told no readable time. */
  readonly receivedAt: string | null;
}

export type DgiiFindOutcome =
  /** DGII has it under these trackIds (Descripción Técnica v1.6, pp. 25-27). */
  | {
      readonly kind: 'tracked';
      readonly trackIds: readonly DgiiTrack[];
    }
  /** The query itself tells the verdict (RFCE query, status query). */
  | { readonly kind: 'verdict'; readonly verdict: DgiiVerdict }
  | { readonly kind: 'none' }
  /** This environment has no query for this route (certecf has none). */
  | { readonly kind: 'unsupported' }
  | DgiiUnavailable;

/**
 * DGII as billing sees it: in this process or over the network. Each call takes 1–64 items of one
 * party and answers one outcome per item, in order. It changes no document and decides no retry.
 * A party that may not reach production is thrown as `env.forbidden`.
 */
export abstract class DgiiGateway {
  /**
   * `notAfter` (milliseconds since 1970): the end of the caller's lease, after which nothing is sent
   * any more; what was not is `unavailable`.
   */
  abstract send(
    party: DgiiParty,
    items: readonly DgiiSendItem[],
    notAfter?: number,
  ): Promise<readonly DgiiSendOutcome[]>;
  abstract results(
    party: DgiiParty,
    items: readonly DgiiResultItem[],
  ): Promise<readonly DgiiResultOutcome[]>;
  abstract find(
    party: DgiiParty,
    items: readonly DgiiFindItem[],
  ): Promise<readonly DgiiFindOutcome[]>;
  abstract sendApprovals(
    party: DgiiParty,
    items: readonly DgiiApprovalItem[],
  ): Promise<readonly DgiiApprovalOutcome[]>;
  abstract sendVoids(
    party: DgiiParty,
    items: readonly DgiiVoidItem[],
  ): Promise<readonly DgiiVoidOutcome[]>;
  /** Where another electronic taxpayer receives. */
  abstract directory(party: DgiiParty, rnc: string): Promise<DgiiDirectoryOutcome>;
}
