import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldsOf } from '../catalogue/fields.js';
import { TIPOS_ECF, type TipoEcf } from '../catalogue/formats.js';
import { complete } from '../complete/complete.js';
import type { IssuerProfile } from '../complete/options.js';
import { isTree, type Tree } from '../model/tree.js';
import { normalize } from '../normalize.js';
import { ISSUER, NOW, request, withValues } from '../testing/builders.js';
import { DERIVATIONS } from './derivations.data.js';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const ITEM = 'DetallesItems/Item/0';

/** A profile that states everything a profile can. */
const PROFILE: IssuerProfile = {
  ...ISSUER,
  NombreComercial: 'El Yunque',
  Sucursal: 'Centro',
  TablaTelefonoEmisor: { TelefonoEmisor: ['809-555-0000'] },
  CorreoEmisor: 'ventas@example.com',
  WebSite: 'example.com',
  ActividadEconomica: 'Ferretería',
  CodigoVendedor: 'V1',
  NumeroFacturaInterna: '1',
  NumeroPedidoInterno: '1',
  ZonaVenta: 'Este',
  RutaVenta: 'R1',
  InformacionAdicionalEmisor: 'Abierto los domingos',
};

const line = (indicator: string, amount: string) => ({
  NombreItem: 'Cemento',
  CantidadItem: '1',
  PrecioUnitarioItem: amount,
  IndicadorFacturacion: indicator,
});
const sub = (kind: string) => ({ [`TipoSub${kind}`]: '%', [`Sub${kind}Porcentaje`]: '10' });
const codes = (...list: string[]) => ({
  ImpuestoAdicional: list.map((TipoImpuesto) => ({ TipoImpuesto })),
});
const DOLLARS = { 'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '59.0000' } };
const SUB_TABLES = {
  [`${ITEM}/TablaSubDescuento/SubDescuento`]: [sub('Descuento')],
  [`${ITEM}/TablaSubRecargo/SubRecargo`]: [sub('Recargo')],
};
const BEER = {
  ...line('1', '600.00'),
  TablaImpuestoAdicional: codes('006', '023'),
  CantidadReferencia: '24',
  UnidadReferencia: '5',
  TablaSubcantidad: { SubcantidadItem: [{ Subcantidad: '0.355', CodigoSubcantidad: '24' }] },
  GradosAlcohol: '5.00',
  PrecioUnitarioReferencia: '65.00',
};
const TELEPHONY = { ...line('2', '900.00'), TablaImpuestoAdicional: codes('002') };
const EVERY_RATE = [
  BEER,
  TELEPHONY,
  ...['0', '1', '2', '3', '4'].map((indicator) => line(indicator, '100.00')),
];
const PAGES = { Pagina: [1, 2].map((page) => ({ NoLineaDesde: `${page}`, NoLineaHasta: '7' })) };
const EVERYTHING = {
  'DetallesItems/Item': EVERY_RATE,
  ...SUB_TABLES,
  ...DOLLARS,
  Paginacion: PAGES,
  'Encabezado/IdDoc/TablaFormasPago/FormaDePago': [{ FormaPago: '1' }],
  'DescuentosORecargos/DescuentoORecargo': [
    {
      TipoAjuste: 'D',
      TipoValor: '%',
      ValorDescuentooRecargo: '1',
      IndicadorFacturacionDescuentooRecargo: '1',
    },
  ],
};

/** Requests that together make `complete` fill everything it can. */
const REQUESTS: readonly Tree[] = [
  ...TIPOS_ECF.map((tipo) => request(tipo)),
  withValues(request('31'), EVERYTHING),
  withValues(request('32'), { 'Encabezado/Comprador': undefined }),
  withValues(request('46'), {
    ...DOLLARS,
    [ITEM]: {
      NombreItem: 'Cacao',
      CantidadItem: '2',
      OtraMonedaDetalle: { PrecioOtraMoneda: '10.00' },
    },
  }),
  ...TIPOS_ECF.flatMap((tipo) =>
    readdirSync(join(examples, tipo))
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const body: unknown = JSON.parse(readFileSync(join(examples, tipo, file), 'utf8'));
        return (body as { ECF: Tree }).ECF;
      }),
  ),
];

/** Paths of the leaves of a tree, without positions of lists, once each with its position. */
function leaves(value: unknown, path = '', at = ''): Map<string, string> {
  if (Array.isArray(value)) {
    return new Map(value.flatMap((one, index) => [...leaves(one, path, `${at}/${index}`)]));
  }
  if (!isTree(value)) return new Map([[at, path]]);
  const below = (name: string) => (path === '' ? name : `${path}/${name}`);
  return new Map(
    Object.entries(value).flatMap(([name, one]) => [...leaves(one, below(name), `${at}/${name}`)]),
  );
}

/** Paths of what `complete` puts into a request. */
function filled(input: Tree): { tipo: TipoEcf; paths: ReadonlySet<string> } {
  const normalized = normalize(input);
  if (!normalized.ok) throw new Error(JSON.stringify(normalized.findings));
  const stated = leaves(normalized.document);
  const tipo = normalized.document.Encabezado?.IdDoc?.TipoeCF as TipoEcf;
  const { document } = complete(normalized.document, {
    issuer: PROFILE,
    now: NOW,
    encf: `E${tipo}0000000001`,
    fechaVencimientoSecuencia: '31-12-2027',
  });
  const added = [...leaves(document)].filter(([at]) => !stated.has(at));
  return { tipo, paths: new Set(added.map(([, path]) => path)) };
}

const results = REQUESTS.map(filled);

test('nothing is filled in that the table does not tell', () => {
  for (const { tipo, paths } of results) {
    for (const path of paths) {
      const derivation = DERIVATIONS[path];
      expect([tipo, path, derivation?.formats?.includes(tipo) ?? derivation !== undefined]).toEqual(
        [tipo, path, true],
      );
    }
  }
});

test('nothing is told that is never filled in', () => {
  const seen = new Set(results.flatMap(({ paths }) => [...paths]));
  expect(Object.keys(DERIVATIONS).filter((path) => !seen.has(path))).toEqual([]);
  for (const [path, { formats = [] }] of Object.entries(DERIVATIONS)) {
    for (const format of formats) {
      const filledIn = results.some(({ tipo, paths }) => tipo === format && paths.has(path));
      expect([path, format, filledIn]).toEqual([path, format, true]);
      expect(fieldsOf(format).has(path)).toBe(true);
    }
  }
});
