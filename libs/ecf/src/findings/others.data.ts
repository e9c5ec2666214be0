import type { FindingDefinition } from './finding.js';
import { DOUBTFUL, HINT, RULE, TOTALS } from './sources.js';

const FR = 'Formato RFCE (ene. 2020)';
const FN = 'Formato Anulación de e-NCF (may. 2022)';
const FAR = 'Formato Acuse de Recibo';
const FAC = 'Formato Aprobación Comercial';

const TOTALES = 'Encabezado/Totales';
const VOIDED = 'DetalleAnulacion/Anulacion';
const RANGE = `${VOIDED}/TablaRangoSecuenciasAnuladaseNCF/Secuencias`;
const RECEIPT = 'DetalleAcusedeRecibo';
const APPROVAL = 'DetalleAprobacionComercial';

/** The documents beside the e-CF: RFCE, ANECF, ARECF, ACECF. */
export const OTHER_FINDINGS = {
  'ECF-RES-01': {
    ...RULE,
    source: FR,
    message: 'MontoTotal ({total}) no es menor que {limit}: esa factura no va por resumen.',
    cause: 'El resumen es de las facturas de consumo menores que ese monto.',
    fix: 'Envíe el e-CF 32 completo.',
    at: [`${TOTALES}/MontoTotal`],
    formats: ['RFCE'],
  },
  'ECF-RES-02': {
    ...TOTALS,
    source: FR,
    message: '{field} es {stated}; sus componentes suman {computed}.',
    cause: 'El resumen no se copió de los totales de la factura firmada.',
    fix: 'Copie los montos del e-CF 32, con dos decimales.',
    at: [`${TOTALES}/MontoGravadoTotal`, `${TOTALES}/TotalITBIS`, `${TOTALES}/MontoTotal`],
    formats: ['RFCE'],
  },
  'ECF-RES-03': {
    ...RULE,
    source: FR,
    message: 'RNCComprador e IdentificadorExtranjero se excluyen.',
    cause: 'El identificador extranjero es para quien no tiene RNC ni cédula.',
    fix: 'Deje solo uno de los dos.',
    at: ['Encabezado/Comprador/IdentificadorExtranjero'],
    formats: ['RFCE'],
  },
  'ECF-RES-04': {
    ...RULE,
    source: FR,
    message: 'El e-NCF «{value}» no es de una factura de consumo.',
    cause: 'El resumen es solo del tipo 32.',
    fix: 'El e-NCF es E32 y diez dígitos.',
    at: ['Encabezado/IdDoc/eNCF'],
    formats: ['RFCE'],
  },
  'ECF-ANU-01': {
    ...RULE,
    source: FN,
    message: 'CantidadeNCFAnulados es {stated}; los rangos suman {computed}.',
    cause: 'La cantidad de cada línea es la suma de sus rangos: hasta − desde + 1.',
    fix: 'Corrija la cantidad de la línea.',
    at: [`${VOIDED}/CantidadeNCFAnulados`],
    formats: ['ANECF'],
  },
  'ECF-ANU-02': {
    ...RULE,
    source: FN,
    message: 'CantidadeNCFAnulados del encabezado es {stated}; las líneas suman {computed}.',
    cause: 'La cantidad del encabezado es la suma de las líneas.',
    fix: 'Corrija la cantidad del encabezado.',
    at: ['Encabezado/CantidadeNCFAnulados'],
    formats: ['ANECF'],
  },
  'ECF-ANU-03': {
    ...RULE,
    source: FN,
    message: '«{value}» no es un e-NCF del tipo {tipo}.',
    cause: 'Los rangos de una línea son de su mismo tipo y serie.',
    fix: 'El e-NCF es E, el tipo {tipo} y diez dígitos, desde 0000000001.',
    at: [`${RANGE}/SecuenciaeNCFDesde`, `${RANGE}/SecuenciaeNCFHasta`],
    formats: ['ANECF'],
  },
  'ECF-ANU-04': {
    ...RULE,
    source: FN,
    message: 'El rango termina ({last}) antes de empezar ({first}).',
    cause: 'Desde y hasta están invertidos.',
    fix: 'Ponga el menor en SecuenciaeNCFDesde.',
    at: [`${RANGE}/SecuenciaeNCFHasta`],
    formats: ['ANECF'],
  },
  'ECF-ANU-05': {
    ...DOUBTFUL,
    source: FN,
    message: 'El rango repite números de otro ({first}).',
    cause: 'Dos rangos del documento se solapan y el mismo número se anularía dos veces.',
    fix: 'Una los rangos o corrija sus límites.',
    at: [`${RANGE}/SecuenciaeNCFDesde`],
    formats: ['ANECF'],
  },
  'ECF-ANU-06': {
    ...DOUBTFUL,
    source: FN,
    message: 'El tipo {tipo} está en más de una línea.',
    cause: 'Cada tipo lleva una sola línea, con todos sus rangos.',
    fix: 'Junte los rangos del tipo {tipo} en una línea.',
    at: [`${VOIDED}/TipoeCF`],
    formats: ['ANECF'],
  },
  'ECF-ANU-07': {
    ...RULE,
    source: FN,
    message: 'NoLinea debe ser {expected}.',
    cause: 'La numeración tiene saltos o no empieza en 1.',
    fix: 'Numere las líneas 1, 2, 3…',
    at: [`${VOIDED}/NoLinea`],
    formats: ['ANECF'],
  },
  'ECF-ACU-01': {
    ...DOUBTFUL,
    source: FAR,
    message: 'El e-CF no se recibió y no se dice por qué.',
    cause: 'Estado 1 lleva CodigoMotivoNoRecibido.',
    fix: 'Indique el motivo: 1 especificación, 2 firma, 3 duplicado, 4 RNC del comprador.',
    at: [`${RECEIPT}/CodigoMotivoNoRecibido`],
    formats: ['ARECF'],
  },
  'ECF-ACU-02': {
    ...DOUBTFUL,
    source: FAR,
    message: 'El e-CF se recibió y se da un motivo de no recibido.',
    cause: 'Estado 0 no lleva CodigoMotivoNoRecibido.',
    fix: 'Quite el motivo, o use Estado 1.',
    at: [`${RECEIPT}/CodigoMotivoNoRecibido`],
    formats: ['ARECF'],
  },
  'ECF-APR-01': {
    ...DOUBTFUL,
    source: FAC,
    message: 'El e-CF se rechaza y no se dice por qué.',
    cause: 'Estado 2 lleva DetalleMotivoRechazo.',
    fix: 'Explique el motivo en DetalleMotivoRechazo (hasta 250 caracteres).',
    at: [`${APPROVAL}/DetalleMotivoRechazo`],
    formats: ['ACECF'],
  },
  'ECF-APR-02': {
    ...HINT,
    source: FAC,
    message: 'El e-CF se acepta y se da un motivo de rechazo.',
    cause: 'Estado 1 no lleva DetalleMotivoRechazo.',
    fix: 'Quite el motivo, o use Estado 2.',
    at: [`${APPROVAL}/DetalleMotivoRechazo`],
    formats: ['ACECF'],
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;
