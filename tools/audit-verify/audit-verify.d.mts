import type { KeyObject } from 'node:crypto';

export interface Finding {
  readonly kind: string;
  readonly tenant?: string;
  readonly checkpoint?: number;
  /** The first entry that is bad, and how far the evidence reaches. */
  readonly seq?: number;
  readonly until?: number;
}

export interface VerifiedChain {
  readonly tenant: string;
  readonly entries: number;
  readonly sealed: number;
  /** The last entry a checkpoint proves, before anything was found. */
  readonly proven: number;
  /** The first entry that does not verify; Infinity when all do. */
  readonly firstBad: number;
  readonly findings: readonly Finding[];
}

export interface Verification {
  readonly ok: boolean;
  readonly last?: { readonly number: number; readonly at: string; readonly hash: string };
  readonly chains: readonly VerifiedChain[];
  readonly findings: readonly Finding[];
}

export interface Material {
  readonly paths: readonly string[];
  readonly checkpoints?: string;
  readonly keys: readonly KeyObject[];
  readonly known?: string;
  readonly tenants?: readonly string[];
  /** The last checkpoint older than the export: later ones seal what it does not have. */
  readonly until?: number | string;
}

export declare function auditVerify(material: Material): Promise<Verification>;
