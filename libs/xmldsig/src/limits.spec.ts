import { genuine, judge } from './testing/forge.js';

/** What would cost time or memory; the name says of what there is too much. */
const floods: readonly (readonly [name: string, fault: string, xml: string])[] = [
  ['33 levels', 'xml.too_complex', deep(33)],
  ['300 levels', 'xml.malformed', deep(300)],
  ['50,001 elements', 'xml.too_complex', `<ECF>${'<a/>'.repeat(50_000)}</ECF>`],
  ['200,000 tags', 'xml.too_complex', `<ECF>${'<a></a>'.repeat(100_000)}</ECF>`],
  [
    '100,101 comments',
    'xml.too_complex',
    genuine.replace('<ECF>', `<ECF>${'<!---->'.repeat(100_101)}`),
  ],
  ['many attributes', 'xml.too_complex', genuine.replace('<ECF>', `<ECF${attributes('a')}>`)],
  ['many namespaces', 'xml.too_complex', genuine.replace('<ECF>', `<ECF${attributes('xmlns:a')}>`)],
  [
    'namespaces times elements',
    'xml.too_complex',
    genuine.replace(
      '<ECF>',
      `<ECF${attributes('xmlns:a').slice(0, 9_000)}>${'<a></a>'.repeat(40_000)}`,
    ),
  ],
  [
    'endless base64',
    'signature.structure',
    genuine.replace('<SignatureValue>', `<SignatureValue>${'A'.repeat(1_900_000)}`),
  ],
  ['more than 2 MB', 'xml.too_complex', genuine.replace('CAFÉ', 'A'.repeat(2 * 1024 * 1024))],
];

function attributes(name: string): string {
  return Array.from({ length: 1_001 }, (_, at) => ` ${name}${at} = \n'x'`).join('');
}

function deep(levels: number): string {
  return '<a>'.repeat(levels) + '</a>'.repeat(levels);
}

describe('limits (RCV-2)', () => {
  it.each(floods)('refuses: %s', (_name, fault, xml) => {
    expect(judge(xml)).toMatchObject({ ok: false, fault });
  });
});
