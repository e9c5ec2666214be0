import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete } from '../complete/complete.js';
import { FORMATS, isTipoEcf } from '../catalogue/formats.js';
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
import { available, judge, officialXsd, officialXsdDir, samplesDir, xmlFiles } from './official.js';
import { unflatten } from './unflatten.js';

type Row = Readonly<Record<string, string>>;

const dir = samplesDir();
const samples = available('sample documents and test set', dir, 'ECF_OFFICIAL_SAMPLES_DIR');
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
  const xsdDir = officialXsdDir();
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
