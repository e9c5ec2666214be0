import { AppError } from '@getupnet/kernel';
import { ParseOption, XmlDocument, XsdValidator } from 'libxml2-wasm';
import { formatTree, type Format } from '../catalogue/formats.js';
import { hasErrors } from '../findings/finding.js';
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
    const document = parsed(xml);
    const official = this.official && says(this.official, document);
    const schema = says(this.ours, document);
    document?.dispose();
    return { official, schema, validator: this.accepts(xml) };
  }

  dispose(): void {
    this.ours.dispose();
    this.official?.dispose();
  }

  private accepts(xml: string): boolean {
    try {
      const { format, document, findings, signed } = read(xml);
      if (format !== this.format) return false;
      if (!signed && formatTree(format).signature === 1) return false;
      return !hasErrors(findings) && !hasErrors(validateFormat(format, document));
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }
}

function says(schema: XsdValidator, document: XmlDocument | undefined): boolean {
  if (!document) return false;
  try {
    schema.validate(document);
    return true;
  } catch {
    return false;
  }
}
