export {
  FORMATS,
  TIPOS_ECF,
  formatTree,
  isTipoEcf,
  type Format,
  type FormatNode,
  type FormatTree,
  type TipoEcf,
} from './catalogue/formats.js';
export { ADDITIONAL_TAX, codesOf, type AdditionalTax } from './catalogue/codes.js';
export { complete, type Completed } from './complete/complete.js';
export { assignNumber, type AssignedNumber } from './complete/number.js';
export type { CompleteOptions, IssuerProfile } from './complete/options.js';
export {
  hasErrors,
  type DgiiReaction,
  type Finding,
  type FindingDefinition,
  type FindingProblem,
  type Severity,
} from './findings/finding.js';
export { FINDINGS, type FindingCode } from './findings/findings.data.js';
export type * from './model/index.js';
export { normalize, type NormalizeResult } from './normalize.js';
export {
  REFUSALS,
  acecf,
  anecf,
  arecf,
  encfOf,
  type ArecfInput,
  type Refusal,
  type VoidRange,
} from './rules/answers.js';
export { jsonSchemaFor, type JsonSchema } from './generate/json-schema.js';
export { requestSchema } from './generate/request-schema.js';
export { moneyText, type Money } from './money.js';
export { lineTaxes, type LineTaxes } from './rules/line-taxes.js';
export { hasValidCheckDigit } from './rules/rnc.js';
export { RFCE_LIMIT, isRfceRoute, toRfce } from './rules/rfce.js';
export { canonicalize } from './xml/canonical.js';
export { parse, read, readCanonical, type ReadResult } from './xml/read.js';
export {
  DECLARATION,
  serialize,
  serializeAcecf,
  serializeAnecf,
  serializeArecf,
  serializeAs,
  serializeBytes,
  serializeRfce,
} from './xml/serialize.js';
export {
  qrUrl,
  toQrUrl,
  type QrEnvironment,
  type TimbreFacts,
  type TimbreHosts,
} from './xml/qr.js';
export { xsdFor } from './xml/xsd.js';
export { validateFormat } from './validate/format.js';
export { validateNote, type ModifiedDocument } from './validate/validate-note.js';
export { validate, validateAs } from './validate/validate.js';
