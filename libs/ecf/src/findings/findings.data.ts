import type { FindingDefinition } from './finding.js';

const FE = 'Formato e-CF V1.0 (oct. 2025)';
const XSD = 'Esquemas XSD de la DGII';
const DT = 'Descripción Técnica v1.6 (jun. 2023)';

/** The format is broken: DGII rejects (Decreto 587-24, art. 17, cause 7) and the number is spent. */
const FORMAT = {
  severity: 'error',
  problem: 'ecf.schema_invalid',
  source: XSD,
  dgii: 'rejects',
  reusesNumber: false,
} as const;

const RULE = { ...FORMAT, problem: 'ecf.rule_failed', source: FE } as const;
const INFO = { severity: 'info', source: FE, dgii: 'accepts', reusesNumber: null } as const;

/** Every finding this library can make. Codes are never reused and never removed. */
export const FINDINGS = {
  'ECF-FMT-01': {
    ...FORMAT,
    message: 'El campo {field} no existe en el formato e-CF.',
    fix: 'Quite {field} o corrija su nombre: debe escribirse como en el XSD, incluso mayúsculas.',
  },
  'ECF-FMT-02': {
    ...FORMAT,
    message: 'El campo {field} no aplica al tipo {tipo}.',
    fix: 'Quite {field}, o emita el tipo de comprobante que lo admite.',
  },
  'ECF-FMT-03': {
    ...FORMAT,
    message: 'Falta {field}, obligatorio en este formato.',
    fix: 'Agregue {field}.',
  },
  'ECF-FMT-04': {
    ...FORMAT,
    source: `${DT}, p. 59`,
    message: '{field} está vacío.',
    fix: 'Omita el campo si no tiene valor: la DGII rechaza etiquetas vacías.',
  },
  'ECF-FMT-05': {
    ...FORMAT,
    message: '{field} aparece {count} veces; el máximo es {max}.',
    fix: 'Reduzca las repeticiones de {field} a {max}.',
  },
  'ECF-FMT-06': {
    ...FORMAT,
    message: '{field} tiene {length} caracteres; el máximo es {max}.',
    fix: 'Acorte el texto a {max} caracteres.',
  },
  'ECF-FMT-07': {
    ...FORMAT,
    message: '«{value}» no es un código válido de {field}.',
    fix: 'Use un código de la tabla {table}: {codes}.',
  },
  'ECF-FMT-08': {
    ...FORMAT,
    message: '{field} no tiene la forma de número exigida: «{value}».',
    fix: 'Escriba hasta {integers} enteros y {decimals} decimales, con punto y sin separador de miles.',
  },
  'ECF-FMT-09': {
    ...FORMAT,
    message: '{field} está fuera de rango: «{value}».',
    fix: 'Use un valor {range}.',
  },
  'ECF-FMT-10': {
    ...FORMAT,
    message: '{field} no es una fecha válida: «{value}».',
    fix: 'Escriba la fecha como {form}.',
  },
  'ECF-FMT-11': {
    ...FORMAT,
    message: '{field} no tiene la forma exigida: «{value}».',
    fix: 'Ajuste el valor a la forma {form}.',
  },
  'ECF-FMT-12': {
    ...FORMAT,
    source: 'API',
    message: 'Se esperaba {expected} en {field}.',
    fix: 'Envíe {expected} en ese lugar del JSON.',
  },
  'ECF-FMT-13': {
    ...FORMAT,
    source: 'API',
    message:
      'El número de {field} tiene más de 15 dígitos significativos y JSON no lo conserva exacto.',
    fix: 'Envíe {field} como texto, entre comillas.',
  },
  'ECF-FMT-14': {
    ...FORMAT,
    source: `${FE}, tipos de dato`,
    message: '{field} es negativo: «{value}».',
    fix: 'Envíe el monto sin signo; las devoluciones y rebajas se emiten con nota de crédito.',
  },
  'ECF-FMT-15': {
    ...INFO,
    source: 'API',
    message: '{field} lo pone la plataforma; el valor enviado se descartó.',
    fix: 'No envíe {field}.',
  },
  'ECF-FMT-16': {
    ...FORMAT,
    message: 'Falta TipoeCF o no es un tipo de e-CF: «{value}».',
    fix: 'Indique Encabezado.IdDoc.TipoeCF: 31, 32, 33, 34, 41, 43, 44, 45, 46 o 47.',
  },
  'ECF-FMT-17': {
    ...FORMAT,
    message: '{field} está fuera de orden o repetido.',
    fix: 'Escriba los elementos una vez y en el orden del XSD.',
  },
  'ECF-FMT-18': {
    ...FORMAT,
    source: `${DT}, p. 5`,
    message: '{field} lleva contenido que el formato no admite ({what}).',
    fix: 'Quite atributos y textos sueltos: solo se admiten los elementos del XSD.',
  },
  'ECF-DEF-01': {
    ...INFO,
    message: 'No se indicó {field}; se asumió {value} ({meaning}).',
    fix: 'Indique {field} si corresponde otro valor.',
  },
  'ECF-DEF-02': {
    ...INFO,
    source: `${XSD}, tipo 32`,
    message: 'No se indicó comprador; se puso «{name}», porque el esquema exige la sección.',
    fix: 'Indique RNCComprador o RazonSocialComprador si conoce al comprador.',
  },
  'ECF-DEF-03': {
    ...INFO,
    severity: 'warning',
    source: `${FE}, Tabla I`,
    dgii: 'rejects',
    reusesNumber: false,
    message:
      'No se indicó la tasa del impuesto {code}; se usó {rate}, que se indexa cada trimestre.',
    fix: 'Indique TasaImpuestoAdicional con la tasa vigente en la fecha de emisión.',
  },
  'ECF-EMI-01': {
    ...RULE,
    message: 'RNCEmisor {stated} no es el de la empresa ({own}).',
    fix: 'Omita RNCEmisor o use la credencial de la empresa emisora.',
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;

export type FindingCode = keyof typeof FINDINGS;
