import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { SystemClock, type Clock } from '@getupnet/kernel';
import type { Signer } from '@getupnet/xmldsig';
import { randomUUID } from 'node:crypto';
import type { Chaos } from './faults/fault.js';
import type { DgiiHost } from './http/service-map.js';
import type { TlsPair } from './http/tls-server.js';

/** One authorised sequence of a taxpayer. */
export interface AuthorisedSequence {
  readonly first: number;
  readonly last: number;
}

/** A receiver's addresses, as it registered them. */
export interface DirectoryEntry {
  readonly nombre: string;
  readonly rnc: string;
  readonly urlRecepcion: string;
  readonly urlAceptacion: string;
  /** Where to authenticate; absent when the receiver wants no authentication. */
  readonly urlOpcional?: string;
}

/** What DGII knows about taxpayers in one environment; everything is optional and generous. */
export interface EnvironmentOptions {
  /** `dd-MM-yyyy` that FechaVencimientoSecuencia must equal. Default 31-12-2028. */
  readonly fechaVencimientoSecuencia?: string;
  /** Sequence of each type. Default 1–10,000,000, type 32 1–50,000,000 (DT v1.6, p. 5). */
  readonly sequences?: Readonly<Record<string, AuthorisedSequence>>;
  /** Issuer RNC → holders who may act for it. An issuer that is not listed accepts any signer. */
  readonly delegates?: Readonly<Record<string, readonly string[]>>;
  /** Issuers not in `delegates` accept nobody, and who is in none of its lists gets no token. */
  readonly strictDelegation?: boolean;
  /** Issuers that exist but may not issue. */
  readonly inactiveIssuers?: readonly string[];
  /** RNCs that no taxpayer has. */
  readonly unknownIssuers?: readonly string[];
  /** Taxpayers that are no electronic issuers. */
  readonly notElectronicIssuers?: readonly string[];
  /** Issuer RNC → `dd-MM-yyyy` since when it is an electronic issuer. Not listed: always was. */
  readonly electronicSince?: Readonly<Record<string, string>>;
  /** Issuers that may send deferred (IndicadorEnvioDiferido). Default: everybody. */
  readonly deferredIssuers?: readonly string[];
  /** PEM certificates of authorities whose signers are taken besides the simulator's own. */
  readonly trustedAuthorities?: readonly string[];
  /** Receivers. Default: in testecf this simulator's emisor-receptor, elsewhere nobody. */
  readonly directory?: readonly DirectoryEntry[];
}

export type TrustPolicy = 'authorities' | 'any';

export interface SimulatorOptions {
  /** Ledger and keys live here and survive a restart; without it, in a temporary directory. */
  readonly dataDir?: string;
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly clock?: Clock;
  /**
   * Whose certificates are taken: those the simulator's own authority issued and those of
   * `trustedAuthorities` (default), or anybody's.
   */
  readonly trust?: TrustPolicy;
  /** Hears why a semilla's signature was refused, in Spanish; callers are not told, as at DGII. */
  readonly onNotice?: (text: string) => void;
  /** Address the directory tells, when callers reach the simulator by another than its own. */
  readonly publicUrl?: string;
  /**
   * Host names under which page and control API answer, besides this machine's own; the names of
   * `host` and `publicUrl` are among them.
   */
  readonly controlHosts?: readonly string[];
  /** Signs what the emisor-receptor answers. Default: a certificate made on the spot. */
  readonly counterpartSigner?: Signer;
  /** Decides which calls a fault with a probability hits. */
  readonly seed?: string | number;
  /** How long a received e-CF answers En Proceso. Default 20. */
  readonly validationDelayMs?: number;
  /** Flush every ledger batch to the disk before answering. Default false: written, not synced. */
  readonly fsync?: boolean;
  /** Speak HTTPS: with this certificate, or (true) with one of the simulator's own authority. */
  readonly tls?: boolean | TlsPair;
  /** Start with a mix of faults: its seed, or all of it (README). */
  readonly chaos?: string | number | Omit<Chaos, 'kind'>;
  readonly tokenLifetimeMs?: number;
  readonly semillaLifetimeMs?: number;
  /** Buyers and amounts that force a verdict (README). Default true. */
  readonly magicValues?: boolean;
  /** Host header → DGII host, besides the three real names. */
  readonly hostNames?: Readonly<Record<string, DgiiHost>>;
  readonly environments?: Readonly<Partial<Record<Environment, EnvironmentOptions>>>;
}

export interface EnvironmentSettings {
  readonly fechaVencimientoSecuencia: string;
  readonly sequences: Readonly<Record<string, AuthorisedSequence>>;
  readonly delegates: Readonly<Record<string, readonly string[]>>;
  readonly strictDelegation: boolean;
  readonly inactiveIssuers: ReadonlySet<string>;
  readonly unknownIssuers: ReadonlySet<string>;
  readonly notElectronicIssuers: ReadonlySet<string>;
  readonly electronicSince: Readonly<Record<string, string>>;
  readonly deferredIssuers: ReadonlySet<string> | undefined;
  readonly trust: TrustPolicy;
  readonly trustedAuthorities: readonly string[];
  readonly directory: readonly DirectoryEntry[] | undefined;
}

export interface Settings {
  readonly clock: Clock;
  readonly seed: string;
  readonly validationDelayMs: number;
  readonly tokenLifetimeMs: number;
  readonly semillaLifetimeMs: number;
  readonly magicValues: boolean;
  readonly controlHosts: ReadonlySet<string>;
  readonly hostNames: Readonly<Record<string, DgiiHost>>;
  readonly environments: Readonly<Record<Environment, EnvironmentSettings>>;
}

const MINUTE_MS = 60_000;
const DEFAULT_EXPIRY = '31-12-2028';
const DEFAULT_SEQUENCE: AuthorisedSequence = { first: 1, last: 10_000_000 };
const CONSUMER_SEQUENCE: AuthorisedSequence = { first: 1, last: 50_000_000 };

/** Authorised numbers of a type: those of the options, else DGII's grant for testing. */
export function sequenceOf(settings: EnvironmentSettings, tipo: string): AuthorisedSequence {
  return settings.sequences[tipo] ?? (tipo === '32' ? CONSUMER_SEQUENCE : DEFAULT_SEQUENCE);
}

export function resolveSettings(options: SimulatorOptions): Settings {
  const environments = Object.fromEntries(
    ENVIRONMENTS.map((name) => [
      name,
      resolveEnvironment(options.environments?.[name] ?? {}, options.trust ?? 'authorities'),
    ]),
  ) as Record<Environment, EnvironmentSettings>;
  return {
    clock: options.clock ?? new SystemClock(),
    seed: String(options.seed ?? randomUUID()),
    validationDelayMs: options.validationDelayMs ?? 20,
    tokenLifetimeMs: options.tokenLifetimeMs ?? 60 * MINUTE_MS,
    semillaLifetimeMs: options.semillaLifetimeMs ?? 5 * MINUTE_MS,
    magicValues: options.magicValues ?? true,
    controlHosts: controlHostsOf(options),
    hostNames: {
      'ecf.dgii.gov.do': 'ecf',
      'fc.dgii.gov.do': 'fc',
      'statusecf.dgii.gov.do': 'statusecf',
      ...options.hostNames,
    },
    environments,
  };
}

function controlHostsOf({ controlHosts = [], host, publicUrl }: SimulatorOptions): Set<string> {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return new Set([...controlHosts, ...own, host ?? 'localhost'].map((name) => name.toLowerCase()));
}

function resolveEnvironment(options: EnvironmentOptions, trust: TrustPolicy): EnvironmentSettings {
  return {
    fechaVencimientoSecuencia: options.fechaVencimientoSecuencia ?? DEFAULT_EXPIRY,
    sequences: options.sequences ?? {},
    delegates: options.delegates ?? {},
    strictDelegation: options.strictDelegation ?? false,
    inactiveIssuers: new Set(options.inactiveIssuers ?? []),
    unknownIssuers: new Set(options.unknownIssuers ?? []),
    notElectronicIssuers: new Set(options.notElectronicIssuers ?? []),
    electronicSince: options.electronicSince ?? {},
    deferredIssuers:
      options.deferredIssuers === undefined ? undefined : new Set(options.deferredIssuers),
    trust,
    trustedAuthorities: options.trustedAuthorities ?? [],
    directory: options.directory,
  };
}
