import type { DgiiMessage, DgiiUnavailable } from './dgii-gateway.port.js';

/** A buyer's copy of its commercial approval, for DGII (Descripción Técnica v1.6, pp. 28-30). */
export interface DgiiApprovalItem {
  /** The caller's own id of the approval, for logs. */
  readonly documentId: string;
  /** The approved e-CF. The party's RNC is the buyer's, whose approval it is. */
  readonly encf: string;
  /** Signed ACECF, sent byte for byte. */
  readonly xml: string;
}

/** A request to void unused numbers (pp. 30-32). */
export interface DgiiVoidItem {
  /** The caller's own id of the request, for logs. */
  readonly documentId: string;
  /** Signed ANECF, sent byte for byte. */
  readonly xml: string;
}

/** DGII's words on a declaration, verbatim, and what they mean. */
export interface DgiiDeclarationVerdict {
  readonly codigo: string;
  /** Null where the service has no such word (voids). */
  readonly estado: string | null;
  readonly status: 'ACCEPTED' | 'REJECTED';
  readonly mensajes: readonly DgiiMessage[];
}

/** What became of an approval or a void request. Each was sent once, or not at all. */
export type DgiiDeclarationOutcome =
  /** DGII took it or says why not. */
  | { readonly kind: 'answered'; readonly verdict: DgiiDeclarationVerdict }
  /** DGII answered 4xx with a reason: it did not look into it. */
  | {
      readonly kind: 'refused';
      readonly httpStatus: number;
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** Sent, and no usable answer. No query exists that could tell; `raw` is what did come. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly raw: string | null }
  /** DGII has no such service in this environment (voids in certification). */
  | { readonly kind: 'unsupported' }
  | DgiiUnavailable;

/**
 * After `unknown` the *same bytes* may be sent again: an approval states something about one e-CF,
 * takes no number, and says the same the second time. But a rejection of a repeated approval does
 * not prove that the first was not taken. Another decision on the same e-CF is never a repetition.
 */
export type DgiiApprovalOutcome = DgiiDeclarationOutcome;

/**
 * `ACCEPTED` means voided at least in part: which numbers were not is only in the messages.
 *
 * After `unknown` the numbers count as voided: they are never issued, whatever comes later. The same
 * bytes may then be sent again, because voiding twice voids no more; `ACCEPTED` settles it, but
 * "already used" may speak of our own first request, so a rejection after an `unknown` is for a
 * person to look into, not a proof that the numbers are free.
 */
export type DgiiVoidOutcome = DgiiDeclarationOutcome;
