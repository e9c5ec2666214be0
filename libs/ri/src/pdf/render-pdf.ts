import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { logoOf, type RasterLogo } from '../branding/logo.js';
import { fontOf } from '../fonts/font.js';
import type { Page } from '../layout/box.js';
import { layoutPages } from '../layout/layout.js';
import type { Representation, RiLayout } from '../model.js';
import { qrModules } from '../qr/qr-modules.js';
import { EmbeddedFont } from './embedded-font.js';
import { pageOperators, qrOperators, RESOURCE } from './painter.js';

type Reference = PDFKit.PDFKitReference;

/** Higher levels save a tenth of the size and cost twice the time. */
const LEVEL = { level: 3 };

/** The printed representation as a PDF: letter paper, or a ticket 80 mm wide. */
export function renderPdf(representation: Representation, layout: RiLayout): Promise<Uint8Array> {
  return writePdf(representation, layoutPages(representation, layout));
}

/**
 * Writes laid-out pages. pdfkit writes the file; texts are placed here, because its own way of
 * setting text (shaping each word, cutting a font per document) costs twenty times as much.
 */
export async function writePdf(
  representation: Representation,
  pages: readonly Page[],
): Promise<Uint8Array> {
  const document = new PDFDocument({
    autoFirstPage: false,
    compress: false,
    font: '',
    info: infoOf(representation),
    lang: 'es-DO',
    displayTitle: true,
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  const fonts = {
    regular: new EmbeddedFont(fontOf('regular')),
    bold: new EmbeddedFont(fontOf('bold')),
  };
  const references = {
    [RESOURCE.regular]: document.ref({}),
    [RESOURCE.bold]: document.ref({}),
  };
  const pictures = picturesOf(document, representation);
  for (const page of pages) {
    document.addPage({ size: [page.width, page.height], margin: 0 });
    Object.assign(document.page.fonts, references);
    Object.assign(document.page.xobjects, pictures);
    const operators = pageOperators(page, fonts, representation.branding.logo);
    // pdfkit's own stream only turns the y axis; ours comes compressed.
    const ours = compressed(document, deflateSync(operators, LEVEL), {});
    const { content, dictionary } = document.page;
    Object.assign(dictionary.data, { Contents: [content, ours] });
  }
  writeFont(document, references[RESOURCE.regular], fonts.regular);
  writeFont(document, references[RESOURCE.bold], fonts.bold);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** The date is the document's, so that the same document always gives the same bytes. */
function infoOf({ title, encf, issuer, fechaFirma }: Representation): PDFKit.DocumentInfo {
  const [, day, month, year, time] =
    /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d)$/.exec(fechaFirma) ?? [];
  const signed = new Date(
    `${year ?? '1970'}-${month ?? '01'}-${day ?? '01'}T${time ?? '00:00:00'}-04:00`,
  );
  // A document from elsewhere may state a day that no calendar has.
  const date = Number.isNaN(signed.getTime()) ? new Date(0) : signed;
  return {
    Title: `${title} ${encf}`,
    Author: issuer.name,
    Creator: 'GetUpNet e-CF',
    Producer: 'GetUpNet e-CF',
    CreationDate: date,
    ModDate: date,
  };
}

function picturesOf(
  document: PDFKit.PDFDocument,
  { qrUrl, branding }: Representation,
): Readonly<Record<string, Reference>> {
  // Compressing these ten kilobytes would cost as much as the rest of the page.
  const qr = document.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 1, 1] });
  qr.end(Buffer.from(qrOperators(qrModules(qrUrl)), 'latin1'));
  const logo = branding.logo && logoOf(branding.logo);
  return {
    [RESOURCE.qr]: qr,
    ...(logo?.kind === 'raster' && { [RESOURCE.logo]: imageOf(document, logo) }),
  };
}

function imageOf(document: PDFKit.PDFDocument, logo: RasterLogo): Reference {
  const size = { Type: 'XObject', Subtype: 'Image', Width: logo.width, Height: logo.height };
  const mask =
    logo.opacity &&
    compressed(document, logo.opacity, { ...size, ColorSpace: 'DeviceGray', BitsPerComponent: 8 });
  const { palette } = logo;
  return compressed(document, logo.data, {
    ...size,
    Filter: logo.filter,
    BitsPerComponent: logo.bits,
    ColorSpace: palette
      ? ['Indexed', 'DeviceRGB', palette.length / 3 - 1, Buffer.from(palette)]
      : logo.colorSpace,
    // JPEG files with four colours store them inverted, as Adobe's programs write them.
    ...(logo.colorSpace === 'DeviceCMYK' && { Decode: [1, 0, 1, 0, 1, 0, 1, 0] }),
    ...(logo.predictor && { DecodeParms: { ...logo.predictor } }),
    ...(mask && { SMask: mask }),
  });
}

function compressed(
  document: PDFKit.PDFDocument,
  data: Uint8Array,
  dictionary: Record<string, unknown>,
): Reference {
  const reference = document.ref({ Filter: 'FlateDecode', ...dictionary });
  reference.end(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return reference;
}

/** A composite font whose codes are the glyph numbers of the embedded subset. */
function writeFont(document: PDFKit.PDFDocument, reference: Reference, font: EmbeddedFont): void {
  const { name, file, fileLength, toUnicode, widths, descriptor } = font.objects();
  const fontFile = compressed(document, file, { Length1: fileLength });
  const fontDescriptor = document.ref({
    Type: 'FontDescriptor',
    FontName: name,
    ...descriptor,
    FontFile2: fontFile,
  });
  fontDescriptor.end('');
  const descendant = document.ref({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: name,
    CIDSystemInfo: {
      Registry: new String('Adobe'),
      Ordering: new String('Identity'),
      Supplement: 0,
    },
    FontDescriptor: fontDescriptor,
    W: [0, widths],
    CIDToGIDMap: 'Identity',
  });
  descendant.end('');
  Object.assign(reference.data, {
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: name,
    Encoding: 'Identity-H',
    DescendantFonts: [descendant],
    ToUnicode: compressed(document, toUnicode, {}),
  });
  reference.end('');
}
