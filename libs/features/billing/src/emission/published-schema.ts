import { DECLARATION, isTipoEcf, xsdFor } from '@getupnet/ecf';
import { ParseOption, XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';

const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
/** The schema's last slot is the signature's, and it is mandatory. */
const SLOT = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"></Signature>';
const CLOSING = '</ECF>';

const validators = new Map<string, XsdValidator>();

/** Compiled once per type and kept: compiling costs a hundred times what validating does. */
function validatorOf(tipo: string): XsdValidator {
  const known = validators.get(tipo);
  if (known) return known;
  if (!isTipoEcf(tipo)) throw new Error(`no schema for type ${tipo}`);
  const schema = XmlDocument.fromString(xsdFor(tipo), { option: OPTIONS });
  try {
    const validator = XsdValidator.fromDoc(schema);
    validators.set(tipo, validator);
    return validator;
  } finally {
    schema.dispose();
  }
}

/**
 * What our published schema says against canonical unsigned bytes, or null. Run once more right
 * before signing (EMI-6): the accept's compiled validator and this must never disagree.
 */
export function publishedSchemaFault(tipo: string, unsigned: string): string | null {
  const whole = `${DECLARATION}${unsigned.slice(0, -CLOSING.length)}${SLOT}${CLOSING}`;
  const document = XmlDocument.fromString(whole, { option: OPTIONS });
  try {
    validatorOf(tipo).validate(document);
    return null;
  } catch (error) {
    if (error instanceof XmlValidateError) return error.message;
    throw error;
  } finally {
    document.dispose();
  }
}
