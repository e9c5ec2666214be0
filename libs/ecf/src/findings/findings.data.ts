import { FORMAT_FINDINGS } from './format.data.js';
import { HEADER_FINDINGS } from './header.data.js';
import { LINE_FINDINGS } from './lines.data.js';
import { NOTE_FINDINGS } from './notes.data.js';
import { OTHER_FINDINGS } from './others.data.js';
import { TOTAL_FINDINGS } from './totals.data.js';

/** Every finding this library can make. Codes are never reused and never removed. */
export const FINDINGS = {
  ...FORMAT_FINDINGS,
  ...HEADER_FINDINGS,
  ...LINE_FINDINGS,
  ...TOTAL_FINDINGS,
  ...NOTE_FINDINGS,
  ...OTHER_FINDINGS,
} as const;

export type FindingCode = keyof typeof FINDINGS;
