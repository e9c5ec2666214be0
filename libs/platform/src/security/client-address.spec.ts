import { AddressList, addressGroup, isAddressRange } from './client-address.js';

describe('NET-6', () => {
  test.each(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::1', '0.0.0.0/0'])('%s', (text) =>
    expect(isAddressRange(text)).toBe(true),
  );
  test.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'host',
    '::1%lo',
    '::/129',
  ])('not a range: %j', (text) => {
    expect(isAddressRange(text)).toBe(false);
    expect(() => new AddressList([text])).toThrow(TypeError);
  });

  test('a list knows addresses of both families, also IPv4 in IPv6 clothes', () => {
    const list = new AddressList(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);
    for (const inside of ['10.9.8.7', '::ffff:10.1.1.1', '2001:db8:1::5', '192.0.2.7']) {
      expect(list.has(inside)).toBe(true);
    }
    for (const outside of ['11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1', '192.0.2.8', 'x', '']) {
      expect(list.has(outside)).toBe(false);
    }
  });

  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('LIM-1: %s counts as %s', (address, group) => expect(addressGroup(address)).toBe(group));
});
