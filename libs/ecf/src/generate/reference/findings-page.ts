import type { DgiiReaction, FindingDefinition } from '../../findings/finding.js';
import { FINDINGS } from '../../findings/findings.data.js';
import { GENERATED, page, table } from './markdown.js';
import { ruleLink } from './rules-of.js';

const REACTION: Readonly<Record<DgiiReaction, string>> = {
  rejects: 'rejects the document',
  conditional: 'accepts conditionally (Aceptado Condicional)',
  accepts: 'accepts it',
  unknown: 'unknown: its documents do not say',
};

const AREAS: readonly (readonly [string, string])[] = [
  ['FMT', 'Format of any field'],
  ['TXT', 'Texts'],
  ['FEC', 'Dates'],
  ['DEF', 'What was assumed'],
  ['EMI', 'Issuer'],
  ['RNC', 'RNC and cédula'],
  ['ENC', 'Number, dates, payment'],
  ['COM', 'Buyer'],
  ['TER', 'Places'],
  ['LIN', 'Lines'],
  ['DRG', 'Global discounts and surcharges'],
  ['TOT', 'Totals'],
  ['OTM', 'Other currency'],
  ['PAG', 'Pages'],
  ['EXP', 'Exports'],
  ['NOT', 'Notes and references'],
  ['RES', 'RFCE'],
  ['ANU', 'ANECF'],
  ['ACU', 'ARECF'],
  ['APR', 'ACECF'],
];

/** The catalogue of findings: each code with message, cause, remedy, source and consequences. */
export function findingsPage(): string {
  const all = Object.entries<FindingDefinition>(FINDINGS);
  const sections = AREAS.map(([area, title]) => ({
    title,
    entries: all.filter(([code]) => code.slice(4, 7) === area),
  }));
  const listed = sections.flatMap(({ entries }) => entries).length;
  if (listed !== all.length) throw new Error('reference: an area of findings has no title');
  return page([
    '# Findings',
    GENERATED,
    [
      '`validate()` and `complete()` answer with findings. The code is stable: it is never given to',
      'another fault and never removed. Texts are for the user, in Spanish; `{words}` in braces are',
      'filled in. An **error** refuses the document, a **warning** is worth a look, an **info** says what',
      'was assumed. What merely follows from another fault is left out',
      '(`libs/ecf/src/findings/consequences.ts`). `npx ecf explain CODE` prints an entry.',
      '`ECF-NOT-14` to `ECF-NOT-20` come from `validateNote()`, which knows the document a note modifies.',
      'Codes that begin with `BIL-` are the platform’s: they speak of what it has stored.',
    ].join('\n'),
    table(
      ['Code', 'Severity', 'Message'],
      sections
        .flatMap(({ entries }) => entries)
        .map(([code, { severity, message }]) => [ruleLink(code), severity, message]),
    ),
    ...sections.flatMap(({ title, entries }) => [
      `## ${title}`,
      ...entries.map(([code, definition]) => `### ${code}\n\n${entry(definition)}`),
    ]),
  ]);
}

function entry(definition: FindingDefinition): string {
  const { severity, message, cause, fix, source, dgii, formats, at } = definition;
  return [
    `- **${severity}**: «${message}»`,
    `- Cause: «${cause}»`,
    `- Remedy: «${fix}»`,
    `- Source: ${source}`,
    `- DGII ${REACTION[dgii]}${number(definition)}`,
    `- Formats: ${formats?.join(', ') ?? (at ? 'every e-CF type that has the field' : 'every format')}`,
    `- Fields: ${at ? at.map((path) => `\`${path}\``).join(', ') : 'any'}`,
    ...(definition.problem ? [`- Problem of the API: \`${definition.problem}\``] : []),
  ].join('\n');
}

function number({ dgii, reusesNumber }: FindingDefinition): string {
  if (dgii !== 'rejects') return '.';
  if (reusesNumber === null) return '; whether the e-NCF may be used again is not known.';
  return reusesNumber ? '; the e-NCF may be used again.' : '; the e-NCF is spent.';
}
