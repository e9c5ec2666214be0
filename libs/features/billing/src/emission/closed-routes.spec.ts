import { jest } from '@jest/globals';
import { ClosedRoutes } from './closed-routes.js';
import { emissionDocument } from './testing/emission-document.js';

const notSent = (reason: string, retryAfterMs = 60_000) =>
  ({ kind: 'unavailable', reason, retryAfterMs }) as const;

describe('ClosedRoutes', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each(['maintenance', 'breaker.open'])('%s closes the way for all, for its time', (reason) => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const routes = new ClosedRoutes();
    const document = emissionDocument();
    expect(routes.remainingMs(document)).toBe(0);
    expect(routes.waitMs(document, notSent(reason))).toBeGreaterThanOrEqual(60_000);
    const other = emissionDocument({ id: 'other', tenantId: 'other' });
    expect(routes.remainingMs(other)).toBeGreaterThanOrEqual(60_000);
    expect(routes.remainingMs(emissionDocument({ route: 'rfce' }))).toBe(0);
    expect(routes.remainingMs(emissionDocument({ environment: 'ecf' }))).toBe(0);
    now.mockReturnValue(61_000);
    expect(routes.remainingMs(other)).toBe(0);
  });

  it.each(['token.refused', 'env.forbidden', 'pacing', 'ECONNREFUSED', 'cert.expired'])(
    '%s is the document’s own affair',
    (reason) => {
      const routes = new ClosedRoutes();
      routes.waitMs(emissionDocument(), notSent(reason));
      expect(routes.remainingMs(emissionDocument())).toBe(0);
    },
  );
});
