import type { EcfEmisor } from '../model/index.js';

/** What a taxpayer's documents say of their issuer; optional fields appear when they are set. */
export type IssuerProfile = Omit<EcfEmisor, 'FechaEmision'>;

export interface CompleteOptions {
  readonly issuer: IssuerProfile;
  readonly now: Date;
  /** The number, when it is known already; a stated one is kept. */
  readonly encf?: string;
  /** `dd-MM-yyyy`; ignored for the types that carry none (32, 34). */
  readonly fechaVencimientoSecuencia?: string;
}
