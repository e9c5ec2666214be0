export * from './ecf.js';
export * from './others.js';
import type { EcfDocument } from './ecf.js';

/** A tree in which everything may still be missing. */
export type Draft<T> = T extends string
  ? T
  : T extends (infer Entry)[]
    ? Draft<Entry>[]
    : { [Name in keyof T]?: Draft<T[Name]> };

/** What a caller stated of an e-CF, in the shape of the catalogue. */
export type EcfDraft = Draft<EcfDocument>;
