export {
  BRANDING_LIMITS,
  DEFAULT_ACCENT,
  LOGO_TYPES,
  type Branding,
  type Logo,
  type LogoType,
} from './branding/branding.js';
export { checkBranding } from './branding/check-branding.js';
export { riFileName } from './file-name.js';
export {
  COLUMNS,
  type ColumnName,
  type Representation,
  type RiColumn,
  type RiDeclaredPage,
  type RiField,
  type RiInput,
  type RiLayout,
  type RiLine,
  type RiMark,
  type RiMode,
  type RiParty,
  type RiStanding,
  type RiTotal,
} from './model.js';
export { renderHtml, type RiHtml } from './html/render-html.js';
export { represent } from './represent/represent.js';
export { qrModules } from './qr/qr-modules.js';
export { renderPdf } from './pdf/render-pdf.js';
