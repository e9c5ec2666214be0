import { fingerprint, numberSlots } from './prepared-document.js';

describe('fingerprint', () => {
  it('is the same for the same content, however it is written', () => {
    const one = fingerprint({ ECF: { a: '1', b: { c: 2, d: [1, 2] } }, externalRef: 'x' });
    const other = fingerprint({ externalRef: 'x', ECF: { b: { d: [1, 2], c: 2 }, a: '1' } });
    expect(other).toBe(one);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  it('differs for another value, type or order of lines', () => {
    const one = fingerprint({ ECF: { a: '1', lines: [1, 2] } });
    expect(fingerprint({ ECF: { a: 1, lines: [1, 2] } })).not.toBe(one);
    expect(fingerprint({ ECF: { a: '1', lines: [2, 1] } })).not.toBe(one);
  });
});

describe('numberSlots', () => {
  const xml = (inner: string) => `<ECF><IdDoc><TipoeCF>31</TipoeCF>${inner}</IdDoc></ECF>`;

  it('cuts around number and expiry', () => {
    const slots = numberSlots(
      xml(
        '<eNCF>E310000000000</eNCF><FechaVencimientoSecuencia>31-12-2099</FechaVencimientoSecuencia>',
      ),
    );
    const whole = `${slots.head}E310000000007${slots.middle}31-12-2028${slots.tail}`;
    expect(whole).toBe(
      xml(
        '<eNCF>E310000000007</eNCF><FechaVencimientoSecuencia>31-12-2028</FechaVencimientoSecuencia>',
      ),
    );
  });

  it('leaves out the expiry where the type has none', () => {
    const slots = numberSlots(xml('<eNCF>E320000000000</eNCF>'));
    expect(slots.middle).toBeNull();
    expect(`${slots.head}E320000000009${slots.tail}`).toBe(xml('<eNCF>E320000000009</eNCF>'));
  });

  it('is not fooled by text that looks like the element', () => {
    const slots = numberSlots(
      xml('<eNCF>E320000000000</eNCF><NombreItem>&lt;eNCF&gt;x&lt;/eNCF&gt;</NombreItem>'),
    );
    expect(slots.tail).toContain('&lt;eNCF&gt;x');
  });

  it('refuses what has no number', () => {
    expect(() => numberSlots('<ECF></ECF>')).toThrow('without eNCF');
  });
});
