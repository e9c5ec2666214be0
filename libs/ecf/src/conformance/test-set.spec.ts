import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTipoEcf } from '../catalogue/formats.js';
import { complete } from '../complete/complete.js';
import type { EcfDocument, EcfDraft, RfceDocument } from '../model/index.js';
import { isTree, type Tree } from '../model/tree.js';
import { normalize } from '../normalize.js';
import { toRfce } from '../rules/rfce.js';
import { validateFormat } from '../validate/format.js';
import { validate } from '../validate/validate.js';
import { parse, read } from '../xml/read.js';
import { serialize, serializeAs, serializeRfce } from '../xml/serialize.js';
import { samplesDir, SAMPLES_VARIABLE } from './official.js';
import { unflatten } from './unflatten.js';

type Row = Readonly<Record<string, string>>;

const dir = samplesDir();
const text = (name: string): string => readFileSync(join(dir ?? '', name), 'utf8');
const set =
  dir === undefined
    ? { ECF: [], RFCE: [] }
    : (JSON.parse(text('test-set-a.json')) as { ECF: Row[]; RFCE: Row[] });
if (dir === undefined) {
  process.stderr.write(`skipped: test set A (${SAMPLES_VARIABLE} names no such folder)\n`);
}

const NOW = new Date('2026-06-15T14:30:45Z');
/** What two roundings of DGII's own figures may be apart. */
const CENTS = 0.0201;

/** The document as it was before signing. */
const unsigned = (xml: string): string =>
  xml.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/<Signature[\s\S]*<\/Signature>/, '');

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

const nameOf = (row: Row): string => row['ENCF'] ?? '';
const cases = set.ECF.map((row) => [nameOf(row), row] as const);
const summaries = set.RFCE.map((row) => [nameOf(row), row] as const);

(dir === undefined ? describe.skip : describe)('test set A', () => {
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
    const differing = [...theirs].filter(([path, value]) => {
      const mine = ours.get(path);
      return /^-?[\d.]+$/.test(value)
        ? !(Math.abs(Number(mine) - Number(value)) <= CENTS)
        : mine !== value;
    });
    expect(differing).toEqual([]);
    const added = [...ours.keys()].filter((path) => !theirs.has(path));
    expect(added).toEqual(['/FechaHoraFirma']);
    expect(validate(document)).toEqual([]);
  });

  test.each(summaries)('%s becomes its summary', (encf, row) => {
    const file = `${row['RNCEmisor']}${encf}.xml`;
    const [, code = ''] = /<SignatureValue>(.{6})/.exec(text(file)) ?? [];
    expect(serializeRfce(toRfce(parse(text(file)), code))).toBe(unsigned(text(`RFCE-${file}`)));
  });

  test.each(summaries)('%s: the row of the summary is the summary', (encf, row) => {
    const sample = text(`RFCE-${row['RNCEmisor']}${encf}.xml`);
    const { Encabezado } = read(sample).document as unknown as RfceDocument;
    const tree = unflatten(row, 'RFCE');
    const { CodigoSeguridadeCF } = Encabezado;
    Object.assign(tree['Encabezado'] ?? {}, { CodigoSeguridadeCF });
    expect(validateFormat('RFCE', tree)).toEqual([]);
    expect(serializeAs('RFCE', tree)).toBe(unsigned(sample));
  });
});

/** Totals that are a choice of the issuer or its account with the buyer, not derived. */
const CHOSEN = ['MontoPeriodo', 'ValorPagar', 'SaldoAnterior', 'MontoAvancePago'] as const;

/** The document without what can be derived. */
function inputsOf(stated: EcfDraft): EcfDraft {
  const draft = structuredClone(stated);
  const header = draft.Encabezado ?? {};
  const given = header.Totales ?? {};
  const rates = given.ImpuestosAdicionales?.ImpuestoAdicional?.map(
    ({ TipoImpuesto = '', TasaImpuestoAdicional = '' }) => ({
      TipoImpuesto,
      TasaImpuestoAdicional,
    }),
  );
  header.Totales = rates ? { ImpuestosAdicionales: { ImpuestoAdicional: rates } } : {};
  for (const name of CHOSEN) {
    const value = given[name];
    if (value !== undefined) header.Totales[name] = value;
  }
  delete header.Version;
  const id = header.IdDoc ?? {};
  delete id.IndicadorNotaCredito;
  delete id.TipoIngresos;
  delete id.TotalPaginas;
  if (id.IndicadorMontoGravado === '0') delete id.IndicadorMontoGravado;
  // What was paid is a fact; only the usual case, all of it at once, is filled in.
  const [payment] = id.TablaFormasPago?.FormaDePago ?? [];
  if (payment && payment.MontoPago === given.MontoTotal) delete payment.MontoPago;
  const { TipoMoneda, TipoCambio } = header.OtraMoneda ?? {};
  const translated = TipoMoneda !== undefined && TipoCambio !== undefined;
  if (translated) header.OtraMoneda = { TipoMoneda, TipoCambio };
  for (const row of draft.DescuentosORecargos?.DescuentoORecargo ?? []) {
    delete row.NumeroLinea;
    if (row.TipoValor === '%') delete row.MontoDescuentooRecargo;
  }
  const pages = draft.Paginacion?.Pagina?.map(({ NoLineaDesde = '', NoLineaHasta = '' }) => ({
    NoLineaDesde,
    NoLineaHasta,
  }));
  if (pages) draft.Paginacion = { Pagina: pages };
  stripLines(draft, translated);
  return draft;
}

function stripLines(draft: EcfDraft, translated: boolean): void {
  for (const item of draft.DetallesItems?.Item ?? []) {
    delete item.MontoItem;
    delete item.DescuentoMonto;
    delete item.RecargoMonto;
    delete item.NumeroLinea;
    if (translated) delete item.OtraMonedaDetalle;
    for (const sub of item.TablaSubDescuento?.SubDescuento ?? []) {
      if (sub.TipoSubDescuento === '%') delete sub.MontoSubDescuento;
    }
    for (const sub of item.TablaSubRecargo?.SubRecargo ?? []) {
      if (sub.TipoSubRecargo === '%') delete sub.MontoSubRecargo;
    }
  }
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
