import { createHash } from 'node:crypto';
import type { FaultTarget } from './fault.js';

const SPAN = 2 ** 32;

/** Calls of one operation about one document: what attempts are counted by. */
export function subjectOf({ operation, environment, rnc, encf }: FaultTarget): string {
  return `${operation}|${environment ?? ''}|${rnc ?? ''}|${encf ?? ''}`;
}

/**
 * A number from 0 to 1 for the n-th call of a subject. It depends on nothing else, so a run can be
 * repeated although documents overtake each other.
 */
export function draw(salt: string, subject: string, attempt: number): number {
  const digest = createHash('sha256').update(`${salt}|${subject}|${attempt}`).digest();
  return digest.readUInt32BE(0) / SPAN;
}
