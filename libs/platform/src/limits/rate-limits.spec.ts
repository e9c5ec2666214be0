import { RequestContext } from '../context/request-context.js';
import { RateLimits } from './rate-limits.js';

const UNLIMITED = { perSecond: 1_000_000, burst: 1_000_000 };
const THREE = { perSecond: 1, burst: 3 };

function caller(tenantId: string, key: string): RequestContext {
  const context = new RequestContext({ traceId: 'a'.repeat(32), tenantId });
  context.caller = `api-key:${key}`;
  return context;
}

test.each([
  ['key', { key: THREE, tenantTiers: new Map([['standard', UNLIMITED]]) }, 'b'],
  ['tenant', { key: UNLIMITED, tenantTiers: new Map([['standard', THREE]]) }, 'a'],
])('lines of a batch count against the %s like requests', (_, sizes, samePartyTenant) => {
  const limits = new RateLimits({
    address: UNLIMITED,
    user: UNLIMITED,
    isShared: false,
    ...sizes,
  });
  const one = caller('a', 'k1');
  limits.admitCaller(one);
  expect([limits.paceCaller(one), limits.paceCaller(one)]).toEqual([0, 0]);
  expect(limits.paceCaller(one)).toBeGreaterThan(0);
  // Whoever shares what is used up is refused by it, and nobody else.
  const sharing = samePartyTenant === 'a' ? caller('a', 'k2') : caller('b', 'k1');
  expect(() => limits.admitCaller(sharing)).toThrow('rate.limited');
  expect(limits.paceCaller(caller('c', 'k3'))).toBe(0);
});
