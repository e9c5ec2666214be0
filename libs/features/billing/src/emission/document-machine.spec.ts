import {
  DOCUMENT_STATES,
  FINAL_STATES,
  isFinalState,
  type DocumentState,
} from '@getupnet/contracts';
import { TRANSITIONS, assertMayBecome, eventTypeOf, mayBecome } from './document-machine.js';

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

  it('lets documents begin by being accepted, and in no other way', () => {
    const begun = DOCUMENT_STATES.filter((to) => mayBecome(null, to));
    expect(begun.sort()).toEqual(['HELD', 'QUEUED']);
    for (const to of begun) {
      expect(mayBecome(null, to, 'accept')).toBe(true);
      expect(mayBecome(null, to, 'send')).toBe(false);
    }
  });

  it('lets nobody make another’s steps', () => {
    expect(mayBecome('SENDING', 'SIGNED', 'send')).toBe(true);
    expect(mayBecome('SENDING', 'SIGNED', 'poll')).toBe(false);
    expect(mayBecome('UNKNOWN', 'SENDING', 'ask')).toBe(false);
    expect(() => assertMayBecome('HELD', 'VOIDED', 'sign')).toThrow('HELD → VOIDED by sign');
  });

  it('has each row once, told in words and by somebody', () => {
    const keys = TRANSITIONS.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { by, when } of TRANSITIONS) {
      expect(by.length).toBeGreaterThan(0);
      expect(when.length).toBeGreaterThan(10);
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
