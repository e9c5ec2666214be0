import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import jsqr from 'jsqr';
import type { Branding } from '../branding/branding.js';
import type { Representation, RiInput } from '../model.js';
import { represent } from '../represent/represent.js';
import { renderHtml } from './render-html.js';

const EXAMPLES = join(import.meta.dirname, '../../../ecf/examples');
const SCRIPT = `<script>alert("1")</script><img src=x onerror='alert(2)'>`;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>/g;
const TAGS: ReadonlySet<string> = new Set([
  ...[
    'html',
    'head',
    'meta',
    'title',
    'style',
    'body',
    'main',
    'header',
    'section',
    'div',
    'p',
    'strong',
  ],
  ...['h1', 'h2', 'h3', 'span', 'small', 'abbr', 'a', 'img', 'svg', 'path', 'footer'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
]);
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['class', 'lang', 'charset', 'name', 'content', 'http-equiv', 'scope', 'colspan', 'title'],
  ...['role', 'aria-label', 'viewBox', 'shape-rendering', 'd', 'href', 'rel', 'src', 'alt'],
]);

function example(path: string, input: Partial<RiInput> = {}): Representation {
  const xml = readFileSync(join(EXAMPLES, path));
  const circumstances = { environment: 'ecf', standing: 'accepted', mode: 'normal' } as const;
  return represent({ xml, ...circumstances, codigoSeguridad: 'aB+/1z', ...input });
}
const files = readdirSync(EXAMPLES).flatMap((tipo) =>
  readdirSync(join(EXAMPLES, tipo))
    .filter((name) => name.endsWith('.xml') && !name.includes('rfce'))
    .map((name) => `${tipo}/${name}`),
);

/** Names of the elements in order; fails on anything that is not one of ours. */
function tagsOf(page: string): string[] {
  const markup = page.replace(/^<!doctype html>/, '').replace(/<style>[^<]*<\/style>/, '');
  const tags = [...markup.matchAll(TAG)].map(([, slash = '', name = '', attributes = '']) => {
    expect(TAGS).toContain(name);
    for (const [, one = ''] of attributes.matchAll(/([a-zA-Z-]+)="/g)) {
      expect(ATTRIBUTES).toContain(one);
    }
    return `${slash}${name}`;
  });
  expect(markup.replace(TAG, '')).not.toMatch(/[<>]/);
  return tags;
}

/** The text a reader sees. */
const visible = (page: string): string =>
  page
    .replace(/<style>[^]*<\/style>/, '')
    .replace(TAG, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');

/** Every text of it replaced by another; what chooses a style or is a key stays. */
function withTexts(value: Representation, text: string): Representation {
  const kept = ['tone', 'weight', 'align', 'tipo', 'qrUrl', 'mediaType', 'accentColor', 'name'];
  const change = (node: unknown, key = ''): unknown => {
    if (typeof node === 'string') return kept.includes(key) ? node : text;
    if (Array.isArray(node)) return node.map((one) => change(one, key));
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
    return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, change(one, name)]));
  };
  const changed = change(value) as Representation;
  return { ...changed, issuer: { ...changed.issuer, name: text } };
}

describe.each(files)('%s', (path) => {
  test('shows everything the representation says, and nothing runs', () => {
    const representation = example(path);
    const { html } = renderHtml(representation);
    tagsOf(html);
    const text = visible(html);
    const { issuer, buyer, heading, details, totals, lines, columns, notes } = representation;
    for (const { label, value } of [
      ...[...issuer.fields, ...(buyer?.fields ?? []), ...heading, ...details],
      ...[...totals, ...notes, ...representation.subtotals],
    ]) {
      expect(text).toContain(`${label} ${value}`.trim().replace(/\s+/g, ' '));
    }
    for (const line of lines) {
      for (const { name } of columns) expect(text).toContain(line.cells[name] ?? '');
      for (const note of line.notes) expect(text).toContain(note);
    }
    for (const one of [issuer.name, representation.title, representation.encf, 'aB+/1z']) {
      expect(text).toContain(one);
    }
  });

  test('its QR code reads as the address', () => {
    const { qrUrl, ...rest } = example(path);
    const { html } = renderHtml({ ...rest, qrUrl });
    expect(readQr(html)).toBe(qrUrl);
    expect(html).toContain(
      `<a href="${qrUrl.replaceAll('&', '&amp;')}" rel="noreferrer noopener">`,
    );
  });
});

function readQr(page: string): string | undefined {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(page)?.[1]);
  const scale = 4;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, length] of page.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const from = (row * width + Number(x) * scale) * 4;
      for (let at = 0; at < Number(length) * scale * 4; at += 4)
        pixels.fill(0, from + at, from + at + 3);
    }
  }
  return (jsqr as unknown as typeof jsqr.default)(pixels, width, width)?.data;
}

describe('a hostile document', () => {
  const plain = example('31/two-pages.xml', {
    standing: 'rejected',
    mode: 'contingency',
    branding: {
      footerText: 'pie',
      logo: { mediaType: 'image/svg+xml', bytes: Buffer.from('<svg onload="x()"/>') },
    },
  });

  test('full of scripts in its names renders as text', () => {
    const { html } = renderHtml(withTexts(plain, SCRIPT));
    expect(tagsOf(html)).toEqual(tagsOf(renderHtml(plain).html));
    expect(html).not.toMatch(/<script|<img src=x|onerror='/i);
    expect(visible(html)).toContain(SCRIPT);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  });

  test('through the XML as well', () => {
    const escaped = SCRIPT.replace(/[<>"']/g, (one) => `&#${one.codePointAt(0)};`);
    const xml = readFileSync(join(EXAMPLES, '31/minimal.xml'), 'utf8').replace(
      /(<(?:NombreItem|RazonSocialComprador|RazonSocialEmisor|DireccionEmisor)>)[^<]*/g,
      `$1${escaped}`,
    );
    const { html } = renderHtml(example('31/minimal.xml', { xml }));
    tagsOf(html);
    expect(visible(html).split(SCRIPT).length).toBeGreaterThanOrEqual(5);
  });

  test('has the same elements whatever its texts are', () => {
    const tags = tagsOf(renderHtml(plain).html);
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '`',
      '&',
      '&lt;',
      '</style>',
      '<!--',
      ']]>',
      '\u2028',
      '\0',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(text, (parts) => {
        const written = withTexts(plain, parts.join(''));
        expect(tagsOf(renderHtml({ ...written, ...empties(plain, written) }).html)).toEqual(tags);
      }),
      { numRuns: 100 },
    );
  });

  /** A label that became empty is left out, which is no fault. */
  function empties(before: Representation, after: Representation): Partial<Representation> {
    return after.title === '' ? before : {};
  }

  test.each<[string, Branding]>([
    ['accent', { accentColor: 'red}</style><script>alert(1)</script>' }],
    ['accent with an address', { accentColor: 'url(https://x.example)' }],
    [
      'type of logo',
      { logo: { mediaType: 'text/html" onload="x' as 'image/png', bytes: Buffer.of() } },
    ],
  ])('of the branding: %s', (_name, branding) => {
    const { html, contentSecurityPolicy } = renderHtml({ ...plain, branding });
    tagsOf(html);
    expect(html).not.toMatch(/x\.example|alert\(|onload/);
    expect(contentSecurityPolicy).toBe(
      renderHtml({ ...plain, branding: {} }).contentSecurityPolicy,
    );
  });

  test('a link leads nowhere but to a web page', () => {
    const { html } = renderHtml({ ...plain, qrUrl: 'javascript:alert(1)' });
    expect(html).toContain('<a href="#"');
  });
});

describe('the policy', () => {
  const { html, contentSecurityPolicy } = renderHtml(
    example('31/minimal.xml', { branding: { accentColor: '#0B3D91' } }),
  );

  test('allows the very style sheet of the page, images as data, and nothing else', () => {
    const sheet = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';
    const digest = createHash('sha256').update(sheet).digest('base64');
    expect(sheet).toContain('#0B3D91');
    expect(contentSecurityPolicy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${digest}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'sandbox',
    ]);
    expect(html).not.toMatch(/ style="/);
  });

  test('is stated by the page too, for saved copies', () => {
    const stated = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const meant = stated.replaceAll('&#39;', "'");
    expect(contentSecurityPolicy.startsWith(`${meant}; `)).toBe(true);
  });
});

test('marks, legends and the subtotals of declared pages', () => {
  const circumstances = { standing: 'pending', mode: 'contingency' } as const;
  const text = visible(renderHtml(example('31/two-pages.xml', circumstances)).html);
  expect(text).toContain('PENDIENTE DE VALIDACIÓN POR DGII');
  expect(text).toContain('setenta y dos (72) horas');
  const { declaredPages } = example('31/two-pages.xml');
  expect(declaredPages.length).toBeGreaterThan(1);
  for (const { label, value } of declaredPages[0]?.subtotals ?? []) {
    expect(text).toContain(`${label} ${value}`);
  }
  const rejected = example('31/minimal.xml', { standing: 'rejected', mode: 'contingency' });
  expect(visible(renderHtml(rejected).html)).toContain('RECHAZADO POR DGII');
  expect(visible(renderHtml(rejected).html)).not.toContain('(72) horas');
  expect(visible(renderHtml(example('31/minimal.xml')).html)).not.toMatch(/RECHAZADO|PENDIENTE/);
});
