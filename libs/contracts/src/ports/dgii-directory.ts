import type { DgiiUnavailable } from './dgii-gateway.port.js';

/** Where one electronic taxpayer receives (Descripción Técnica v1.6, p. 34). */
export interface DgiiReceiver {
  readonly nombre: string;
  readonly rnc: string;
  /** As the taxpayer registered them. */
  readonly urlRecepcion: string | null;
  readonly urlAceptacion: string | null;
  readonly urlOpcional: string | null;
  /**
   * The same as bases to which `/fe/…` is appended; null where nothing can be made of it. They come
   * from strangers: whoever calls them guards against addresses inside our own network.
   */
  readonly bases: {
    readonly recepcion: string | null;
    readonly aceptacion: string | null;
    /** Null when the receiver wants no authentication. */
    readonly autenticacion: string | null;
  };
}

export type DgiiDirectoryOutcome =
  /** Nobody, when the list is empty: the taxpayer is no electronic receiver. */
  | { readonly kind: 'found'; readonly receivers: readonly DgiiReceiver[] }
  /** Certification has no directory. */
  | { readonly kind: 'unsupported' }
  | DgiiUnavailable;
