import { CODE_TABLES, codesOf } from '../../catalogue/codes.js';
import { fieldsOf } from '../../catalogue/fields.js';
import { FORMATS } from '../../catalogue/formats.js';
import { FINDINGS } from '../../findings/findings.data.js';
import { formatPage, formatPageName } from './format-page.js';
import { referenceFiles } from './index.js';
import { rulesOf } from './rules-of.js';
import { typeText } from './type-text.js';

const files = referenceFiles();
const text = (name: string): string => files.get(name) ?? '';

test('generation is deterministic, and files end with one line break', () => {
  expect([...referenceFiles()]).toEqual([...files]);
  for (const content of files.values()) expect(content).toMatch(/[^\n]\n$/);
});

test.each(FORMATS)('the page of %s has a row for each field', (format) => {
  const page = text(formatPageName(format));
  for (const { name } of fieldsOf(format).values()) {
    if (name !== 'Encabezado') expect(page).toContain(`**${name}** |`);
  }
  const rows = page.split('\n').filter((line) => /\*\*\w+\*\* \|/.test(line));
  const own = [...fieldsOf(format).keys()].filter((path) => path !== 'Encabezado');
  expect(rows).toHaveLength(own.length);
});

test('what may stand in a field is told for every field', () => {
  for (const format of FORMATS) {
    for (const node of fieldsOf(format).values()) {
      expect(typeText(node)).not.toMatch(/undefined|Infinity|^$/);
    }
  }
});

test('rows say obligation, repetition, code table, derivation and rules', () => {
  const page = formatPage('34');
  expect(page).toContain(
    '| **IndicadorNotaCredito** | mandatory required | from 0 to 1 | FechaEmision − FechaNCFModificado: 0 up to 30 days, 1 above | [ECF-NOT-05](findings.md#ecf-not-05) |',
  );
  expect(page).toContain('**Item** | mandatory required ×10000 | section |');
  expect(page).toContain('code of [CodigoModificacion](codes.md#codigomodificacion)');
});

test('rules are told of the formats they are about', () => {
  const codes = (format: (typeof FORMATS)[number]) => rulesOf(format).map(({ code }) => code);
  expect(codes('47')).toContain('ECF-LIN-03');
  expect(codes('31')).not.toContain('ECF-LIN-03');
  expect(codes('43').filter((code) => code.startsWith('ECF-COM'))).toEqual([]);
  expect(codes('ANECF').every((code) => code.startsWith('ECF-ANU'))).toBe(true);
  expect(codes('Semilla')).toEqual([]);
});

test('every finding and every code has its place', () => {
  const findings = text('findings.md');
  for (const code of Object.keys(FINDINGS)) expect(findings).toContain(`\n### ${code}\n`);
  const tables = text('codes.md');
  for (const name of CODE_TABLES) {
    expect(tables).toContain(`\n## ${name}\n`);
    for (const code of codesOf(name).keys()) expect(tables).toContain(`| \`${code}\` |`);
  }
});
