import type { Environment } from '@getupnet/contracts';

/** A renewal takes at most this long, from the first look into the database to the token. */
export const RENEWAL_DEADLINE_MS = 9_000;

/** DGII's access token of one certificate in one environment. */
export interface Token {
  readonly kind: 'token';
  readonly token: string;
  /** As stored; tells one token from the next without comparing secrets. */
  readonly sealed: string;
  readonly thumbprint: string;
  /** By this process' clock. */
  readonly expiresAtMs: number;
}

/** What a token is kept under: the signer's certificate, not the person, is what DGII saw. */
export interface TokenKey {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly thumbprint: string;
}
