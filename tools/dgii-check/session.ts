import type { Environment } from '@getupnet/contracts';
import type { DgiiApi, DgiiEndpoints, TokenAnswer } from '@getupnet/dgii-api';
import type { Clock } from '@getupnet/kernel';
import type { HttpAnswer } from './net/probe.js';
import type { SemillaSigner } from './signers.js';

/** What is to be checked, and with what. */
export interface CheckSettings {
  readonly environment: Environment;
  readonly rnc: string | null;
  readonly endpoints: DgiiEndpoints;
  /** Where the calls go instead of DGII's hosts. */
  readonly baseUrl: string | null;
  readonly timeoutMs: number;
  readonly signer: SemillaSigner | null;
  readonly statusKey: string | null;
}

/** The world around a check; tests put another one in its place. */
export interface CheckWorld {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** PEM; instead of the authorities Node trusts. */
  readonly tlsAuthorities?: string | undefined;
}

/** What one step leaves for the next. */
export class CheckSession {
  /** The answer of the semilla's service. */
  semilla: HttpAnswer | null = null;
  /** DGII's clock minus ours, once known. */
  skewMs: number | null = null;
  signedSemilla: string | null = null;
  /** Cédula, RNC or passport of whoever signed. */
  holder: string | null = null;
  token: TokenAnswer | null = null;

  constructor(
    readonly settings: CheckSettings,
    readonly world: CheckWorld,
    readonly api: DgiiApi,
  ) {}

  /** DGII's time where it is known: it decides what has expired. */
  now(): Date {
    return new Date(this.world.clock.now().getTime() + (this.skewMs ?? 0));
  }
}
