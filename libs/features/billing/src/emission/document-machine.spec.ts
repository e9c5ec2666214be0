import {
  DOCUMENT_STATES,
  FINAL_STATES,
  isFinalState,
  type DocumentState,
} from '@getupnet/contracts';
import { assertMayBecome, eventTypeOf, mayBecome } from './document-machine.js';

describe('the state table', () => {
  it('lets nothing leave a final state', () => {
    for (const from of FINAL_STATES) {
      for (const to of DOCUMENT_STATES) expect(mayBecome(from, to)).toBe(false);
    }
  });

  it('reaches DGII only through the committed intent SENDING', () => {
    const sent: readonly DocumentState[] = ['SENDING', 'SUBMITTED', 'UNKNOWN'];
    for (const to of ['SUBMITTED', 'UNKNOWN'] as const) {
      const sources = DOCUMENT_STATES.filter((from) => from !== to && mayBecome(from, to));
      expect(sources.filter((from) => !sent.includes(from))).toEqual([]);
    }
  });

  it('never turns an unanswered send back into one that was not made', () => {
    expect(mayBecome('UNKNOWN', 'SIGNED')).toBe(false);
    expect(mayBecome('SUBMITTED', 'SENDING')).toBe(false);
  });

  it('lets every open state come to an end', () => {
    for (const start of DOCUMENT_STATES.filter((state) => !isFinalState(state))) {
      const seen = new Set([start]);
      const queue = [start];
      for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
        for (const to of DOCUMENT_STATES) {
          if (!mayBecome(state, to) || seen.has(to)) continue;
          seen.add(to);
          queue.push(to);
        }
      }
      expect([...seen].some(isFinalState)).toBe(true);
    }
  });

  it('throws on a step that is not in it, naming both ends', () => {
    expect(() => assertMayBecome('QUEUED', 'ACCEPTED')).toThrow('QUEUED → ACCEPTED');
    expect(() => assertMayBecome('SENDING', 'SENDING')).not.toThrow();
  });

  it('names one event for each state', () => {
    expect(new Set(DOCUMENT_STATES.map(eventTypeOf)).size).toBe(DOCUMENT_STATES.length);
    expect(eventTypeOf('CONDITIONALLY_ACCEPTED')).toBe('document.conditionally_accepted');
  });
});
