import type { FindingDefinition } from './finding.js';
import { DOUBTFUL, FE, FORMAT, HINT, IT, RULE, WARNING } from './sources.js';

const ID = 'Encabezado/IdDoc';
const TOTALES = 'Encabezado/Totales';
const REFERENCE = 'InformacionReferencia';

/** Notes and references. */
export const NOTE_FINDINGS = {
  'ECF-NOT-01': {
    ...FORMAT,
    source: `${FE}, p. 57`,
    message: 'Falta InformacionReferencia: la nota no dice qué comprobante modifica.',
    cause: 'Una nota siempre modifica un comprobante, y el formato exige decir cuál.',
    fix: 'Agregue InformacionReferencia con NCFModificado, FechaNCFModificado y CodigoModificacion.',
    at: [REFERENCE],
    formats: ['33', '34'],
  },
  'ECF-NOT-02': {
    ...RULE,
    source: `${FE}, p. 58`,
    message: 'CodigoModificacion {value} no aplica al tipo {tipo}.',
    cause:
      'El código dice qué hace la nota, y cada tipo admite solo algunos: anular es de la nota de crédito.',
    fix: 'Use uno de: {allowed}.',
    at: [`${REFERENCE}/CodigoModificacion`],
  },
  'ECF-NOT-03': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'NCFModificado «{value}» no tiene forma de NCF ni de e-NCF.',
    cause: 'El número está incompleto o no es de un comprobante fiscal.',
    fix: 'Escriba un e-NCF (13), un NCF de la serie B (11) o uno anterior (19).',
    at: [`${REFERENCE}/NCFModificado`],
  },
  'ECF-NOT-04': {
    ...RULE,
    source: 'Validaciones de notas vigentes desde 23-09-2025',
    message: 'Una nota no modifica otra nota ({value}).',
    cause: 'Desde el 23-09-2025 las notas refieren siempre al comprobante original.',
    fix: 'Refiera la nota al comprobante original.',
    at: [`${REFERENCE}/NCFModificado`],
    formats: ['33', '34'],
  },
  'ECF-NOT-05': {
    ...RULE,
    source: `${FE}, p. 8`,
    message: 'IndicadorNotaCredito es {stated}; por las fechas corresponde {computed}.',
    cause:
      'El indicador no corresponde a los días entre el comprobante y la nota: 0 hasta 30 días, 1 después.',
    fix: 'Omita IndicadorNotaCredito: se calcula de las fechas.',
    at: [`${ID}/IndicadorNotaCredito`],
    formats: ['34'],
  },
  'ECF-NOT-06': {
    ...WARNING,
    source: `${IT}, p. 17`,
    dgii: 'unknown',
    message: 'Pasados 30 días la nota de crédito no devuelve ITBIS.',
    cause: 'El plazo para devolver el ITBIS es de 30 días (Reglamento 293-11, arts. 8 y 28).',
    fix: 'Emita las líneas sin ITBIS.',
    at: [`${TOTALES}/TotalITBIS`],
    formats: ['34'],
  },
  'ECF-NOT-07': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'El comprobante modificado es posterior a este documento.',
    cause: 'La fecha del comprobante modificado está mal, o es la de otro.',
    fix: 'Corrija FechaNCFModificado.',
    at: [`${REFERENCE}/FechaNCFModificado`],
  },
  'ECF-NOT-08': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'El documento se refiere a sí mismo.',
    cause: 'En NCFModificado se puso el número del propio documento.',
    fix: 'Indique en NCFModificado el comprobante original.',
    at: [`${REFERENCE}/NCFModificado`],
  },
  'ECF-NOT-09': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'Falta {field} en InformacionReferencia.',
    cause: 'La referencia está incompleta.',
    fix: 'Agregue {field}.',
    at: [
      `${REFERENCE}/NCFModificado`,
      `${REFERENCE}/FechaNCFModificado`,
      `${REFERENCE}/CodigoModificacion`,
    ],
  },
  'ECF-NOT-10': {
    ...RULE,
    source: `${FE}, p. 58`,
    message: 'El reemplazo por contingencia va a un {paper}; {value} es de otro tipo.',
    cause: 'Un NCF de papel se reemplaza con el e-CF equivalente (B01 con 31, B02 con 32, …).',
    fix: 'Emita el tipo equivalente al NCF reemplazado.',
    at: [`${REFERENCE}/NCFModificado`],
  },
  'ECF-NOT-11': {
    ...DOUBTFUL,
    source: `${FE}, p. 58`,
    message: 'La nota corrige texto (código 2) y suma {total}.',
    cause: 'Una corrección de texto no mueve montos: su línea es no facturable y su total, cero.',
    fix: 'Use IndicadorFacturacion 0 en la línea, o CodigoModificacion 3 si cambia montos.',
    at: [`${REFERENCE}/CodigoModificacion`],
    formats: ['33', '34'],
  },
  'ECF-NOT-12': {
    ...HINT,
    source: `${FE}, p. 57`,
    message: 'RNCOtroContribuyente es el propio emisor.',
    cause: 'El campo nombra a otro contribuyente (fusionado o disuelto) que emitió el comprobante.',
    fix: 'Omita RNCOtroContribuyente si el comprobante es de la misma empresa.',
    at: [`${REFERENCE}/RNCOtroContribuyente`],
  },
  'ECF-NOT-13': {
    ...DOUBTFUL,
    source: `${FE}, p. 58`,
    message: 'El código 5 refiere a una factura de consumo; {value} no lo es.',
    cause: 'El código 5 cambia una factura de consumo por una de crédito fiscal.',
    fix: 'Indique el e-NCF (E32…) de la factura de consumo.',
    at: [`${REFERENCE}/NCFModificado`],
    formats: ['31'],
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;
