/** What is being signed; one signature per (document, kind), for ever. */
export const SIGNED_KINDS = ['ecf', 'rfce', 'semilla', 'arecf', 'acecf', 'anecf'] as const;
export type SignedKind = (typeof SIGNED_KINDS)[number];

export interface SignItem {
  /** Our document id; for a semilla a fresh id (its signature is not journaled for reuse). */
  readonly documentId: string;
  readonly kind: SignedKind;
  /**
   * For `semilla`: the XML as received. Otherwise canonical unsigned bytes: no declaration, no white
   * space between elements, root without attributes (as the e-CF serialiser writes).
   */
  readonly xml: string;
}

export interface SignRequest {
  readonly tenantId: string;
  /** Who asks, for the journal: service and job or request id. */
  readonly requester: string;
  /** 1–64. */
  readonly items: readonly SignItem[];
}

export type SignResult =
  | {
      readonly ok: true;
      readonly documentId: string;
      readonly kind: SignedKind;
      /** Signed file: XML declaration plus signed root. Final bytes. */
      readonly xml: string;
      /** Hex SHA-256 of `xml` as UTF-8. */
      readonly sha256: string;
      /** First six characters of SignatureValue's base64 text (Informe Técnico e-CF v1.0, p. 35). */
      readonly codigoSeguridad: string;
      readonly certificateId: string;
    }
  | {
      readonly ok: false;
      readonly documentId: string;
      readonly kind: SignedKind;
      /**
       * Problem code: `cert.missing`, `cert.expired`, `sign.digest_conflict`, `sign.kind_mismatch`
       * (not a document of that kind and tenant), `internal`.
       */
      readonly code: string;
    };

/** The signer as billing and dgii-client see it: in this process or over the network. */
export abstract class Sign {
  /** One result per item, in order. Rejects with `dependency.unavailable` when the signer is down. */
  abstract sign(request: SignRequest): Promise<readonly SignResult[]>;
  /** Hex SHA-256 thumbprint of the certificate in use. Rejects with `cert.missing` / `cert.expired`. */
  abstract activeThumbprint(tenantId: string): Promise<string>;
}
