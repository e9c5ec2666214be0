import type { Format } from '../catalogue/formats.js';

/** How `complete()` fills a field that is not stated; English, for the reference pages. */
export interface Derivation {
  readonly text: string;
  /** Formats it is limited to; absent: every e-CF type that has the field. */
  readonly formats?: readonly Format[];
}

const SUM = (of: string): Derivation => ({ text: `Σ ${of}` });
const IN_CURRENCY = (name: string): Derivation => ({ text: `${name} ÷ TipoCambio` });
const OF_PAGE = (name: string): Derivation => ({
  text: `${name} of the page's lines; the last page takes what is left of the total`,
});
const PROFILE: Derivation = { text: "the issuer's profile" };
const ADDRESS: Derivation = {
  text: "the issuer's profile, unless part of an address is stated",
};

/**
 * What `complete()` derives, by path. The spec holds it against what it really fills in: nothing is
 * filled that is not listed, nothing listed that is never filled.
 */
export const DERIVATIONS: Readonly<Record<string, Derivation>> = {
  'Encabezado/Version': { text: 'always 1.0' },
  'Encabezado/IdDoc/eNCF': { text: 'the next number of the sequence' },
  'Encabezado/IdDoc/FechaVencimientoSecuencia': { text: 'expiry of the sequence' },
  'Encabezado/IdDoc/TipoIngresos': { text: '01, told as `ECF-DEF-01`' },
  'Encabezado/IdDoc/TipoPago': {
    text: '1, told as `ECF-DEF-01`',
    formats: ['31', '32', '33', '34', '41', '44', '45', '46'],
  },
  'Encabezado/IdDoc/IndicadorMontoGravado': {
    text: '0 when a line has IndicadorFacturacion 1 or 2',
  },
  'Encabezado/IdDoc/IndicadorNotaCredito': {
    text: 'FechaEmision − FechaNCFModificado: 0 up to 30 days, 1 above',
  },
  'Encabezado/IdDoc/TotalPaginas': { text: 'number of pages, when more than one' },
  'Encabezado/IdDoc/TablaFormasPago/FormaDePago/MontoPago': {
    text: 'MontoTotal, when there is one payment',
  },
  'Encabezado/Emisor/RNCEmisor': PROFILE,
  'Encabezado/Emisor/RazonSocialEmisor': PROFILE,
  'Encabezado/Emisor/NombreComercial': PROFILE,
  'Encabezado/Emisor/Sucursal': PROFILE,
  'Encabezado/Emisor/DireccionEmisor': ADDRESS,
  'Encabezado/Emisor/Municipio': ADDRESS,
  'Encabezado/Emisor/Provincia': ADDRESS,
  'Encabezado/Emisor/TablaTelefonoEmisor/TelefonoEmisor': PROFILE,
  'Encabezado/Emisor/CorreoEmisor': PROFILE,
  'Encabezado/Emisor/WebSite': PROFILE,
  'Encabezado/Emisor/ActividadEconomica': PROFILE,
  'Encabezado/Emisor/CodigoVendedor': PROFILE,
  'Encabezado/Emisor/NumeroFacturaInterna': PROFILE,
  'Encabezado/Emisor/NumeroPedidoInterno': PROFILE,
  'Encabezado/Emisor/ZonaVenta': PROFILE,
  'Encabezado/Emisor/RutaVenta': PROFILE,
  'Encabezado/Emisor/InformacionAdicionalEmisor': PROFILE,
  'Encabezado/Emisor/FechaEmision': { text: 'today, Dominican time' },
  'Encabezado/Comprador/RazonSocialComprador': {
    text: 'CONSUMIDOR FINAL when no buyer is stated, told as `ECF-DEF-02`',
    formats: ['32'],
  },
  'Encabezado/Totales/MontoGravadoTotal': {
    text: 'MontoGravadoI1 + MontoGravadoI2 + MontoGravadoI3',
  },
  'Encabezado/Totales/MontoGravadoI1': {
    text: 'Σ MontoItem of IndicadorFacturacion 1 (÷ 1.18 when ITBIS is included) − discounts + surcharges of 1',
  },
  'Encabezado/Totales/MontoGravadoI2': {
    text: 'Σ MontoItem of IndicadorFacturacion 2 (÷ 1.16 when ITBIS is included) − discounts + surcharges of 2',
  },
  'Encabezado/Totales/MontoGravadoI3': {
    text: 'Σ MontoItem of IndicadorFacturacion 3 − discounts + surcharges of 3',
  },
  'Encabezado/Totales/MontoExento': {
    text: 'Σ MontoItem of IndicadorFacturacion 4 − discounts + surcharges of 4',
  },
  'Encabezado/Totales/ITBIS1': { text: '18, when a line has IndicadorFacturacion 1' },
  'Encabezado/Totales/ITBIS2': { text: '16, when a line has IndicadorFacturacion 2' },
  'Encabezado/Totales/ITBIS3': { text: '0, when a line has IndicadorFacturacion 3' },
  'Encabezado/Totales/TotalITBIS': { text: 'TotalITBIS1 + TotalITBIS2 + TotalITBIS3' },
  'Encabezado/Totales/TotalITBIS1': {
    text: '(MontoGravadoI1 + selective tax 006–039 of those lines) × 18 %',
  },
  'Encabezado/Totales/TotalITBIS2': {
    text: '(MontoGravadoI2 + selective tax 006–039 of those lines) × 16 %',
  },
  'Encabezado/Totales/TotalITBIS3': { text: '0.00, when a line has IndicadorFacturacion 3' },
  'Encabezado/Totales/MontoImpuestoAdicional': SUM('amounts of ImpuestosAdicionales'),
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional/TipoImpuesto': {
    text: 'one entry for each code of the lines',
  },
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional/TasaImpuestoAdicional': {
    text: 'the rate of the [table](codes.md#tipoimpuesto); 006–022 are told as `ECF-DEF-03`',
  },
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional/MontoImpuestoSelectivoConsumoEspecifico':
    {
      text: '006–018: rate × GradosAlcohol % × CantidadReferencia × Subcantidad × CantidadItem; 019–022: rate × CantidadReferencia × CantidadItem',
    },
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional/MontoImpuestoSelectivoConsumoAdvalorem':
    {
      text: '023–039: ((PrecioUnitarioReferencia ÷ 1.18 − specific tax per unit) ÷ (1 + rate)) × rate × units; in bulk PrecioUnitarioItem × 1.30 × rate × CantidadItem',
    },
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional/OtrosImpuestosAdicionales': {
    text: '001–005: net lines of the code × rate, with their share of global adjustments',
  },
  'Encabezado/Totales/MontoTotal': {
    text: 'MontoGravadoTotal + MontoExento + TotalITBIS + MontoImpuestoAdicional',
  },
  'Encabezado/Totales/MontoNoFacturable': SUM('MontoItem of IndicadorFacturacion 0'),
  'Encabezado/Totales/TotalITBISRetenido': SUM('MontoITBISRetenido'),
  'Encabezado/Totales/TotalISRRetencion': SUM('MontoISRRetenido'),
  'Encabezado/OtraMoneda/MontoGravadoTotalOtraMoneda': IN_CURRENCY('MontoGravadoTotal'),
  'Encabezado/OtraMoneda/MontoGravado1OtraMoneda': IN_CURRENCY('MontoGravadoI1'),
  'Encabezado/OtraMoneda/MontoGravado2OtraMoneda': IN_CURRENCY('MontoGravadoI2'),
  'Encabezado/OtraMoneda/MontoGravado3OtraMoneda': IN_CURRENCY('MontoGravadoI3'),
  'Encabezado/OtraMoneda/MontoExentoOtraMoneda': IN_CURRENCY('MontoExento'),
  'Encabezado/OtraMoneda/TotalITBISOtraMoneda': IN_CURRENCY('TotalITBIS'),
  'Encabezado/OtraMoneda/TotalITBIS1OtraMoneda': IN_CURRENCY('TotalITBIS1'),
  'Encabezado/OtraMoneda/TotalITBIS2OtraMoneda': IN_CURRENCY('TotalITBIS2'),
  'Encabezado/OtraMoneda/TotalITBIS3OtraMoneda': IN_CURRENCY('TotalITBIS3'),
  'Encabezado/OtraMoneda/MontoImpuestoAdicionalOtraMoneda': IN_CURRENCY('MontoImpuestoAdicional'),
  'Encabezado/OtraMoneda/ImpuestosAdicionalesOtraMoneda/ImpuestoAdicionalOtraMoneda/TipoImpuestoOtraMoneda':
    { text: 'as in ImpuestosAdicionales' },
  'Encabezado/OtraMoneda/ImpuestosAdicionalesOtraMoneda/ImpuestoAdicionalOtraMoneda/TasaImpuestoAdicionalOtraMoneda':
    { text: 'as in ImpuestosAdicionales' },
  'Encabezado/OtraMoneda/ImpuestosAdicionalesOtraMoneda/ImpuestoAdicionalOtraMoneda/MontoImpuestoSelectivoConsumoEspecificoOtraMoneda':
    IN_CURRENCY('its amount'),
  'Encabezado/OtraMoneda/ImpuestosAdicionalesOtraMoneda/ImpuestoAdicionalOtraMoneda/MontoImpuestoSelectivoConsumoAdvaloremOtraMoneda':
    IN_CURRENCY('its amount'),
  'Encabezado/OtraMoneda/ImpuestosAdicionalesOtraMoneda/ImpuestoAdicionalOtraMoneda/OtrosImpuestosAdicionalesOtraMoneda':
    IN_CURRENCY('its amount'),
  'Encabezado/OtraMoneda/MontoTotalOtraMoneda': IN_CURRENCY('MontoTotal'),
  'DetallesItems/Item/NumeroLinea': { text: '1, 2, 3…' },
  'DetallesItems/Item/IndicadorFacturacion': {
    text: 'the only one the type admits',
    formats: ['43', '44', '46', '47'],
  },
  'DetallesItems/Item/IndicadorBienoServicio': {
    text: '1 (2 in type 47), told as `ECF-DEF-01`',
  },
  'DetallesItems/Item/Retencion/IndicadorAgenteRetencionoPercepcion': { text: '1' },
  'DetallesItems/Item/PrecioUnitarioItem': {
    text: 'PrecioOtraMoneda × TipoCambio, when only that price is stated',
  },
  'DetallesItems/Item/DescuentoMonto': SUM('MontoSubDescuento'),
  'DetallesItems/Item/TablaSubDescuento/SubDescuento/MontoSubDescuento': {
    text: 'for %: PrecioUnitarioItem × CantidadItem × SubDescuentoPorcentaje',
  },
  'DetallesItems/Item/RecargoMonto': SUM('MontoSubRecargo'),
  'DetallesItems/Item/TablaSubRecargo/SubRecargo/MontoSubRecargo': {
    text: 'for %: PrecioUnitarioItem × CantidadItem × SubRecargoPorcentaje',
  },
  'DetallesItems/Item/OtraMonedaDetalle/PrecioOtraMoneda': IN_CURRENCY('PrecioUnitarioItem'),
  'DetallesItems/Item/OtraMonedaDetalle/DescuentoOtraMoneda': IN_CURRENCY('DescuentoMonto'),
  'DetallesItems/Item/OtraMonedaDetalle/RecargoOtraMoneda': IN_CURRENCY('RecargoMonto'),
  'DetallesItems/Item/OtraMonedaDetalle/MontoItemOtraMoneda': IN_CURRENCY('MontoItem'),
  'DetallesItems/Item/MontoItem': {
    text: 'PrecioUnitarioItem × CantidadItem − DescuentoMonto + RecargoMonto',
  },
  'DescuentosORecargos/DescuentoORecargo/NumeroLinea': { text: '1, 2, 3…' },
  'DescuentosORecargos/DescuentoORecargo/MontoDescuentooRecargo': {
    text: 'for %: net Σ MontoItem of its IndicadorFacturacion × ValorDescuentooRecargo',
  },
  'Paginacion/Pagina/PaginaNo': { text: '1, 2, 3…' },
  'Paginacion/Pagina/SubtotalMontoGravadoPagina': OF_PAGE('MontoGravadoTotal'),
  'Paginacion/Pagina/SubtotalMontoGravado1Pagina': OF_PAGE('MontoGravadoI1'),
  'Paginacion/Pagina/SubtotalMontoGravado2Pagina': OF_PAGE('MontoGravadoI2'),
  'Paginacion/Pagina/SubtotalMontoGravado3Pagina': OF_PAGE('MontoGravadoI3'),
  'Paginacion/Pagina/SubtotalExentoPagina': OF_PAGE('MontoExento'),
  'Paginacion/Pagina/SubtotalItbisPagina': OF_PAGE('TotalITBIS'),
  'Paginacion/Pagina/SubtotalItbis1Pagina': OF_PAGE('TotalITBIS1'),
  'Paginacion/Pagina/SubtotalItbis2Pagina': OF_PAGE('TotalITBIS2'),
  'Paginacion/Pagina/SubtotalItbis3Pagina': OF_PAGE('TotalITBIS3'),
  'Paginacion/Pagina/SubtotalImpuestoAdicionalPagina': OF_PAGE('MontoImpuestoAdicional'),
  'Paginacion/Pagina/MontoSubtotalPagina': OF_PAGE('MontoTotal'),
  'Paginacion/Pagina/SubtotalMontoNoFacturablePagina': OF_PAGE('MontoNoFacturable'),
  FechaHoraFirma: { text: 'the instant of signing, Dominican time' },
};
