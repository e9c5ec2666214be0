import { isTipoEcf, xsdFor, type Format, type TipoEcf } from '@getupnet/ecf';
import {
  ParseOption,
  XmlDocument,
  XmlError,
  XmlValidateError,
  XmlXPath,
  XsdValidator,
} from 'libxml2-wasm';

/** Nothing is fetched, no external entity is read, and nothing is printed about bad input. */
const SAFE: ParseOption =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_NOERROR |
  ParseOption.XML_PARSE_NOWARNING;

const MAX_DETAIL = 300;

/** Documents DGII reads, by their root element. */
export type RootName = 'ECF' | 'RFCE' | 'ACECF' | 'ANECF' | 'ARECF';

export type SchemaOutcome =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly detail: string }
  /** Not XML, or a document of another kind. */
  | { readonly kind: 'unreadable' };

/** Checks documents against the published schemas; each schema is compiled once, when first met. */
export class SchemaCheck {
  private readonly validators = new Map<Format, XsdValidator>();
  private readonly tipo = XmlXPath.compile('string(/ECF/Encabezado/IdDoc/TipoeCF)');

  check(bytes: Buffer, root: RootName): SchemaOutcome {
    let document: XmlDocument;
    try {
      document = XmlDocument.fromBuffer(bytes, { option: SAFE });
    } catch (error) {
      if (error instanceof XmlError) return { kind: 'unreadable' };
      throw error;
    }
    try {
      if (document.dtd !== null || document.root.name !== root) return { kind: 'unreadable' };
      return this.validate(document, root);
    } finally {
      document.dispose();
    }
  }

  private validate(document: XmlDocument, root: RootName): SchemaOutcome {
    const format = root === 'ECF' ? this.tipoOf(document) : root;
    if (format === undefined) {
      return { kind: 'invalid', detail: 'TipoeCF no es un tipo de e-CF.' };
    }
    try {
      this.validatorOf(format).validate(document);
      return { kind: 'valid' };
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return { kind: 'invalid', detail: error.message.trim().slice(0, MAX_DETAIL) };
    }
  }

  private tipoOf(document: XmlDocument): TipoEcf | undefined {
    const tipo = document.eval(this.tipo);
    return isTipoEcf(tipo) ? tipo : undefined;
  }

  private validatorOf(format: Format): XsdValidator {
    let validator = this.validators.get(format);
    if (validator === undefined) {
      const schema = XmlDocument.fromString(xsdFor(format));
      validator = XsdValidator.fromDoc(schema);
      schema.dispose();
      this.validators.set(format, validator);
    }
    return validator;
  }

  dispose(): void {
    for (const validator of this.validators.values()) validator.dispose();
    this.validators.clear();
    this.tipo.dispose();
  }
}
