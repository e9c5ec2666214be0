import { deflateSync, inflateSync } from 'node:zlib';
import { LOGO_MEDIA_TYPES, RI_COLUMNS, type LogoMediaType } from '@getupnet/contracts';
import { isAppError } from '@getupnet/kernel';
import { COLUMNS, LOGO_TYPES } from '@getupnet/ri';
import fc from 'fast-check';
import { cleanLogo } from './clean-logo.js';
import { crc32 } from './crc32.js';
import { MAX_LOGO_BYTES } from './limits.js';
import { readPng } from './png-chunks.js';

const SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"';

/** Codes of the faults, or the image as kept. */
function outcome(bytes: Buffer | string, mediaType: LogoMediaType): string {
  try {
    return cleanLogo(Buffer.from(bytes), mediaType).body.toString('latin1');
  } catch (error) {
    if (!isAppError(error, 'branding.logo_invalid')) throw error;
    expect(error.errors).toHaveLength(1);
    expect(error.errors[0]?.message).not.toMatch(/\{\w+\}|undefined|: …/);
    expect(error.errors[0]?.fix).toMatch(/\.$/);
    return error.errors[0]?.code ?? '';
  }
}
const svg = (text: string): string => outcome(text, 'image/svg+xml');

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

interface PngParts {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly type?: number;
  readonly interlace?: number;
  readonly data?: Uint8Array;
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
}

const SIDE = 16;
const START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
function png(parts: PngParts): Buffer {
  const { width = SIDE, height = SIDE, depth = 8, type = 2, interlace = 0 } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const { data = Buffer.alloc(height * (width * 3 + 1)), before = [], after = [] } = parts;
  const idat = chunk('IDAT', deflateSync(data));
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([START, chunk('IHDR', header), ...before, idat, ...after, end]);
}

/** Filters undone as the standard words it, row after row. */
function unfiltered(raw: Buffer, rowBytes: number): number[][] {
  const rows: number[][] = [];
  for (let at = 0; at < raw.length; at += rowBytes + 1) {
    const above = rows.at(-1) ?? Array.from({ length: rowBytes }, () => 0);
    const row: number[] = [];
    for (let column = 0; column < rowBytes; column += 1) {
      const [a = 0, b = 0, c = 0] = [row[column - 3], above[column], above[column - 3]];
      const paeth = [a, b, c].sort(
        (one, two) => Math.abs(a + b - c - one) - Math.abs(a + b - c - two),
      )[0];
      const guess = [0, a, b, (a + b) >> 1, paeth][raw[at] ?? 0] ?? 0;
      row.push(((raw[at + 1 + column] ?? 0) + guess) & 255);
    }
    rows.push(row);
  }
  return rows;
}

/** The RGB of a kept PNG's pixel, however it is stored. */
function pixel(bytes: Buffer, column: number, row: number): number[] {
  const kept = cleanLogo(bytes, 'image/png').body;
  const file = readPng(kept);
  expect([file.colorType, file.depth, file.interlaced]).toEqual([2, 8, false]);
  const rows = unfiltered(inflateSync(file.data), file.width * 3);
  return rows[row]?.slice(column * 3, column * 3 + 3) ?? [];
}

const jpegSegment = (marker: number, body: readonly number[]): number[] => [
  ...[0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255],
  ...body,
];
const frame = (width: number, height: number, components: number, marker = 0xc0): number[] =>
  jpegSegment(marker, [
    ...[8, height >> 8, height & 255, width >> 8, width & 255, components],
    ...Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]).flat(),
  ]);
const SCAN = [...jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), 1, 2, 0xff, 0, 0xff, 0xd0, 3];
const jpeg = (...parts: readonly (readonly number[])[]): Buffer =>
  Buffer.from([0xff, 0xd8, ...parts.flat(), 0xff, 0xd9]);
const EXIF = jpegSegment(0xe1, [...Buffer.from('Exif\0\0aquí vivo', 'latin1')]);

test('names are those of the renderer and of the contract alike', () => {
  expect(LOGO_MEDIA_TYPES).toEqual(LOGO_TYPES);
  expect(RI_COLUMNS).toEqual(COLUMNS);
});

describe('SVG', () => {
  const drawn = `<svg ${SVG}><path d="M0 0h10"/></svg>`;

  test('is written anew from what draws', () => {
    const written = `<?xml version="1.0" encoding="UTF-8"?><!-- Inkscape -->
      <svg ${SVG} xmlns:s="urn:editor" s:version="1" width="100mm" id="logo" class="x">
        <title>Logo</title><metadata><s:rdf>nota</s:rdf></metadata>
        <s:namedview s:zoom="2"/>
        <style>.a, .b { fill: #ABC; } .b{stroke:rgb(0,128,255)}</style>
        <defs><linearGradient id="unused"/></defs>
        <g transform="translate(1 2)" style="opacity:50%;font-family:Arial">
          <path class="b" d="M0,0 L10,10&#10;Z" data-x="1"/>
          <circle cx="5px" cy="5" r="2" fill="currentColor" clip-path="none"/>
          <rect width="1" height="1" display="none"/>
        </g>
        <polygon points="0,0 1,1 2,0" fill="red"/>
      </svg>`;
    const opened = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"';
    expect(svg(written)).toBe(
      `${opened} width="100" height="40">` +
        '<g transform="translate(1 2)" opacity="0.5">' +
        '<path d="M0,0 L10,10 Z" fill="#abc" stroke="#0080ff"/>' +
        '<circle cx="5" cy="5" r="2" fill="#000000"/></g>' +
        '<polygon points="0,0 1,1 2,0" fill="#ff0000"/></svg>',
    );
    const again = svg(written);
    expect(svg(again)).toBe(again);
  });

  const inside = (text: string): string => `<svg ${SVG}>${text}<path d="M0 0h10"/></svg>`;
  const hostile: readonly (readonly [string, string, string])[] = [
    ['script', inside('<script>alert(1)</script>'), 'svg_script'],
    ['script in capitals', inside('<SCRIPT/>'), 'svg_script'],
    ['script with a prefix', inside('<a:script xmlns:a="urn:x"/>'), 'svg_script'],
    ['script among what is left out', inside('<defs><g><script/></g></defs>'), 'svg_script'],
    ['event', inside('<path d="M0 0" onload="alert(1)"/>'), 'svg_script'],
    ['event of the root', drawn.replace('<svg ', '<svg onLoad="x()" '), 'svg_script'],
    ['foreign object', inside('<foreignObject/>'), 'svg_script'],
    ['HTML', inside('<p xmlns="http://www.w3.org/1999/xhtml">hola</p>'), 'svg_script'],
    ['animation of an address', inside('<set attributeName="href" to="x"/>'), 'svg_script'],
    ['javascript address', inside('<a href="java&#10;script:alert(1)"/>'), 'svg_script'],
    ['image from elsewhere', inside('<image href="https://x.example/a.png"/>'), 'svg_external'],
    [
      'image by xlink',
      inside('<image xmlns:l="http://www.w3.org/1999/xlink" l:href="file:///etc/passwd"/>'),
      'svg_external',
    ],
    ['image inside', inside('<image href="#a"/>'), 'svg_element'],
    ['image as data', inside('<image href="data:image/png;base64,AA=="/>'), 'svg_external'],
    ['use from elsewhere', inside('<use href="other.svg#a"/>'), 'svg_external'],
    ['fill from elsewhere', inside('<path d="M0" fill="url(http://x)"/>'), 'svg_external'],
    ['gradient', inside('<path d="M0" fill="url(#g)"/>'), 'svg_element'],
    ['clip', inside('<g clip-path="url(#c)"/>'), 'svg_element'],
    ['text', inside('<text>Hola</text>'), 'svg_element'],
    ['import', inside('<style>@import "https://x.example/a.css";</style>'), 'svg_external'],
    ['font', inside('<style>@font-face{src:url(x)}</style>'), 'svg_external'],
    ['escaped import', inside('<style>@\\69mport "x"</style>'), 'svg_style'],
    ['rule that is none', inside('<style>.a{fill:red</style>'), 'svg_style'],
    ['selector of elements', inside('<style>path{fill:red}</style>'), 'svg_style'],
    ['background', inside('<g style="background:url(//x)"/>'), 'svg_external'],
    ['colour that is none', inside('<g fill="octarine"/>'), 'svg_style'],
    ['path that is none', inside('<path d="M0 0 &quot;&gt;&lt;script&gt;"/>'), 'svg_style'],
    ['stylesheet instruction', `<?xml-stylesheet href="x"?>${drawn}`, 'svg_external'],
    ['DTD', `<!DOCTYPE svg SYSTEM "file:///etc/passwd">${drawn}`, 'svg_dtd'],
    [
      'entities that grow',
      `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${inside('&b;')}`,
      'svg_dtd',
    ],
    ['entity without DTD', inside('&xxe;'), 'damaged'],
    ['half', drawn.slice(0, -4), 'damaged'],
    ['nothing drawn', `<svg ${SVG}/>`, 'damaged'],
    ['no size', drawn.replace('viewBox="0 0 100 40"', ''), 'damaged'],
    ['size of nothing', drawn.replace('0 0 100 40', '0 0 0 0'), 'damaged'],
    ['size without end', drawn.replace('0 0 100 40', '0 0 1e999 1e999'), 'damaged'],
    ['too narrow', drawn.replace('0 0 100 40', '0 0 1000 1'), 'damaged'],
    ['another format', '<html><body/></html>', 'type'],
    ['another namespace', '<svg xmlns="urn:x" viewBox="0 0 9 9"/>', 'type'],
    ['depth', inside(`${'<g>'.repeat(40)}${'</g>'.repeat(40)}`), 'svg_too_complex'],
    ['number of elements', inside('<g/>'.repeat(3_000)), 'svg_too_complex'],
    ['weight', inside(`<path d="${'M0 0'.repeat(60_000)}"/>`), 'too_large'],
    ['emptiness', '', 'empty'],
    ['text of no kind', 'hola', 'type'],
  ];
  test.each(hostile)('%s is refused', (_name, text, code) => {
    expect(svg(text)).toBe(`logo.${code}`);
  });

  test('other encodings are refused, so that nothing hides in them', () => {
    const utf16 = Buffer.from(`\ufeff${inside('<script/>')}`, 'utf16le');
    expect(outcome(utf16, 'image/svg+xml')).toBe('logo.type');
    expect(outcome(Buffer.from(`<svg ñ`, 'latin1'), 'image/svg+xml')).toBe('logo.damaged');
    const utf7 = `<?xml version="1.0" encoding="UTF-7"?>${inside('+ADw-script+AD4-')}`;
    expect(svg(utf7)).not.toContain('script');
  });

  test('whatever is kept has no markup but ours', () => {
    const parts = ['<g ', 'style="', 'fill:', '"', '>', '/>', '<path d="M0 0"/>', '</g>', '&lt;'];
    const text = fc.array(fc.oneof(fc.constantFrom(...parts, 'onx="1"'), fc.string()));
    fc.assert(
      fc.property(text, (pieces) => {
        const kept = svg(inside(pieces.join('')));
        if (kept.startsWith('logo.')) return;
        expect(kept).toMatch(
          /^<svg [^<>&]*>(?:<\/?(?:g|path)(?: [a-z0-9-]+="[^<>&"]*")*\/?>)+<\/svg>$/,
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('PNG', () => {
  const row = (...values: readonly number[]): number[] => [0, ...values];
  const rows = (bytes: readonly number[]): Buffer =>
    Buffer.from(Array.from({ length: SIDE }, () => row(...bytes)).flat());
  const across = (values: readonly number[]): number[] =>
    Array.from({ length: SIDE }, () => values).flat();

  test('an image without transparency keeps its very data, and nothing beside', () => {
    const before = [chunk('tEXt', Buffer.from('Author\0yo')), chunk('eXIf', Buffer.from('gps'))];
    const data = rows(across([10, 20, 30]));
    const kept = outcome(png({ data, before }), 'image/png');
    expect(kept).toBe(png({ data }).toString('latin1'));
    const { width, height, sha256 } = cleanLogo(png({ data }), 'image/png');
    expect([width, height, sha256.length]).toEqual([SIDE, SIDE, 64]);
  });

  test('transparency is laid on white', () => {
    const half = png({ type: 6, data: rows(across([0, 100, 200, 128])) });
    expect(pixel(half, 3, 3)).toEqual([127, 177, 227]);
    const grey = png({ type: 4, data: rows(across([40, 0])) });
    expect(pixel(grey, 0, 0)).toEqual([255, 255, 255]);
    const deep = png({ type: 6, depth: 16, data: rows(across([0, 0, 255, 255, 0, 0, 255, 255])) });
    expect(pixel(deep, 15, 15)).toEqual([0, 255, 0]);
    const key = chunk('tRNS', Buffer.from([0, 1, 0, 2, 0, 3]));
    const keyed = png({ data: rows([...across([9, 9, 9]).slice(3), 1, 2, 3]), before: [key] });
    expect([pixel(keyed, 0, 0), pixel(keyed, 15, 0)]).toEqual([
      [9, 9, 9],
      [255, 255, 255],
    ]);
  });

  test('a palette with transparency, at every depth', () => {
    const before = [
      chunk('PLTE', Buffer.from([1, 2, 3, 7, 8, 9])),
      chunk('tRNS', Buffer.from([255, 0])),
    ];
    for (const [depth, bytes] of [
      [1, [0b01000000, 0]],
      [2, [0b00010000, 0, 0, 0]],
      [4, [0x01, 0, 0, 0, 0, 0, 0, 0]],
      [8, [0, 1, ...Array.from({ length: 14 }, () => 0)]],
    ] as const) {
      const image = png({ type: 3, depth, data: rows(bytes), before });
      expect([depth, pixel(image, 0, 5), pixel(image, 1, 5)]).toEqual([
        depth,
        [1, 2, 3],
        [255, 255, 255],
      ]);
    }
  });

  test('filters are undone', () => {
    const opaque = [255, 0, 128, 0];
    const filtered = opaque.flatMap((alpha, index) => [
      ...[index + 1, 10, 20, 30, alpha],
      ...Array.from({ length: 60 }, () => 0),
    ]);
    const above = [...row(...across([50, 60, 70, 255]))];
    const data = Buffer.from([
      ...above,
      ...filtered,
      ...Array.from({ length: 11 }, () => above).flat(),
    ]);
    const image = png({ type: 6, data });
    // Sub, Up, Average and Paeth over the row above, by hand.
    expect([1, 2, 3, 4].map((line) => pixel(image, 0, line))).toEqual([
      [10, 20, 30],
      [20, 40, 60],
      [20, 40, 60],
      [30, 60, 90],
    ]);
    expect(pixel(image, 5, 1)).toEqual([10, 20, 30]);
  });

  test('an interlaced image becomes a plain one', () => {
    // Each pass holds the number of its pass as its grey.
    const passes = [
      [2, 2],
      [2, 2],
      [4, 2],
      [4, 4],
      [8, 4],
      [8, 8],
      [16, 8],
    ].flatMap(([width = 0, height = 0], pass) =>
      Array.from({ length: height }, () => [
        0,
        ...Array.from({ length: width }, () => pass),
      ]).flat(),
    );
    const image = png({ type: 0, interlace: 1, data: Buffer.from(passes) });
    const grid = [
      [0, 5, 3, 5, 1, 5, 3, 5],
      [6, 6, 6, 6, 6, 6, 6, 6],
      [4, 5, 4, 5, 4, 5, 4, 5],
    ];
    for (const [y, line] of grid.entries()) {
      expect(line.map((_, x) => pixel(image, x, y)[0])).toEqual(line);
    }
  });

  test('a gradient stays small without its transparency', () => {
    const [width, height] = [600, 200];
    const lines = Array.from({ length: height }, (_, y) => [
      0,
      ...Array.from({ length: width }, (__, x) => [x & 255, y & 255, (x + y) & 255, 255]).flat(),
    ]);
    const image = png({ width, height, type: 6, data: Buffer.from(lines.flat()) });
    expect(cleanLogo(image, 'image/png').body.length).toBeLessThan(20_000);
    expect(pixel(image, 300, 100)).toEqual([44, 100, 144]);
  });

  const wrongSum = (): Buffer => {
    const image = png({});
    image[20] = 99;
    return image;
  };
  test.each<[string, Buffer, string]>([
    ['a bomb', png({ data: Buffer.alloc(50_000_000) }), 'damaged'],
    ['huge dimensions', png({ width: 100_000, height: 100_000, data: START }), 'dimensions'],
    ['many pixels', png({ width: 1_500, height: 1_500, data: START }), 'pixels'],
    ['one pixel', png({ width: 1, height: 1 }), 'dimensions'],
    ['missing pixels', png({ data: Buffer.alloc(10) }), 'damaged'],
    ['a wrong checksum', wrongSum(), 'damaged'],
    ['an unknown critical chunk', png({ before: [chunk('EVIL', Buffer.alloc(1))] }), 'damaged'],
    ['two headers', png({ before: [chunk('IHDR', Buffer.alloc(13))] }), 'damaged'],
    ['a depth that does not exist', png({ depth: 3 }), 'damaged'],
    ['no palette', png({ type: 3 }), 'damaged'],
    ['half a palette', png({ type: 3, before: [chunk('PLTE', Buffer.alloc(4))] }), 'damaged'],
    ['a filter that does not exist', png({ data: Buffer.alloc(16 * 49, 9) }), 'damaged'],
    ['half a file', png({}).subarray(0, 60), 'damaged'],
    ['only the signature', START, 'damaged'],
    ['a JPEG', jpeg(frame(20, 20, 3), SCAN), 'type'],
    ['too many bytes', Buffer.concat([START, Buffer.alloc(MAX_LOGO_BYTES)]), 'too_large'],
  ])('%s is refused', (_name, bytes, code) => {
    expect(outcome(bytes, 'image/png')).toBe(`logo.${code}`);
  });

  test('no cut or altered file does anything but be kept or refused', () => {
    const image = png({ type: 6, data: rows(across([1, 2, 3, 4])) });
    fc.assert(
      fc.property(fc.nat(image.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const altered = Buffer.from(cut ? image.subarray(0, at) : image);
        if (!cut) altered[at] = byte;
        outcome(altered, 'image/png');
      }),
      { numRuns: 500 },
    );
  });
});

describe('JPEG', () => {
  test('keeps the picture and leaves where it was taken, its comments and what follows', () => {
    const plain = jpeg(frame(640, 200, 3), SCAN);
    const chatty = jpeg(EXIF, frame(640, 200, 3), jpegSegment(0xfe, [104, 111]), SCAN);
    const trailed = Buffer.concat([chatty, Buffer.from('PK\x03\x04<script>')]);
    expect(outcome(trailed, 'image/jpeg')).toBe(plain.toString('latin1'));
    expect(cleanLogo(trailed, 'image/jpeg')).toMatchObject({ width: 640, height: 200 });
    expect(outcome(jpeg(frame(64, 64, 1, 0xc2), SCAN, SCAN), 'image/jpeg')).toContain('\xff\xda');
  });

  test.each<[string, Buffer, string]>([
    ['CMYK', jpeg(frame(64, 64, 4), SCAN), 'color_mode'],
    ['a huge picture', jpeg(frame(60_000, 60_000, 3), SCAN), 'dimensions'],
    ['no height', jpeg(frame(64, 0, 3), SCAN), 'dimensions'],
    ['arithmetic coding', jpeg(frame(64, 64, 3, 0xc9), SCAN), 'damaged'],
    ['two frames', jpeg(frame(64, 64, 3), frame(64, 64, 3), SCAN), 'damaged'],
    ['no scan', jpeg(frame(64, 64, 3)), 'damaged'],
    ['no frame', jpeg(SCAN), 'damaged'],
    [
      'scans without end',
      jpeg(frame(64, 64, 3), ...Array.from({ length: 99 }, () => SCAN)),
      'damaged',
    ],
    ['no end', jpeg(frame(64, 64, 3), SCAN).subarray(0, -2), 'damaged'],
    ['a length past the end', jpeg([0xff, 0xe1, 0xff, 0xff]), 'damaged'],
    ['no segment', jpeg(jpegSegment(0xe0, []), [1, 2, 3]), 'damaged'],
    ['a PNG', png({}), 'type'],
  ])('%s is refused', (_name, bytes, code) => {
    expect(outcome(bytes, 'image/jpeg')).toBe(`logo.${code}`);
  });
});
