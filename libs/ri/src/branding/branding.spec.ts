import { PNG_LOGO, SVG_LOGO } from '../testing/logos.js';
import { BRANDING_LIMITS, type Branding, type LogoType } from './branding.js';
import { checkBranding } from './check-branding.js';
import { logoOf } from './logo.js';
import { pathOperators, transformOperator } from './svg-path.js';
import { svgDrawing } from './svg.js';

const svg = (content: string, root = 'viewBox="0 0 10 10"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${root}>${content}</svg>`);
const faultsOf = (branding: Branding) => checkBranding(branding).map(({ pointer }) => pointer);
const logoFaults = (mediaType: LogoType, bytes: Uint8Array) =>
  faultsOf({ logo: { mediaType, bytes } });

describe('checkBranding', () => {
  test('takes what can be printed', () => {
    expect(checkBranding({})).toEqual([]);
    const logos = [
      { mediaType: 'image/png', bytes: PNG_LOGO },
      { mediaType: 'image/svg+xml', bytes: SVG_LOGO },
    ] as const;
    for (const logo of logos) {
      const more = { accentColor: '#0B6e4f', footerText: '¡Gracias!', columns: ['itbis'] } as const;
      expect(checkBranding({ logo, ...more })).toEqual([]);
    }
  });

  test('says what is wrong, by pointer', () => {
    const columns = ['itbis', 'precios'] as unknown as Branding['columns'];
    const footerText = 'x'.repeat(BRANDING_LIMITS.footerCharacters + 1);
    const faulty = { accentColor: 'red', footerText, ...(columns && { columns }) };
    expect(faultsOf(faulty)).toEqual(['/accentColor', '/footerText', '/columns/1']);
  });

  test('refuses files that are too large, of another kind, or broken', () => {
    const large = Buffer.concat([PNG_LOGO, Buffer.alloc(BRANDING_LIMITS.logoBytes)]);
    expect(logoFaults('image/png', large)).toEqual(['/logo']);
    expect(logoFaults('image/jpeg', PNG_LOGO)).toEqual(['/logo']);
    expect(logoFaults('image/png', Buffer.from('GIF89a'))).toEqual(['/logo']);
    expect(logoFaults('image/png', PNG_LOGO.subarray(0, 60))).toEqual(['/logo']);
    const broken = Buffer.from(PNG_LOGO);
    broken.fill(0x55, 43, 60);
    expect(logoFaults('image/png', broken)).toEqual(['/logo']);
    const wide = Buffer.from(PNG_LOGO);
    wide.writeUInt32BE(100_000, 16);
    expect(logoFaults('image/png', wide)).toEqual(['/logo']);
  });

  test.each([
    '<script>alert(1)</script>',
    '<image href="https://example.test/x.png"/>',
    '<use href="#a"/>',
    '<style>@import url(https://example.test)</style>',
    '<rect width="1" height="1" style="fill:url(https://example.test/#a)"/>',
    '<rect width="1" height="1" onclick="alert(1)"/>',
    '<a href="javascript:alert(1)"><rect width="1" height="1"/></a>',
    '<foreignObject/>',
    '<text>Hola</text>',
    '<path d="M 0 0 L"/>',
    '<path d="L 3 3"/>',
    '<g transform="wobble(2)"/>',
  ])('refuses an SVG with %s', (content) => {
    expect(logoFaults('image/svg+xml', svg(content))).toEqual(['/logo']);
  });

  test('refuses entities, and a drawing without size', () => {
    const entity = Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"/>');
    expect(logoFaults('image/svg+xml', entity)).toEqual(['/logo']);
    expect(logoFaults('image/svg+xml', svg('', ''))).toEqual(['/logo']);
    const deep = '<g>'.repeat(40) + '</g>'.repeat(40);
    expect(logoFaults('image/svg+xml', svg(deep))).toEqual(['/logo']);
  });
});

describe('drawings', () => {
  test('become operators with their colours', () => {
    const content = '<g fill="#f00"><rect x="1" y="2" width="3" height="4" opacity="0.5"/></g>';
    expect(svgDrawing(svg(content))).toMatchObject({
      kind: 'svg',
      width: 10,
      height: 10,
      operators: 'q\nq\n1 0.5 0.5 rg\n1 2 3 4 re\nf\nQ\nQ',
    });
  });

  test.each([
    ['M1 2l3 4h5V6z', '1 2 m 4 6 l 9 6 l 9 6 l h'],
    ['m1 1 2 2', '1 1 m 3 3 l'],
    ['M0 0Q3 3 6 0', '0 0 m 2 2 4 2 6 0 c'],
    ['M0,0C1,1,2,2,3,3S5,5,6,6', '0 0 m 1 1 2 2 3 3 c 4 4 5 5 6 6 c'],
    ['M0 0A1 1 0 012 0', '0 0 m 0 -0.552 0.448 -1 1 -1 c 1.552 -1 2 -0.552 2 0 c'],
  ])('path %s', (d, operators) => {
    expect(pathOperators('path', new Map([['d', d]]))).toBe(operators);
  });

  test('transformations', () => {
    expect(transformOperator('translate(2 3) scale(2)')).toBe('1 0 0 1 2 3 cm 2 0 0 2 0 0 cm');
    expect(transformOperator('rotate(90 1 1)')).toBe('0 1 -1 0 2 0 cm');
    expect(transformOperator('url(#x)')).toBeUndefined();
  });

  test('lines keep their corners and dashes; opacity is inherited', () => {
    const line = '<path d="M0 0h9" stroke="#000" fill="none" stroke-dasharray="2 1"/>';
    const content = `<g stroke-opacity="0.5" stroke-width="2">${line}</g>`;
    expect(svgDrawing(svg(content))).toMatchObject({
      operators: 'q\nq\n0.5 0.5 0.5 RG\n2 w 0 J 0 j 4 M [2 1] 0 d\n0 0 m 9 0 l\nS\nQ\nQ',
    });
  });

  test('no number is too large to be written', () => {
    const shape = '<rect width="1e99" height="2" stroke="red" stroke-width="1e40"/>';
    const drawing = svgDrawing(svg(`<g transform="scale(1e300) skewX(90)">${shape}</g>`));
    expect(drawing).toHaveProperty('operators');
    expect(JSON.stringify(drawing)).not.toMatch(/\de|Infinity|NaN/);
  });

  test('a PNG with clear parts becomes colours and a mask, once', () => {
    const logo = { mediaType: 'image/png', bytes: PNG_LOGO } as const;
    expect(logoOf(logo)).toMatchObject({ kind: 'raster', colorSpace: 'DeviceRGB', width: 60 });
    expect(logoOf(logo)).toBe(logoOf(logo));
    expect(logoOf(logo)).toHaveProperty('opacity');
  });
});
