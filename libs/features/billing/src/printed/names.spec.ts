import { LOGO_MEDIA_TYPES, MAX_FOOTER_TEXT, RI_COLUMNS } from '@getupnet/contracts';
import { BRANDING_LIMITS, COLUMNS, LOGO_TYPES } from '@getupnet/ri';

// Contracts know no renderer and the renderer no contracts; the two lists must not drift apart.
test('the API offers exactly what the renderer prints', () => {
  expect(RI_COLUMNS).toEqual(COLUMNS);
  expect(LOGO_MEDIA_TYPES).toEqual(LOGO_TYPES);
  expect(MAX_FOOTER_TEXT).toBe(BRANDING_LIMITS.footerCharacters);
});
