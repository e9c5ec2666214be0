import { AppError } from '@getupnet/kernel';
import { ParseOption, XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { formatTree, type Format } from '../catalogue/formats.js';
import { validateFormat } from '../validate/format.js';
import { read } from '../xml/read.js';
import { xsdFor } from '../xml/xsd.js';

/** What each of the three says of a document. */
export interface Verdicts {
  /** Undefined without the official schema. */
  readonly official: boolean | undefined;
  /** The schema we publish. */
  readonly schema: boolean;
  /** Our check of the format, without the rules between fields. */
  readonly validator: boolean;
}

export interface Objections {
  readonly official: string | undefined | null;
  readonly schema: string | undefined;
  readonly validator: string | undefined;
}

/** Whether all say the same. */
export const agree = ({ official, schema, validator }: Verdicts): boolean =>
  schema === validator && (official ?? schema) === schema;

/** Whether any accepts. */
export const accepted = ({ official, schema, validator }: Verdicts): boolean =>
  schema && validator && official !== false;

const SAFE = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;

function parsed(xml: string): XmlDocument | undefined {
  try {
    return XmlDocument.fromString(xml, { option: SAFE });
  } catch {
    // Not well-formed, which is a "no" of everybody.
    return undefined;
  }
}

/** The official schema, ours and our validator, side by side. Dispose of it after use. */
export class Judges {
  private readonly ours: XsdValidator;
  private readonly official: XsdValidator | undefined;

  constructor(
    private readonly format: Format,
    officialXsd: string | undefined,
  ) {
    this.ours = XsdValidator.fromDoc(XmlDocument.fromString(xsdFor(format)));
    this.official =
      officialXsd === undefined
        ? undefined
        : XsdValidator.fromDoc(XmlDocument.fromString(officialXsd));
  }

  verdicts(xml: string): Verdicts {
    const { official, schema, validator } = this.objections(xml);
    return {
      official: official === null ? undefined : official === undefined,
      schema: schema === undefined,
      validator: validator === undefined,
    };
  }

  /** The first thing each has against a document; undefined is nothing, null was not asked. */
  objections(xml: string): Objections {
    const document = parsed(xml);
    const official = this.official ? objection(this.official, document) : null;
    const schema = objection(this.ours, document);
    document?.dispose();
    return { official, schema, validator: this.objection(xml) };
  }

  dispose(): void {
    this.ours.dispose();
    this.official?.dispose();
  }

  private objection(xml: string): string | undefined {
    try {
      const { format, document, findings, signed } = read(xml);
      if (format !== this.format) return `read as ${format}`;
      if (!signed && formatTree(format).signature === 1) return 'no signature';
      const all = [...findings, ...validateFormat(format, document)];
      const error = all.find(({ severity }) => severity === 'error');
      return error && `${error.code} ${error.path}`;
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  }
}

function objection(schema: XsdValidator, document: XmlDocument | undefined): string | undefined {
  if (!document) return 'not well-formed';
  try {
    schema.validate(document);
    return undefined;
  } catch (error) {
    if (error instanceof XmlValidateError) return error.message.trim();
    throw error;
  }
}
