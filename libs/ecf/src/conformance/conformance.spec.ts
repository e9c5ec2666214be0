import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { FORMATS, formatTree, isTipoEcf, type Format } from '../catalogue/formats.js';
import { complete } from '../complete/complete.js';
import { hasErrors } from '../findings/finding.js';
import type { EcfDocument, EcfDraft } from '../model/index.js';
import { isTree, type Tree } from '../model/tree.js';
import { normalize } from '../normalize.js';
import { toRfce } from '../rules/rfce.js';
import { validateFormat } from '../validate/format.js';
import { validate } from '../validate/validate.js';
import { parse, read } from '../xml/read.js';
import { serialize, serializeAs, serializeRfce } from '../xml/serialize.js';
import { xsdFor } from '../xml/xsd.js';
import { generate, toXml, type XmlNode } from './generate.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import { unflatten } from './unflatten.js';

/** Folder of the official schemas, corrected copies preferred; undefined when there is none. */
function officialXsdDir(): string | undefined {
  const dir = process.env['ECF_OFFICIAL_XSD_DIR'];
  if (!dir) return undefined;
  const patched = join(dir, 'patched');
  return existsSync(patched) ? patched : dir;
}

/** Folder of sample documents: stated, or beside the schemas. */
function samplesDir(): string | undefined {
  const stated = process.env['ECF_OFFICIAL_SAMPLES_DIR'];
  const xsd = process.env['ECF_OFFICIAL_XSD_DIR'];
  const dir = stated ? stated : xsd ? join(dirname(xsd.replace(/\/+$/, '')), 'samples') : undefined;
  return dir !== undefined && existsSync(dir) ? dir : undefined;
}

/** Prints why a part of the suite does not run, and answers whether it does. */
function available(what: string, path: string | undefined, variable: string): boolean {
  if (path !== undefined) return true;
  process.stderr.write(`skipped: ${what} (${variable} is not set or names no such folder)\n`);
  return false;
}

function officialXsd(from: string, format: Format): string {
  const name = isTipoEcf(format) ? `e-CF-${format}` : format === 'RFCE' ? 'RFCE-32' : format;
  return readFileSync(join(from, `${name}.xsd`), 'utf8');
}

const xmlFiles = (dir: string): string[] =>
  readdirSync(dir).filter((name) => name.endsWith('.xml'));

/** The verdict of a schema on XML texts. */
function judge(xsd: string): (xml: string) => boolean {
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(xsd));
  return (xml) => {
    const document = XmlDocument.fromString(xml);
    try {
      schema.validate(document);
      return true;
    } catch {
      return false;
    } finally {
      document.dispose();
    }
  };
}

const xsdDir = officialXsdDir();
available('verdicts of the official schemas', xsdDir, 'ECF_OFFICIAL_XSD_DIR');
const dir = samplesDir();
const samples = available('sample documents and test set', dir, 'ECF_OFFICIAL_SAMPLES_DIR');

/** Documents per format and kind; the whole run takes 20000. */
const COUNT = Number(process.env['ECF_CONFORMANCE_COUNT'] ?? 100);
const TIMEOUT_MS = 30_000 + COUNT * 50;
const SEED = Number(process.env['ECF_CONFORMANCE_SEED'] ?? 20261121);

/** Our verdict: structure and format; what we say beyond the schema is another matter. */
function accepts(xml: string, format: Format): boolean {
  const { document, findings, signed } = read(xml);
  if (!signed && formatTree(format).signature === 1) return false;
  const all = [...findings, ...validateFormat(format, document)];
  return !all.some(
    ({ problem }) => problem === 'ecf.schema_invalid' || problem === 'ecf.rnc_invalid',
  );
}

/** Deliberate differences from the official schemas. */
function deliberate(root: XmlNode, format: Format): string | undefined {
  for (const element of descendants(root)) {
    // Its pattern in 33 and 34 is written `^…$`, which in XML Schema are plain characters.
    if (element.name === 'ResponsablePago' && (format === '33' || format === '34')) {
      return 'official pattern of ResponsablePago accepts nothing';
    }
    const type = element.node?.typeName ?? '';
    // Schemas let these be empty; DGII rejects empty tags (Descripción Técnica, p. 59).
    if (element.text === '' && /^(letters|blank|any)/.test(type)) return 'empty tag';
    // libxml2 takes 19, 21… characters for `{11}|{9}`; XML Schema does not.
    if (/^(rnc|encfAny)/.test(type) && (element.text?.length ?? 0) > 13) return 'libxml2';
  }
  // The signature's slot takes any element, even a second copy of the format's own.
  const names = root.children.map(({ name }) => name);
  if (new Set(names).size < names.length) return 'own element in the slot';
  const lines = descendants(root).filter(({ name }) => name === 'NoLinea');
  const voids = descendants(root).filter(({ name }) => name === 'Anulacion');
  return lines.length > voids.length ? 'NoLinea repeated' : undefined;
}

const descendants = (root: XmlNode): XmlNode[] =>
  root.children.flatMap((child) => [child, ...descendants(child)]);

describe.each(FORMATS)('%s', (format) => {
  const ours = judge(xsdFor(format));
  const official = xsdDir === undefined ? undefined : judge(officialXsd(xsdDir, format));

  const compare = (xml: string, what: string, differs: boolean): boolean => {
    const schema = ours(xml);
    const mine = accepts(xml, format);
    if (official && !differs && (official(xml) !== schema || mine !== schema)) {
      throw new Error(
        `${what}: official ${official(xml)}, ours ${schema}, validator ${mine}\n${xml}\n` +
          JSON.stringify([...read(xml).findings, ...validateFormat(format, read(xml).document)]),
      );
    }
    if (mine !== schema && !differs) throw new Error(`${what}: ours ${schema}, validator ${mine}`);
    return schema;
  };

  test(
    'generated documents pass',
    () => {
      const random = new Random(SEED);
      for (let at = 0; at < COUNT; at++) {
        const root = generate(format, random);
        const xml = toXml(root);
        const differs = deliberate(root, format) !== undefined;
        if (!compare(xml, `document ${at}`, differs))
          throw new Error(`document ${at} fails\n${xml}`);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'mutations get the same verdict',
    () => {
      const random = new Random(SEED + 1);
      let refused = 0;
      for (let at = 0; at < COUNT; at++) {
        const root = generate(format, random);
        const what = mutate(root, random);
        const unsigned = random.chance(0.02);
        const xml = toXml(root, !unsigned);
        if (!compare(xml, `mutation ${at} (${what})`, deliberate(root, format) !== undefined)) {
          refused++;
        }
      }
      // A mutation that never harms would prove nothing.
      expect(refused).toBeGreaterThan(COUNT / 8);
    },
    TIMEOUT_MS,
  );
});

type Row = Readonly<Record<string, string>>;

const text = (name: string): string => readFileSync(join(dir ?? '', name), 'utf8');
const set = samples
  ? (JSON.parse(text('test-set-a.json')) as { ECF: Row[]; RFCE: Row[] })
  : { ECF: [], RFCE: [] };

const NOW = new Date('2026-06-15T14:30:45Z');
/** The document as it was before signing. */
const unsigned = (xml: string): string =>
  xml.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/<Signature[\s\S]*<\/Signature>/, '');

(samples ? describe : describe.skip)('samples', () => {
  const files = samples ? xmlFiles(dir ?? '') : [];
  const schemas = new Map(FORMATS.map((format) => [format, judge(xsdFor(format))]));
  const official = new Map(
    xsdDir === undefined
      ? []
      : FORMATS.map((format) => [format, judge(officialXsd(xsdDir, format))] as const),
  );

  test.each(files)('%s gets the same verdict from all', (name) => {
    const xml = text(name);
    const { format, document, findings, signed } = read(xml);
    const expected = !/^bad-.*-empty-tag|sin-firmar/.test(name);
    const structure = [...findings, ...validateFormat(format, document)];
    expect(!hasErrors(structure) && signed).toBe(expected);
    expect(schemas.get(format)?.(xml)).toBe(expected);
    expect(official.get(format)?.(xml) ?? expected).toBe(expected);
    if (isTipoEcf(format) && !name.startsWith('bad-')) expect(validate(parse(xml))).toEqual([]);
    if (!/^variant|-ns|Semilla/.test(name)) {
      expect(serializeAs(format, document)).toBe(unsigned(xml));
    }
  });
});

const issuerOf = (row: Row) => ({
  RNCEmisor: row['RNCEmisor'] ?? '',
  RazonSocialEmisor: 'OTRO NOMBRE',
  DireccionEmisor: 'OTRA DIRECCION',
});

function draftOf(row: Row): EcfDraft {
  const tipo = row['TipoeCF'];
  if (!isTipoEcf(tipo)) throw new Error(`row of type ${tipo}`);
  const result = normalize(unflatten(row, tipo));
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.document;
}

const cases = set.ECF.map((row) => [row['ENCF'] ?? '', row] as const);

(samples ? describe : describe.skip)('test set A', () => {
  test.each(cases)('%s stated in full comes back as the sample', (encf, row) => {
    const { document, findings } = complete(draftOf(row), { issuer: issuerOf(row), now: NOW });
    expect(findings).toEqual([]);
    expect(validate(document)).toEqual([]);
    expect(serialize(document)).toBe(unsigned(text(`${row['RNCEmisor']}${encf}.xml`)));
  });

  test.each(cases)('%s with its inputs only gets the totals of DGII', (_encf, row) => {
    const stated = draftOf(row);
    const { document } = complete(inputsOf(stated), { issuer: issuerOf(row), now: NOW });
    const ours = leaves(document);
    const theirs = leaves(stated);
    for (const [path, value] of theirs) {
      const mine = ours.get(path);
      if (/^[\d.]+$/.test(value)) {
        expect([path, Math.abs(Number(mine) - Number(value)) <= 0.0201]).toEqual([path, true]);
      } else expect([path, mine]).toEqual([path, value]);
    }
    const added = [...ours.keys()].filter((path) => !theirs.has(path));
    expect(added).toEqual(['/FechaHoraFirma']);
  });

  test.each(set.RFCE.map((row) => row['ENCF'] ?? ''))('%s becomes its summary', (encf) => {
    const row = set.RFCE.find((one) => one['ENCF'] === encf);
    const file = `${row?.['RNCEmisor']}${encf}.xml`;
    const [, code = ''] = /<SignatureValue>(.{6})/.exec(text(file)) ?? [];
    expect(serializeRfce(toRfce(parse(text(file)), code))).toBe(unsigned(text(`RFCE-${file}`)));
  });
});

/** The document without what can be derived. */
function inputsOf(stated: EcfDraft): EcfDraft {
  const draft = structuredClone(stated);
  const header = draft.Encabezado ?? {};
  const given = header.Totales ?? {};
  const rates = given.ImpuestosAdicionales?.ImpuestoAdicional?.map((tax) => ({
    ...(tax.TipoImpuesto !== undefined && { TipoImpuesto: tax.TipoImpuesto }),
    ...(tax.TasaImpuestoAdicional !== undefined && {
      TasaImpuestoAdicional: tax.TasaImpuestoAdicional,
    }),
  }));
  const { MontoPeriodo, ValorPagar } = given;
  header.Totales = {
    ...(MontoPeriodo !== undefined && { MontoPeriodo }),
    ...(ValorPagar !== undefined && { ValorPagar }),
    ...(rates && { ImpuestosAdicionales: { ImpuestoAdicional: rates } }),
  };
  delete header.Version;
  const id = header.IdDoc ?? {};
  delete id.IndicadorNotaCredito;
  delete id.TipoIngresos;
  if (id.IndicadorMontoGravado === '0') delete id.IndicadorMontoGravado;
  const { TipoMoneda, TipoCambio } = header.OtraMoneda ?? {};
  if (TipoMoneda !== undefined && TipoCambio !== undefined) {
    header.OtraMoneda = { TipoMoneda, TipoCambio };
  }
  for (const item of draft.DetallesItems?.Item ?? []) {
    delete item.MontoItem;
    delete item.DescuentoMonto;
    delete item.RecargoMonto;
    delete item.NumeroLinea;
    if (TipoCambio !== undefined) delete item.OtraMonedaDetalle;
    for (const sub of item.TablaSubDescuento?.SubDescuento ?? []) {
      if (sub.TipoSubDescuento === '%') delete sub.MontoSubDescuento;
    }
    for (const sub of item.TablaSubRecargo?.SubRecargo ?? []) {
      if (sub.TipoSubRecargo === '%') delete sub.MontoSubRecargo;
    }
  }
  return draft;
}

function leaves(tree: EcfDraft | EcfDocument): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') found.set(path, value);
    else if (Array.isArray(value)) value.forEach((entry, index) => walk(entry, `${path}/${index}`));
    else if (isTree(value)) walkTree(value, path);
  };
  const walkTree = (from: Tree, path: string): void => {
    for (const name of Object.keys(from)) walk(from[name], `${path}/${name}`);
  };
  walk(tree, '');
  return found;
}
