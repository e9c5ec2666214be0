import type { FindingDefinition } from './finding.js';
import { DOUBTFUL, FE, HINT, RULE, TOTALS, WARNING } from './sources.js';

const ID = 'Encabezado/IdDoc';
const TOTALES = 'Encabezado/Totales';
const TAX = `${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional`;
const OTHER = 'Encabezado/OtraMoneda';
const MORE = 'Encabezado/InformacionesAdicionales';
const ITEM = 'DetallesItems/Item';
const PAGE = 'Paginacion/Pagina';

/** Totals, other currency, pages, exports. */
export const TOTAL_FINDINGS = {
  'ECF-TOT-01': {
    ...TOTALS,
    source: `${FE}, pp. 36-45`,
    message: 'MontoItem de la línea {line} es {stated}; precio por cantidad da {computed}.',
    cause:
      'El monto no es precio × cantidad − descuento + recargo; suele venir de redondear el precio o de un descuento que no está en la línea.',
    fix: 'Corrija MontoItem u omítalo: se calcula.',
    at: [`${ITEM}/MontoItem`],
  },
  'ECF-TOT-02': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause:
      'Una línea tiene otro IndicadorFacturacion, IndicadorMontoGravado no es el correcto, o falta un descuento global.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [
      `${TOTALES}/MontoGravadoTotal`,
      `${TOTALES}/MontoGravadoI1`,
      `${TOTALES}/MontoGravadoI2`,
      `${TOTALES}/MontoGravadoI3`,
    ],
  },
  'ECF-TOT-03': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause: 'Una línea exenta tiene otro IndicadorFacturacion, o falta un descuento global.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/MontoExento`],
  },
  'ECF-TOT-04': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause:
      'El ITBIS se calculó sobre otra base (el selectivo de bebidas y cigarrillos es parte de ella), o se sumó redondeado línea por línea.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [
      `${TOTALES}/TotalITBIS`,
      `${TOTALES}/TotalITBIS1`,
      `${TOTALES}/TotalITBIS2`,
      `${TOTALES}/TotalITBIS3`,
    ],
  },
  'ECF-TOT-05': {
    ...TOTALS,
    source: `${FE}, pp. 22-26`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause: 'El total no es la suma de los impuestos adicionales de las líneas.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/MontoImpuestoAdicional`],
  },
  'ECF-TOT-06': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause:
      'El total no es gravado + exento + ITBIS + impuestos adicionales; lo no facturable y las retenciones no entran.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/MontoTotal`],
  },
  'ECF-TOT-07': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause: 'El monto no es la suma de las líneas con IndicadorFacturacion 0.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/MontoNoFacturable`],
  },
  'ECF-TOT-08': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause: 'El período es MontoTotal más MontoNoFacturable.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/MontoPeriodo`],
  },
  'ECF-TOT-09': {
    ...TOTALS,
    source: `${FE}, p. 27`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause:
      'El valor a pagar es MontoTotal − MontoAvancePago + SaldoAnterior, menos los descuentos de la Norma 10-07; las retenciones no se restan.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/ValorPagar`],
  },
  'ECF-TOT-10': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    cause: 'El total no es la suma de lo retenido en las líneas.',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
    at: [`${TOTALES}/TotalITBISRetenido`, `${TOTALES}/TotalISRRetencion`],
  },
  'ECF-TOT-11': {
    ...RULE,
    source: `${FE}, sección Totales`,
    message: '{field} es {value}; la tasa vigente es {expected}.',
    cause: 'El campo lleva la tasa legal, no un monto ni otra tasa.',
    fix: 'Omita {field}, o indique {expected}.',
    at: [`${TOTALES}/ITBIS1`, `${TOTALES}/ITBIS2`, `${TOTALES}/ITBIS3`],
  },
  'ECF-TOT-12': {
    ...TOTALS,
    source: `${FE}, pp. 22-26`,
    dgii: 'rejects',
    reusesNumber: false,
    message: 'El impuesto {code} suma {computed} en las líneas; los totales dicen {stated}.',
    cause: 'El detalle y los totales dan montos distintos para el mismo código.',
    fix: 'Corrija {field} de ese código u omítalo: se calcula.',
    at: [
      `${TOTALES}/ImpuestosAdicionales`,
      `${TAX}/MontoImpuestoSelectivoConsumoEspecifico`,
      `${TAX}/MontoImpuestoSelectivoConsumoAdvalorem`,
      `${TAX}/OtrosImpuestosAdicionales`,
    ],
  },
  'ECF-TOT-13': {
    ...RULE,
    source: `${FE}, pp. 22-26`,
    message: 'El impuesto {code} está en los totales y en ninguna línea.',
    cause: 'El impuesto se puso en los totales sin marcar las líneas que lo causan.',
    fix: 'Agregue el código a sus líneas, o quítelo de los totales.',
    at: [`${TAX}/TipoImpuesto`],
  },
  'ECF-OTM-01': {
    ...RULE,
    source: `${FE}, sección OtraMoneda`,
    message: 'Falta {field} en OtraMoneda.',
    cause: 'Moneda y tipo de cambio van juntos: sin uno de ellos no hay conversión.',
    fix: 'Agregue {field}.',
    at: [`${OTHER}/TipoMoneda`, `${OTHER}/TipoCambio`],
  },
  'ECF-OTM-02': {
    ...TOTALS,
    source: `${FE}, sección OtraMoneda`,
    message: '{field} es {stated}; {dop} entre TipoCambio da {computed}.',
    cause:
      'El monto se convirtió con otro tipo de cambio, o se calculó de los precios en la otra moneda.',
    fix: 'Corrija el monto u omítalo: se calcula.',
    at: [
      `${OTHER}/MontoGravadoTotalOtraMoneda`,
      `${OTHER}/MontoGravado1OtraMoneda`,
      `${OTHER}/MontoGravado2OtraMoneda`,
      `${OTHER}/MontoGravado3OtraMoneda`,
      `${OTHER}/MontoExentoOtraMoneda`,
      `${OTHER}/TotalITBISOtraMoneda`,
      `${OTHER}/TotalITBIS1OtraMoneda`,
      `${OTHER}/TotalITBIS2OtraMoneda`,
      `${OTHER}/TotalITBIS3OtraMoneda`,
      `${OTHER}/MontoImpuestoAdicionalOtraMoneda`,
      `${OTHER}/MontoTotalOtraMoneda`,
    ],
  },
  'ECF-PAG-01': {
    ...RULE,
    source: `${FE}, sección Paginación`,
    message: 'TotalPaginas es {stated} y hay {count} páginas.',
    cause: 'TotalPaginas y la sección Paginacion no dicen lo mismo.',
    fix: 'Omita TotalPaginas: se calcula.',
    at: [`${ID}/TotalPaginas`],
  },
  'ECF-PAG-02': {
    ...RULE,
    source: `${FE}, sección Paginación`,
    message: 'Las páginas no cubren las líneas en orden y sin saltos.',
    cause: 'Las páginas se numeraron o repartieron mal: faltan líneas o están en dos páginas.',
    fix: 'Numere las páginas desde 1 y sus líneas de corrido.',
    at: ['Paginacion', PAGE],
  },
  'ECF-PAG-03': {
    ...TOTALS,
    source: `${FE}, p. 26`,
    message: 'Las páginas suman {sum} y MontoTotal es {total}.',
    cause:
      'Algún subtotal de página se calculó aparte, o no se repartieron los descuentos globales.',
    fix: 'Corrija los subtotales de página u omítalos.',
    at: ['Paginacion', `${PAGE}/MontoSubtotalPagina`],
  },
  'ECF-EXP-01': {
    ...WARNING,
    source: `${FE}, p. 17`,
    dgii: 'unknown',
    message: 'TotalCif es {stated}; sus componentes suman {computed}.',
    cause: 'Falta un componente del valor CIF, o el total se escribió a mano.',
    fix: 'Corrija TotalCif: es FOB más seguro, flete y otros gastos.',
    at: [`${MORE}/TotalCif`],
    formats: ['46'],
  },
  'ECF-TOT-14': {
    ...DOUBTFUL,
    source: `${FE}, sección Totales`,
    message: 'Falta {field}: hay líneas a esa tasa.',
    cause: 'Junto al monto gravado de cada tasa va la tasa misma.',
    fix: 'Agregue {field} con {expected}, u omita los totales: se calculan.',
    at: [`${TOTALES}/ITBIS1`, `${TOTALES}/ITBIS2`, `${TOTALES}/ITBIS3`],
  },
  'ECF-TOT-15': {
    ...RULE,
    source: `${FE}, Tabla I`,
    message: 'La tasa del impuesto {code} es {stated}; la legal es {expected}.',
    cause: 'La tasa se tomó de otro impuesto, o se escribió como fracción (0.10 por 10).',
    fix: 'Omita TasaImpuestoAdicional, o indique {expected}.',
    at: [`${TAX}/TasaImpuestoAdicional`],
  },
  'ECF-TOT-16': {
    ...RULE,
    source: `${FE}, pp. 22-26`,
    message: 'El monto del impuesto {code} no va en {field}.',
    cause:
      'Cada código usa uno de tres campos: específico (006-022), ad valorem (023-039) u otros (001-005).',
    fix: 'Póngalo en {expected}.',
    at: [
      `${TAX}/MontoImpuestoSelectivoConsumoEspecifico`,
      `${TAX}/MontoImpuestoSelectivoConsumoAdvalorem`,
      `${TAX}/OtrosImpuestosAdicionales`,
    ],
  },
  'ECF-TOT-17': {
    ...DOUBTFUL,
    source: `${FE}, pp. 22-26`,
    message: 'El impuesto {code} está dos veces en los totales.',
    cause: 'La tabla lleva un renglón por código, con la suma de todas sus líneas.',
    fix: 'Junte los renglones de ese código en uno.',
    at: [`${TAX}/TipoImpuesto`],
  },
  'ECF-OTM-03': {
    ...TOTALS,
    source: `${FE}, p. 44`,
    message: 'MontoItemOtraMoneda de la línea {line} es {stated}; se esperaba {computed}.',
    cause: 'No es MontoItem entre TipoCambio, ni precio por cantidad en la otra moneda.',
    fix: 'Corrija OtraMonedaDetalle u omítalo: se calcula.',
    at: [`${ITEM}/OtraMonedaDetalle/MontoItemOtraMoneda`],
  },
  'ECF-PAG-04': {
    ...DOUBTFUL,
    source: `${FE}, sección Paginación`,
    message: 'Falta TotalPaginas y hay {count} páginas.',
    cause: 'Un documento dividido en páginas dice cuántas son.',
    fix: 'Indique TotalPaginas, u omita la numeración: se calcula.',
    at: [`${ID}/TotalPaginas`],
  },
  'ECF-PAG-05': {
    ...HINT,
    source: `${FE}, p. 26`,
    message: '{field} suma {sum} en las páginas y {total} en los totales.',
    cause: 'Un subtotal de página se calculó aparte, o no se repartieron los descuentos globales.',
    fix: 'Corrija los subtotales de página u omítalos: se calculan.',
    at: [
      'SubtotalMontoGravadoPagina',
      'SubtotalExentoPagina',
      'SubtotalItbisPagina',
      'SubtotalImpuestoAdicionalPagina',
      'SubtotalMontoNoFacturablePagina',
    ].map((name) => `${PAGE}/${name}`),
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;
