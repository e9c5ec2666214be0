import { fieldsOf } from '../../catalogue/fields.js';
import { isTipoEcf, type Format } from '../../catalogue/formats.js';
import type { FindingDefinition } from '../../findings/finding.js';
import { FINDINGS } from '../../findings/findings.data.js';
import { anchor } from './markdown.js';

export interface Rule {
  readonly code: string;
  readonly definition: FindingDefinition;
}

const ALL: readonly Rule[] = Object.entries<FindingDefinition>(FINDINGS).map(
  ([code, definition]) => ({ code, definition }),
);

/** Whether a rule can speak of a document of that format. */
function concerns({ definition }: Rule, format: Format): boolean {
  const { formats, at } = definition;
  if (formats) return formats.includes(format);
  return isTipoEcf(format) && (at ?? []).some((path) => fieldsOf(format).has(path));
}

/** Rules that are about certain fields of a format. */
export const rulesOf = (format: Format): readonly Rule[] =>
  ALL.filter((rule) => rule.definition.at !== undefined && concerns(rule, format));

/** Those among them that are reported at one field. */
export const rulesAt = (format: Format, path: string): readonly Rule[] =>
  rulesOf(format).filter(({ definition }) => definition.at?.includes(path));

export const ruleLink = (code: string): string => `[${code}](findings.md#${anchor(code)})`;
