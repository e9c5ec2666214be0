import type { Environment } from '@getupnet/contracts';
import type { ScriptedFault } from '../faults/fault.js';
import type { ForcedVerdict } from '../faults/forced-verdicts.js';

/** What somebody asked of the simulator itself: kept in the ledger, so that a restart knows it. */
export type ControlRecord =
  | {
      readonly action: 'fault-set';
      readonly id: string;
      /** What its draws depend on. */
      readonly salt: string;
      readonly fault: ScriptedFault;
    }
  | { readonly action: 'fault-removed'; readonly id: string }
  | { readonly action: 'faults-cleared' }
  | { readonly action: 'verdict-set'; readonly id: number; readonly verdict: ForcedVerdict }
  | { readonly action: 'verdict-used'; readonly id: number }
  | { readonly action: 'verdicts-cleared' }
  | { readonly action: 'tokens-ended'; readonly environment: Environment };
