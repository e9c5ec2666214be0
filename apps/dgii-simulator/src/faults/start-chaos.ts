import type { SimulatorOptions } from '../options.js';
import { faultSchema } from './fault.js';
import type { FaultBook } from './fault-book.js';

/** Sets the mix that the options ask for, in place of one that an earlier start has left. */
export function startChaos(chaos: NonNullable<SimulatorOptions['chaos']>, faults: FaultBook): void {
  for (const { id, fault } of faults.list()) {
    if (fault.kind === 'chaos') faults.remove(id);
  }
  const fields = typeof chaos === 'object' ? chaos : { seed: chaos };
  faults.add(faultSchema.parse({ kind: 'chaos', ...fields }));
}
