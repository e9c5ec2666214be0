import { FORMATS, TIPOS_ECF } from '../../catalogue/formats.js';
import { xsdFor } from '../../xml/xsd.js';
import { jsonSchemaFor } from '../json-schema.js';
import { codesPage } from './codes-page.js';
import { findingsPage } from './findings-page.js';
import { formatPages, schemaName } from './format-page.js';

/** Everything that is published of the formats, by path below `docs/reference`. */
export function referenceFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...formatPages(),
    ['findings.md', findingsPage()],
    ['codes.md', codesPage()],
    ...FORMATS.map((format) => [`xsd/${schemaName(format)}`, xsdFor(format)] as const),
    ...TIPOS_ECF.map(
      (tipo) =>
        [
          `json-schema/ecf-${tipo}.json`,
          `${JSON.stringify(jsonSchemaFor(tipo), null, 2)}\n`,
        ] as const,
    ),
  ]);
}
