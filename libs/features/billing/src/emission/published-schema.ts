import { DECLARATION, isTipoEcf, xsdFor, type TipoEcf } from '@getupnet/ecf';
import { ParseOption, XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';

const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
/** The schema's last slot is the signature's, and it is mandatory. */
const SLOT = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"></Signature>';

/** What billing has signed: e-CF of a type, or the request to void numbers. */
const isSigned = (format: string): format is TipoEcf | 'ANECF' =>
  format === 'ANECF' || isTipoEcf(format);
const closingOf = (format: string): string => (isTipoEcf(format) ? '</ECF>' : `</${format}>`);

const validators = new Map<string, XsdValidator>();

/** Compiled once per format and kept: compiling costs a hundred times what validating does. */
function validatorOf(format: string): XsdValidator {
  const known = validators.get(format);
  if (known) return known;
  if (!isSigned(format)) throw new Error(`no schema for ${format}`);
  const schema = XmlDocument.fromString(xsdFor(format), { option: OPTIONS });
  try {
    const validator = XsdValidator.fromDoc(schema);
    validators.set(format, validator);
    return validator;
  } finally {
    schema.dispose();
  }
}

/**
 * What our published schema says against canonical unsigned bytes, or null. Run once more right
 * before signing (EMI-6): the accept's compiled validator and this must never disagree.
 */
export function publishedSchemaFault(format: string, unsigned: string): string | null {
  const closing = closingOf(format);
  const whole = `${DECLARATION}${unsigned.slice(0, -closing.length)}${SLOT}${closing}`;
  const document = XmlDocument.fromString(whole, { option: OPTIONS });
  try {
    validatorOf(format).validate(document);
    return null;
  } catch (error) {
    if (error instanceof XmlValidateError) return error.message;
    throw error;
  } finally {
    document.dispose();
  }
}
