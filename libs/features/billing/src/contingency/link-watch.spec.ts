import { jest } from '@jest/globals';
import type { Config } from '@getupnet/platform';
import { FakeClock } from '@getupnet/testkit';
import { emissionDocument } from '../emission/testing/emission-document.js';
import { LinkWatch } from './link-watch.js';

const AFTER_MS = 90_000;
const config = { get: () => ({ BILLING_CONTINGENCY_AFTER_MS: AFTER_MS }) } as unknown as Config;
const notSent = (reason: string, retryAfterMs = 60_000) =>
  ({ kind: 'unavailable', reason, retryAfterMs }) as const;

describe('LinkWatch', () => {
  const document = emissionDocument();
  const clock = new FakeClock('2026-11-21T15:00:00Z');
  let nowMs = 0;
  let links: LinkWatch;

  beforeEach(() => {
    nowMs = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    links = new LinkWatch(clock, config);
  });
  afterEach(() => void jest.restoreAllMocks());

  it.each(['maintenance', 'breaker.open'])('%s closes the way for all, for its time', (reason) => {
    expect(links.remainingMs(document)).toBe(0);
    expect(links.notSent(document, notSent(reason))).toBeGreaterThanOrEqual(60_000);
    const other = emissionDocument({ id: 'other', tenantId: 'other' });
    expect(links.remainingMs(other)).toBeGreaterThanOrEqual(60_000);
    expect(links.remainingMs(emissionDocument({ route: 'rfce' }))).toBe(0);
    expect(links.remainingMs(emissionDocument({ environment: 'ecf' }))).toBe(0);
    nowMs += 60_000;
    expect(links.remainingMs(other)).toBe(0);
  });

  it.each([
    ...['token.refused', 'env.forbidden', 'pacing', 'cert.expired', 'dependency.unavailable'],
    ...['validarsemilla.refused: el firmante no es delegado', 'semilla.unsupported', 'internal'],
    ...['deadline', 'validarsemilla.deadline', 'validarsemilla.http.403', 'semilla.http.400.empty'],
    ...['validarsemilla.answer.wrong_shape', 'semilla.answer.not_json'],
  ])('%s says nothing of the link', (reason) => {
    links.notSent(document, notSent(reason));
    nowMs += AFTER_MS;
    links.notSent(document, notSent(reason));
    expect(links.remainingMs(document)).toBe(0);
    expect(links.outage(document)).toBeNull();
  });

  it('DGI-5: an outage is what lasts; it began with the first failure', () => {
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    const since = clock.now();
    expect(links.outage(document)).toBeNull();
    expect(links.remainingMs(document)).toBe(0);
    nowMs += AFTER_MS - 1;
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    expect(links.remainingMs(document)).toBe(0);
    nowMs += 1;
    links.notSent(document, notSent('breaker.open', 5_000));
    expect(links.outage(document)).toEqual({ since, reason: 'breaker.open' });
    expect(links.outage(emissionDocument({ route: 'rfce' }))).toBeNull();
  });

  it('in an outage one try at a time is enough, whatever it met', () => {
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    nowMs += AFTER_MS;
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    expect(links.remainingMs(document)).toBeGreaterThanOrEqual(5_000);
    nowMs += 5_000;
    expect(links.remainingMs(document)).toBe(0);
    expect(links.outage(document)).not.toBeNull();
  });

  it('announced maintenance needs no proof', () => {
    links.notSent(document, notSent('maintenance', 7_200_000));
    expect(links.outage(document)).toMatchObject({ reason: 'maintenance' });
  });

  it('whoever waits looks again when an outage would begin, not only when told to', () => {
    links.notSent(document, notSent('breaker.open'));
    nowMs += AFTER_MS - 10_000;
    const waitMs = links.notSent(document, notSent('breaker.open'));
    expect(waitMs).toBeGreaterThanOrEqual(10_000);
    expect(waitMs).toBeLessThan(12_000);
    nowMs += 10_000;
    expect(links.remainingMs(document)).toBeGreaterThan(40_000);
  });

  it.each([
    ...['semilla.breaker.open', 'validarsemilla.breaker.open', 'semilla.http.503'],
    ...['semilla.ECONNREFUSED', 'validarsemilla.timeout', 'semilla.answer.markup'],
  ])('%s is an outage of the taxpayer who comes by no token, nobody else’s', (reason) => {
    const other = emissionDocument({ id: 'other', tenantId: 'other' });
    links.notSent(document, notSent(reason));
    nowMs += AFTER_MS;
    links.notSent(document, notSent(reason));
    expect(links.outage(document)).toMatchObject({ reason });
    expect(links.outage(other)).toBeNull();
    expect([document, other].map((one) => links.remainingMs(one))).toEqual([0, 0]);
    // Another one's document goes through: that is no answer to this one's authentication.
    links.answered(other);
    expect(links.outage(document)).toMatchObject({ reason });
    const heard: string[] = [];
    links.onReturn((environment) => void heard.push(environment));
    links.answered(document);
    expect(links.outage(document)).toBeNull();
    expect(heard).toEqual(['testecf']);
  });

  it('an old failure of one kind does not make an outage of a new one of the other', () => {
    links.notSent(document, notSent('semilla.timeout', 5_000));
    nowMs += 3_600_000;
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    expect(links.outage(document)).toBeNull();
    nowMs += 3_600_000;
    links.notSent(document, notSent('semilla.timeout', 5_000));
    expect(links.outage(document)).toBeNull();
  });

  it('an answer ends it and tells who listens, once', () => {
    const heard: string[] = [];
    links.onReturn((environment) => void heard.push(environment));
    links.answered(document);
    links.notSent(document, notSent('maintenance'));
    links.answered(document);
    links.answered(document);
    expect(heard).toEqual(['testecf']);
    expect(links.outage(document)).toBeNull();
    expect(links.remainingMs(document)).toBe(0);
  });

  it('failures far apart are not one outage', () => {
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    nowMs += 3_600_000;
    links.notSent(document, notSent('ECONNREFUSED', 5_000));
    expect(links.outage(document)).toBeNull();
  });
});
