import {
  completed,
  findingsAfter,
  findingsOf,
  ISSUER,
  NOW,
  request,
  withValues,
} from '../testing/builders.js';
import { complete } from '../complete/complete.js';
import { normalize } from '../normalize.js';
import { read } from '../xml/read.js';
import { hasErrors, MAX_FINDINGS, type Finding, type FindingDefinition } from './finding.js';
import { FINDINGS, type FindingCode } from './findings.data.js';
import { fieldsOf } from '../catalogue/fields.js';
import { TIPOS_ECF, type Format } from '../catalogue/formats.js';
import type { EcfDocument } from '../model/index.js';
import type { Tree } from '../model/tree.js';
import { acecf, anecf, arecf } from '../rules/answers.js';
import { toRfce } from '../rules/rfce.js';
import { validateNote } from '../validate/validate-note.js';
import { validate, validateAs } from '../validate/validate.js';

const ITEM = 'DetallesItems/Item/0';
const TOTALES = 'Encabezado/Totales';
const ID = 'Encabezado/IdDoc';
const BUYER = 'Encabezado/Comprador';
const REF = 'InformacionReferencia';

const subDiscount = (...entries: object[]) => ({ SubDescuento: entries });
const taxes = (...codes: string[]) => ({
  ImpuestoAdicional: codes.map((TipoImpuesto) => ({ TipoImpuesto })),
});
const BEER = {
  [`${ITEM}/TablaImpuestoAdicional`]: taxes('006', '023'),
  [`${ITEM}/CantidadReferencia`]: '24',
  [`${ITEM}/UnidadReferencia`]: '5',
  [`${ITEM}/TablaSubcantidad`]: {
    SubcantidadItem: [{ Subcantidad: '0.355', CodigoSubcantidad: '24' }],
  },
  [`${ITEM}/GradosAlcohol`]: '5.00',
  [`${ITEM}/PrecioUnitarioReferencia`]: '65.00',
};
const discount = (row: object) => ({
  'DescuentosORecargos/DescuentoORecargo': [
    { TipoAjuste: 'D', TipoValor: '$', IndicadorFacturacionDescuentooRecargo: '1', ...row },
  ],
});
const pages = (...rows: object[]) => ({ 'Paginacion/Pagina': rows });
const LINE_IN_DOLLARS = {
  'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '59.0000' },
  [`${ITEM}/OtraMonedaDetalle`]: {
    PrecioOtraMoneda: '8.4746',
    MontoItemOtraMoneda: '19.95',
  },
};
/** Two lines on a page each. */
const TWO_PAGES = {
  'DetallesItems/Item': [1, 2].map(() => ({
    NombreItem: 'Cemento',
    CantidadItem: '1',
    PrecioUnitarioItem: '500.00',
    IndicadorFacturacion: '1',
  })),
  'Paginacion/Pagina': ['1', '2'].map((line) => ({ NoLineaDesde: line, NoLineaHasta: line })),
};
const taxTotal = (...rows: object[]) =>
  findingsOf('31', {
    [`${ITEM}/TablaImpuestoAdicional`]: taxes('002'),
    [`${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional`]: rows,
  });

const RANGES = [{ tipo: '31', first: 5n, last: 50n }] as const;
const PARTIES = { rncEmisor: '131880738', rncComprador: '131880681', encf: 'E310000000001' };
const changed = (format: Format, document: object, values: Readonly<Record<string, unknown>>) =>
  validateAs(format, withValues(document as Tree, values));
const rfce = (values: Readonly<Record<string, unknown>>) =>
  changed('RFCE', toRfce(completed(request('32')).document, 'aB3/x+'), values);
const anecfWith = (values: Readonly<Record<string, unknown>>) =>
  changed('ANECF', anecf('131880738', RANGES, NOW), values);
const VOIDED = 'DetalleAnulacion/Anulacion/0';
const VOIDED_RANGES = `${VOIDED}/TablaRangoSecuenciasAnuladaseNCF/Secuencias`;
const rangeOf = (first: string, last: string) => ({
  SecuenciaeNCFDesde: first,
  SecuenciaeNCFHasta: last,
});
const arecfWith = (values: Readonly<Record<string, unknown>>) =>
  changed('ARECF', arecf({ ...PARTIES, now: NOW }), values);
const acecfWith = (values: Readonly<Record<string, unknown>>) =>
  changed('ACECF', acecf(completed(request('31')).document, NOW), values);

const noteWith = (values: Readonly<Record<string, unknown>>) =>
  completed(withValues(request('34'), values)).document;
/** Findings of a credit note on an invoice with changes. */
function noteOn(
  values: Readonly<Record<string, unknown>>,
  earlier: readonly EcfDocument[] = [],
  code = '3',
): readonly Finding[] {
  const own = { [`${ID}/eNCF`]: 'E310000000009', 'Encabezado/Emisor/FechaEmision': '01-03-2026' };
  const original = completed(withValues(request('31'), { ...own, ...values })).document;
  return validateNote(noteWith({ [`${REF}/CodigoModificacion`]: code }), { original, earlier });
}

const over = (field: string, tipo: (typeof TIPOS_ECF)[number] = '31') =>
  findingsAfter(tipo, { [`${TOTALES}/${field}`]: '123456.00' });

const OTHER_DOCUMENTS = {
  RFCE: () => toRfce(completed(request('32')).document, 'aB3/x+'),
  ANECF: () => anecf('131880738', RANGES, NOW),
  ARECF: () => arecf({ ...PARTIES, refusal: 'duplicate', now: NOW }),
  ACECF: () => acecf(completed(request('31')).document, NOW, 'No es nuestra compra'),
} satisfies Partial<Record<Format, () => object>>;

/** One way to get each finding. The compiler wants an entry for every code of the catalogue. */
const CASES: Readonly<Record<FindingCode, () => readonly Finding[]>> = {
  'ECF-FMT-01': () => findingsOf('31', { [`${ID}/Tipo`]: '1' }),
  'ECF-FMT-02': () => findingsOf('31', { [`${ID}/IndicadorNotaCredito`]: '0' }),
  'ECF-FMT-03': () => findingsOf('31', { [`${ITEM}/NombreItem`]: undefined }),
  'ECF-FMT-04': () => findingsOf('31', { [`${ITEM}/NombreItem`]: '' }),
  'ECF-FMT-05': () =>
    findingsOf('31', {
      'Encabezado/Emisor/TablaTelefonoEmisor/TelefonoEmisor': Array(4).fill('809-555-0000'),
    }),
  'ECF-FMT-06': () => findingsOf('31', { [`${ITEM}/NombreItem`]: 'x'.repeat(81) }),
  'ECF-FMT-07': () => findingsOf('31', { [`${ID}/TipoPago`]: '9' }),
  'ECF-FMT-08': () => findingsOf('31', { [`${ITEM}/PrecioUnitarioItem`]: '1,500.00' }),
  'ECF-FMT-09': () => findingsOf('31', { [`${ITEM}/CantidadItem`]: '0' }),
  'ECF-FMT-10': () => findingsOf('31', { 'Encabezado/Emisor/FechaEmision': '2026-03-10' }),
  'ECF-FMT-11': () => findingsOf('31', { [`${BUYER}/CorreoComprador`]: 'nadie' }),
  'ECF-FMT-12': () => findingsOf('31', { [`${ITEM}/NombreItem`]: { texto: 'x' } }),
  'ECF-FMT-13': () => findingsOf('31', { [`${ITEM}/PrecioUnitarioItem`]: 1234567890123456.7 }),
  'ECF-FMT-14': () => findingsOf('31', { [`${ITEM}/PrecioUnitarioItem`]: '-500.00' }),
  'ECF-FMT-15': () => findingsOf('31', { FechaHoraFirma: '10-03-2026 10:00:00' }),
  'ECF-FMT-16': () => findingsOf('31', { [`${ID}/TipoeCF`]: '39' }),
  'ECF-FMT-17': () =>
    read('<ARECF><DetalleAcusedeRecibo/><DetalleAcusedeRecibo/></ARECF>').findings,
  'ECF-FMT-18': () => read('<ARECF><DetalleAcusedeRecibo Id="1"/></ARECF>').findings,
  'ECF-FMT-19': () => findingsAfter('31', { 'Encabezado/Transporte': {} }),
  'ECF-TXT-01': () => findingsOf('31', { [`${ITEM}/NombreItem`]: 'a\u0001b' }),
  'ECF-TXT-02': () => findingsOf('31', { [`${ITEM}/NombreItem`]: 'CaÃ±a' }),
  'ECF-TXT-03': () => findingsOf('31', { [`${ITEM}/NombreItem`]: ' Caña' }),
  'ECF-TXT-04': () => findingsOf('31', { [`${ITEM}/NombreItem`]: 'Pan &amp; queso' }),
  'ECF-FEC-01': () => findingsOf('31', { [`${BUYER}/FechaEntrega`]: '31-02-2026' }),
  'ECF-RNC-01': () => findingsOf('31', { [`${BUYER}/RNCComprador`]: '131-88068-1' }),
  'ECF-RNC-02': () => findingsOf('31', { [`${BUYER}/RNCComprador`]: '131880680' }),
  'ECF-ENC-01': () => findingsOf('31', { [`${ID}/eNCF`]: 'E320000000001' }),
  'ECF-ENC-02': () => findingsOf('31', { [`${ID}/TipoPago`]: '2' }),
  'ECF-ENC-03': () =>
    findingsOf('31', { [`${ID}/TipoPago`]: '2', [`${ID}/FechaLimitePago`]: '09-03-2026' }),
  'ECF-ENC-04': () =>
    findingsOf('31', { [`${ID}/FechaDesde`]: '02-03-2026', [`${ID}/FechaHasta`]: '01-03-2026' }),
  'ECF-ENC-05': () =>
    findingsOf('31', { [`${ID}/TablaFormasPago/FormaDePago`]: [{ FormaPago: '5' }] }),
  'ECF-ENC-06': () =>
    findingsOf('31', {
      [`${ID}/IndicadorMontoGravado`]: '0',
      [`${ITEM}/IndicadorFacturacion`]: '4',
    }),
  'ECF-ENC-07': () => findingsOf('31', { [`${ID}/FechaVencimientoSecuencia`]: '31-12-2025' }),
  'ECF-ENC-08': () => findingsOf('31', { 'Encabezado/Emisor/FechaEmision': '11-03-2026' }),
  'ECF-ENC-09': () => findingsOf('31', { [`${ID}/TipoPago`]: '3' }),
  'ECF-ENC-10': () => findingsOf('31', { [`${ID}/IndicadorEnvioDiferido`]: '1' }),
  'ECF-ENC-11': () =>
    findingsOf('31', {
      [`${ID}/TablaFormasPago/FormaDePago`]: [{ FormaPago: '1', MontoPago: '1179.00' }],
    }),
  'ECF-ENC-12': () => findingsAfter('31', { [`${ID}/IndicadorMontoGravado`]: undefined }),
  'ECF-ENC-13': () => findingsOf('31', { [`${ID}/FechaVencimientoSecuencia`]: '30-12-2027' }),
  'ECF-EMI-01': () => findingsOf('31', { 'Encabezado/Emisor/RNCEmisor': '131880681' }),
  'ECF-COM-01': () => findingsOf('32', { [`${BUYER}/IdentificadorExtranjero`]: 'P1234' }),
  'ECF-COM-02': () =>
    findingsOf('32', { [BUYER]: undefined, [`${ITEM}/PrecioUnitarioItem`]: '200000.00' }),
  'ECF-COM-03': () =>
    findingsOf('32', {
      [`${BUYER}/RazonSocialComprador`]: undefined,
      [`${ITEM}/PrecioUnitarioItem`]: '200000.00',
    }),
  'ECF-COM-04': () => findingsOf('44', { [`${BUYER}/RNCComprador`]: undefined }),
  'ECF-COM-05': () => findingsOf('34', { [`${BUYER}/RNCComprador`]: undefined }),
  'ECF-COM-06': () => findingsOf('46', { [`${BUYER}/RNCComprador`]: undefined }),
  'ECF-COM-07': () => findingsOf('31', { [`${BUYER}/RNCComprador`]: ISSUER.RNCEmisor }),
  'ECF-TER-01': () => findingsAfter('31', { 'Encabezado/Emisor/Municipio': '250101' }),
  'ECF-LIN-01': () => findingsOf('31', { [`${ITEM}/NumeroLinea`]: '2' }),
  'ECF-LIN-02': () => findingsOf('43', { [`${ITEM}/IndicadorFacturacion`]: '1' }),
  'ECF-LIN-03': () => findingsOf('47', { [`${ITEM}/IndicadorBienoServicio`]: '1' }),
  'ECF-LIN-04': () => findingsOf('31', { [`${ITEM}/DescuentoMonto`]: '10.00' }),
  'ECF-LIN-05': () =>
    findingsOf('31', { [`${ITEM}/TablaSubDescuento`]: subDiscount({ TipoSubDescuento: '$' }) }),
  'ECF-LIN-06': () =>
    findingsOf('31', {
      [`${ITEM}/DescuentoMonto`]: '10.00',
      [`${ITEM}/TablaSubDescuento`]: subDiscount({
        TipoSubDescuento: '$',
        MontoSubDescuento: '10.02',
      }),
    }),
  'ECF-LIN-07': () =>
    findingsOf('31', {
      [`${ITEM}/TablaSubDescuento`]: subDiscount({
        TipoSubDescuento: '%',
        SubDescuentoPorcentaje: '10',
        MontoSubDescuento: '101.01',
      }),
    }),
  'ECF-LIN-10': () =>
    findingsOf('41', {
      [`${ITEM}/IndicadorFacturacion`]: '4',
      [`${ITEM}/Retencion/MontoITBISRetenido`]: '1.00',
    }),
  'ECF-LIN-11': () => findingsOf('31', { ...BEER, [`${ITEM}/GradosAlcohol`]: undefined }),
  'ECF-LIN-12': () =>
    findingsOf('31', { ...BEER, [`${ITEM}/TablaImpuestoAdicional`]: taxes('006') }),
  'ECF-LIN-13': () => findingsOf('44', { [`${ITEM}/TablaImpuestoAdicional`]: taxes('006') }),
  'ECF-LIN-14': () =>
    findingsOf('31', {
      [`${ITEM}/TablaSubDescuento`]: subDiscount({
        TipoSubDescuento: '$',
        MontoSubDescuento: '1000.01',
      }),
    }),
  'ECF-LIN-15': () =>
    findingsOf('31', {
      [`${ITEM}/TablaSubDescuento`]: subDiscount({
        TipoSubDescuento: '$',
        SubDescuentoPorcentaje: '10',
        MontoSubDescuento: '10.00',
      }),
    }),
  'ECF-LIN-16': () =>
    findingsOf('41', { [`${ITEM}/Retencion/IndicadorAgenteRetencionoPercepcion`]: '2' }),
  'ECF-LIN-17': () => findingsOf('31', { [`${ITEM}/TablaImpuestoAdicional`]: taxes('002', '002') }),
  'ECF-LIN-18': () =>
    findingsOf('41', {
      [`${ITEM}/IndicadorBienoServicio`]: '2',
      [`${ITEM}/Retencion/MontoISRRetenido`]: undefined,
    }),
  'ECF-TOT-01': () => findingsOf('31', { [`${ITEM}/MontoItem`]: '1001.01' }),
  'ECF-TOT-02': () => over('MontoGravadoI1'),
  'ECF-TOT-03': () => over('MontoExento'),
  'ECF-TOT-04': () => over('TotalITBIS'),
  'ECF-TOT-05': () => over('MontoImpuestoAdicional'),
  'ECF-TOT-06': () => over('MontoTotal'),
  'ECF-TOT-07': () => over('MontoNoFacturable'),
  'ECF-TOT-08': () => over('MontoPeriodo'),
  'ECF-TOT-09': () => over('ValorPagar'),
  'ECF-TOT-10': () => over('TotalITBISRetenido', '41'),
  'ECF-TOT-11': () => findingsOf('31', { [`${TOTALES}/ITBIS1`]: '16' }),
  'ECF-TOT-12': () =>
    findingsOf('31', {
      [`${ITEM}/TablaImpuestoAdicional`]: taxes('002'),
      [`${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional`]: [
        { TipoImpuesto: '002', TasaImpuestoAdicional: '2', OtrosImpuestosAdicionales: '30.00' },
      ],
    }),
  'ECF-TOT-13': () =>
    findingsOf('31', {
      [`${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional`]: [
        { TipoImpuesto: '002', TasaImpuestoAdicional: '2', OtrosImpuestosAdicionales: '0.50' },
      ],
    }),
  'ECF-TOT-14': () => findingsAfter('31', { [`${TOTALES}/ITBIS1`]: undefined }),
  'ECF-TOT-15': () => taxTotal({ TipoImpuesto: '002', TasaImpuestoAdicional: '0.02' }),
  'ECF-TOT-16': () =>
    taxTotal({
      TipoImpuesto: '002',
      TasaImpuestoAdicional: '2',
      MontoImpuestoSelectivoConsumoAdvalorem: '20.00',
    }),
  'ECF-TOT-17': () =>
    taxTotal(
      { TipoImpuesto: '002', OtrosImpuestosAdicionales: '20.00' },
      { TipoImpuesto: '002', TasaImpuestoAdicional: '2', OtrosImpuestosAdicionales: '20.00' },
    ),
  'ECF-DEF-01': () => findingsOf('31'),
  'ECF-DEF-02': () => findingsOf('32', { [BUYER]: undefined }),
  'ECF-DEF-03': () => findingsOf('31', BEER),
  'ECF-DRG-01': () => findingsOf('31', discount({})),
  'ECF-DRG-02': () =>
    findingsOf('31', discount({ IndicadorNorma1007: '1', MontoDescuentooRecargo: '10.00' })),
  'ECF-DRG-03': () => findingsOf('31', discount({ MontoDescuentooRecargo: '1000.01' })),
  'ECF-DRG-04': () =>
    findingsOf('31', {
      ...discount({ MontoDescuentooRecargo: '10.00' }),
      [`${ITEM}/TablaImpuestoAdicional`]: taxes('002'),
    }),
  'ECF-DRG-05': () =>
    findingsOf(
      '31',
      discount({ TipoValor: '%', ValorDescuentooRecargo: '10', MontoDescuentooRecargo: '101.01' }),
    ),
  'ECF-DRG-06': () =>
    findingsOf(
      '31',
      discount({
        MontoDescuentooRecargo: '10.00',
        IndicadorFacturacionDescuentooRecargo: '2',
      }),
    ),
  'ECF-DRG-07': () =>
    findingsOf('31', discount({ MontoDescuentooRecargo: '10.00', NumeroLinea: '2' })),
  'ECF-DRG-08': () =>
    findingsOf(
      '31',
      discount({ TipoAjuste: 'R', IndicadorNorma1007: '1', MontoDescuentooRecargo: '10.00' }),
    ),
  'ECF-NOT-01': () => findingsOf('34', { [REF]: undefined }),
  'ECF-NOT-02': () => findingsOf('33', { [`${REF}/CodigoModificacion`]: '1' }),
  'ECF-NOT-03': () => findingsOf('34', { [`${REF}/NCFModificado`]: 'E3100000009' }),
  'ECF-NOT-04': () => findingsOf('34', { [`${REF}/NCFModificado`]: 'E330000000009' }),
  'ECF-NOT-05': () => findingsOf('34', { [`${ID}/IndicadorNotaCredito`]: '1' }),
  'ECF-NOT-06': () => findingsOf('34', { [`${REF}/FechaNCFModificado`]: '01-01-2026' }),
  'ECF-NOT-07': () => findingsOf('34', { [`${REF}/FechaNCFModificado`]: '11-03-2026' }),
  'ECF-NOT-08': () => findingsOf('34', { [`${REF}/NCFModificado`]: 'E340000000001' }),
  'ECF-NOT-09': () => findingsOf('31', { [REF]: { CodigoModificacion: '4' } }),
  'ECF-NOT-10': () =>
    findingsOf('31', {
      [REF]: {
        NCFModificado: 'B0200000001',
        FechaNCFModificado: '01-03-2026',
        CodigoModificacion: '4',
      },
    }),
  'ECF-NOT-11': () => findingsOf('34', { [`${REF}/CodigoModificacion`]: '2' }),
  'ECF-NOT-12': () => findingsOf('34', { [`${REF}/RNCOtroContribuyente`]: ISSUER.RNCEmisor }),
  'ECF-NOT-13': () =>
    findingsOf('31', {
      [REF]: {
        NCFModificado: 'E310000000009',
        FechaNCFModificado: '01-03-2026',
        CodigoModificacion: '5',
      },
    }),
  'ECF-NOT-14': () => noteOn({ [`${ID}/eNCF`]: 'E310000000008' }),
  'ECF-NOT-15': () => noteOn({ 'Encabezado/Emisor/FechaEmision': '02-03-2026' }),
  'ECF-NOT-16': () => noteOn({ [`${BUYER}/RNCComprador`]: '130862346' }),
  'ECF-NOT-17': () => noteOn({ 'Encabezado/Emisor/RNCEmisor': '130862346' }),
  'ECF-NOT-18': () => noteOn({}, [noteWith({ [`${REF}/CodigoModificacion`]: '1' })]),
  'ECF-NOT-19': () => noteOn({ [`${ITEM}/CantidadItem`]: '3' }, [], '1'),
  'ECF-NOT-20': () => noteOn({ [`${ITEM}/CantidadItem`]: '1' }),
  'ECF-PAG-01': () => findingsOf('31', { [`${ID}/TotalPaginas`]: '2' }),
  'ECF-PAG-02': () =>
    findingsOf('31', pages({ NoLineaDesde: '1', NoLineaHasta: '1' }, { NoLineaDesde: '3' })),
  'ECF-PAG-03': () =>
    findingsOf(
      '31',
      pages({ PaginaNo: '1', NoLineaDesde: '1', NoLineaHasta: '1', MontoSubtotalPagina: '1.00' }),
    ),
  'ECF-PAG-04': () => {
    const { document } = completed(withValues(request('31'), TWO_PAGES));
    return changed('31', document, { [`${ID}/TotalPaginas`]: undefined });
  },
  'ECF-PAG-05': () => {
    const { document } = completed(withValues(request('31'), TWO_PAGES));
    return changed('31', document, { 'Paginacion/Pagina/0/SubtotalItbisPagina': '1.00' });
  },
  'ECF-OTM-01': () => findingsOf('31', { 'Encabezado/OtraMoneda': { TipoMoneda: 'USD' } }),
  'ECF-OTM-02': () =>
    findingsOf('31', {
      'Encabezado/OtraMoneda': {
        TipoMoneda: 'USD',
        TipoCambio: '59.0000',
        MontoTotalOtraMoneda: '22.00',
      },
    }),
  'ECF-OTM-03': () => findingsOf('31', LINE_IN_DOLLARS),
  'ECF-RES-01': () => rfce({ [`${TOTALES}/MontoTotal`]: '250000.00' }),
  'ECF-RES-02': () => rfce({ [`${TOTALES}/MontoTotal`]: '1181.01' }),
  'ECF-RES-03': () => rfce({ [`${BUYER}/IdentificadorExtranjero`]: 'P1234' }),
  'ECF-RES-04': () => rfce({ [`${ID}/eNCF`]: 'E310000000001' }),
  'ECF-ANU-01': () => anecfWith({ [`${VOIDED}/CantidadeNCFAnulados`]: '45' }),
  'ECF-ANU-02': () => anecfWith({ 'Encabezado/CantidadeNCFAnulados': '45' }),
  'ECF-ANU-03': () => anecfWith({ [`${VOIDED_RANGES}/0/SecuenciaeNCFHasta`]: 'E320000000050' }),
  'ECF-ANU-04': () => anecfWith({ [`${VOIDED_RANGES}/0/SecuenciaeNCFHasta`]: 'E310000000004' }),
  'ECF-ANU-05': () =>
    anecfWith({
      [VOIDED_RANGES]: [
        rangeOf('E310000000005', 'E310000000050'),
        rangeOf('E310000000050', 'E310000000050'),
      ],
    }),
  'ECF-ANU-06': () => {
    const document = anecf('131880738', RANGES, NOW);
    const { Anulacion } = document.DetalleAnulacion;
    return changed('ANECF', document, {
      'DetalleAnulacion/Anulacion': [...Anulacion, ...Anulacion],
    });
  },
  'ECF-ANU-07': () => anecfWith({ [`${VOIDED}/NoLinea`]: '2' }),
  'ECF-ACU-01': () => arecfWith({ 'DetalleAcusedeRecibo/Estado': '1' }),
  'ECF-ACU-02': () => arecfWith({ 'DetalleAcusedeRecibo/CodigoMotivoNoRecibido': '3' }),
  'ECF-APR-01': () => acecfWith({ 'DetalleAprobacionComercial/Estado': '2' }),
  'ECF-APR-02': () =>
    acecfWith({ 'DetalleAprobacionComercial/DetalleMotivoRechazo': 'No es nuestra' }),
  'ECF-EXP-01': () =>
    findingsOf('46', {
      'Encabezado/InformacionesAdicionales': { TotalFob: '10.00', TotalCif: '11.00' },
    }),
};

test.each(Object.entries(CASES))('%s can be reached', (code, find) => {
  const found = find().find((one) => one.code === code);
  expect(found).toBeDefined();
  expect(found?.message).not.toMatch(/\{\w+\}/);
  expect(found?.fix).not.toMatch(/\{\w+\}/);
  expect(found?.path).toMatch(/^(\/[^/]+)*$/);
  const { at }: FindingDefinition = FINDINGS[code as FindingCode];
  if (at) expect(at).toContain(fieldOf(found?.path ?? ''));
});

/** The path as the catalogue writes it: no positions of lists. */
const fieldOf = (path: string): string =>
  path
    .slice(1)
    .split('/')
    .filter((name) => !/^\d+$/.test(name))
    .join('/');

test('findings speak of fields and formats that exist', () => {
  for (const [code, definition] of Object.entries<FindingDefinition>(FINDINGS)) {
    const formats = definition.formats ?? TIPOS_ECF;
    for (const path of definition.at ?? []) {
      const known = formats.some((format) => fieldsOf(format).has(path));
      expect([code, path, known]).toEqual([code, path, true]);
    }
  }
});

test('every finding says why, how to mend it and where it is written, in whole sentences', () => {
  for (const { message, cause, fix, source } of Object.values<FindingDefinition>(FINDINGS)) {
    for (const text of [message, cause, fix]) expect(text).toMatch(/^[\p{Lu}«{].*[.…]$/u);
    expect(source).not.toBe('');
  }
});

test.each(Object.entries(OTHER_DOCUMENTS))(
  'a %s of ours has nothing to be said',
  (format, make) => {
    expect(validateAs(format as Format, make())).toEqual([]);
  },
);

test('every error names the problem it leads to, and nothing else does', () => {
  for (const [code, { severity, ...rest }] of Object.entries(FINDINGS)) {
    expect([code, 'problem' in rest]).toEqual([code, severity === 'error']);
    expect(code).toMatch(/^ECF-[A-Z]{3}-\d\d$/);
  }
});

test.each(TIPOS_ECF)('the plain request of type %s has no error', (tipo) => {
  expect(findingsOf(tipo).filter(({ severity }) => severity !== 'info')).toEqual([]);
});

test('a document wrong everywhere is described up to a limit', () => {
  const Item = Array.from({ length: 1000 }, () => ({ NombreItem: '' }));
  const input = withValues(request('31'), { 'DetallesItems/Item': Item });
  const normalized = normalize(input);
  const { document } = complete(normalized.document ?? {}, { issuer: ISSUER, now: NOW });
  const findings = validate(document);
  expect(findings).toHaveLength(MAX_FINDINGS);
  expect(hasErrors(findings)).toBe(true);
});
