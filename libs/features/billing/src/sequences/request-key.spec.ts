import { assertSameRequest, requestKeyOf } from './request-key.js';

const headers = { 'idempotency-key': 'range-1' };
const asked = { tipo: '31', first: '1', last: '100' };
const testing = { environment: 'testecf' } as const;
const first = requestKeyOf(headers, testing, asked);

it('a repeat is the same request, however its members are ordered', () => {
  const again = requestKeyOf(headers, testing, { last: '100', first: '1', tipo: '31' });
  expect(again).toEqual(first);
  expect(() => assertSameRequest(again, first.sha256)).not.toThrow();
});

it.each([
  ['something else', testing, { ...asked, last: '101' }],
  ['the same in another environment', { environment: 'ecf' } as const, asked],
])('%s under the same key is refused', (_, tenant, other) => {
  const request = requestKeyOf(headers, tenant, other);
  expect(() => assertSameRequest(request, first.sha256)).toThrow('idempotency.key_reused');
});
