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
  ])('%s says nothing of the link', (reason) => {
    links.notSent(document, notSent(reason));
    nowMs += 10 * AFTER_MS;
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
