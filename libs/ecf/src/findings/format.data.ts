import type { FindingDefinition } from './finding.js';
import { DT, FE, FORMAT, INFO, RULE, WARNING, XSD } from './sources.js';

const ID = 'Encabezado/IdDoc';
const BUYER = 'Encabezado/Comprador';
const ITEM = 'DetallesItems/Item';

/** Format of any field, defaults, texts. */
export const FORMAT_FINDINGS = {
  'ECF-FMT-01': {
    ...FORMAT,
    message: 'El campo {field} no existe en el formato e-CF.',
    cause:
      'El nombre está mal escrito, o es un dato propio del sistema de origen que el e-CF no lleva.',
    fix: 'Quite {field} o corrija su nombre: debe escribirse como en el XSD, incluso mayúsculas.',
  },
  'ECF-FMT-02': {
    ...FORMAT,
    message: 'El campo {field} no aplica al tipo {tipo}.',
    cause: 'El campo es de otro tipo de comprobante: cada tipo tiene su propia lista de campos.',
    fix: 'Quite {field}, o emita el tipo de comprobante que lo admite.',
  },
  'ECF-FMT-03': {
    ...FORMAT,
    message: 'Falta {field}, obligatorio en este formato.',
    cause: 'El campo no vino en la solicitud y no se puede deducir de los demás.',
    fix: 'Agregue {field}.',
  },
  'ECF-FMT-04': {
    ...FORMAT,
    source: `${DT}, p. 59`,
    message: '{field} está vacío.',
    cause: 'El sistema de origen envía todos los campos, también los que no tienen valor.',
    fix: 'Omita el campo si no tiene valor: la DGII rechaza etiquetas vacías.',
  },
  'ECF-FMT-05': {
    ...FORMAT,
    message: '{field} aparece {count} veces; el máximo es {max}.',
    cause: 'La lista excede lo que el esquema admite en ese lugar.',
    fix: 'Reduzca las repeticiones de {field} a {max}.',
  },
  'ECF-FMT-06': {
    ...FORMAT,
    message: '{field} tiene {length} caracteres; el máximo es {max}.',
    cause: 'El texto es más largo que el campo del formato.',
    fix: 'Acorte el texto a {max} caracteres.',
  },
  'ECF-FMT-07': {
    ...FORMAT,
    message: '«{value}» no es un código válido de {field}.',
    cause: 'El valor no está en la tabla de códigos, o perdió sus ceros a la izquierda.',
    fix: 'Use un código de la tabla {table}: {codes}.',
  },
  'ECF-FMT-08': {
    ...FORMAT,
    message: '{field} no tiene la forma de número exigida: «{value}».',
    cause:
      'El número trae separador de miles, coma decimal, símbolo de moneda o demasiados decimales.',
    fix: 'Escriba hasta {integers} enteros y {decimals} decimales, con punto y sin separador de miles.',
  },
  'ECF-FMT-09': {
    ...FORMAT,
    message: '{field} está fuera de rango: «{value}».',
    cause: 'El número está bien escrito, pero el formato no admite ese valor (por ejemplo, cero).',
    fix: 'Use un valor {range}.',
  },
  'ECF-FMT-10': {
    ...FORMAT,
    message: '{field} no es una fecha válida: «{value}».',
    cause: 'La fecha está en otro orden (como año-mes-día) o le faltan los guiones.',
    fix: 'Escriba la fecha como {form}.',
  },
  'ECF-FMT-11': {
    ...FORMAT,
    message: '{field} no tiene la forma exigida: «{value}».',
    cause: 'El texto no tiene la forma fija que el esquema exige en ese campo.',
    fix: 'Ajuste el valor a la forma {form}.',
  },
  'ECF-FMT-12': {
    ...FORMAT,
    source: 'API',
    message: 'Se esperaba {expected} en {field}.',
    cause:
      'El JSON no tiene la misma estructura que el XML: hay un texto donde va un objeto, o al revés.',
    fix: 'Envíe {expected} en ese lugar del JSON.',
  },
  'ECF-FMT-13': {
    ...FORMAT,
    source: 'API',
    message:
      'El número de {field} tiene más de 15 dígitos significativos y JSON no lo conserva exacto.',
    cause:
      'JSON guarda los números en binario: a partir del dígito 16 ya no es lo que se escribió.',
    fix: 'Envíe {field} como texto, entre comillas.',
  },
  'ECF-FMT-14': {
    ...FORMAT,
    source: `${FE}, tipos de dato`,
    message: '{field} es negativo: «{value}».',
    cause: 'El sistema de origen expresa la devolución o rebaja con signo negativo.',
    fix: 'Envíe el monto sin signo; las devoluciones y rebajas se emiten con nota de crédito.',
  },
  'ECF-FMT-15': {
    ...INFO,
    source: 'API',
    message: '{field} lo pone la plataforma; el valor enviado se descartó.',
    cause: 'La firma y su hora se ponen al firmar; las de la solicitud no servirían.',
    fix: 'No envíe {field}.',
    at: ['FechaHoraFirma'],
  },
  'ECF-FMT-16': {
    ...FORMAT,
    message: 'Falta TipoeCF o no es un tipo de e-CF: «{value}».',
    cause: 'Sin el tipo no se sabe qué campos lleva el documento.',
    fix: 'Indique Encabezado.IdDoc.TipoeCF: 31, 32, 33, 34, 41, 43, 44, 45, 46 o 47.',
    at: [`${ID}/TipoeCF`],
  },
  'ECF-FMT-17': {
    ...FORMAT,
    message: '{field} está fuera de orden o repetido.',
    cause: 'El esquema fija el orden de los elementos y cuántas veces va cada uno.',
    fix: 'Escriba los elementos una vez y en el orden del XSD.',
  },
  'ECF-FMT-18': {
    ...FORMAT,
    source: `${DT}, p. 5`,
    message: '{field} lleva contenido que el formato no admite ({what}).',
    cause:
      'El XML trae atributos, comentarios o texto entre elementos; las etiquetas del e-CF no llevan ninguno.',
    fix: 'Quite atributos y textos sueltos: solo se admiten los elementos del XSD.',
  },
  'ECF-FMT-19': {
    ...RULE,
    source: `${DT}, p. 59`,
    message: '{field} no contiene nada.',
    cause: 'Se envió la sección sin ningún campo dentro.',
    fix: 'Omita {field}: la DGII rechaza etiquetas vacías.',
  },
  'ECF-TXT-01': {
    ...FORMAT,
    source: 'XML 1.0, §2.2',
    reusesNumber: true,
    message: '{field} contiene un carácter que XML no admite ({character}, posición {position}).',
    cause:
      'El texto se copió de un lector, una hoja de cálculo o una base de datos con caracteres de control.',
    fix: 'Quite los caracteres de control o dañados del texto.',
  },
  'ECF-TXT-02': {
    ...WARNING,
    source: 'Codificación',
    dgii: 'accepts',
    message: '{field} parece tener letras dañadas por la codificación: «{value}».',
    cause:
      'El texto pasó por un sistema que lo leyó con otra codificación (Windows-1252, CP437) y perdió tildes o eñes.',
    fix: 'Envíe el texto en UTF-8; revise tildes y eñes en el sistema de origen.',
  },
  'ECF-TXT-03': {
    ...WARNING,
    source: 'Codificación',
    dgii: 'accepts',
    message: '{field} comienza o termina con espacios.',
    cause: 'El campo del sistema de origen es de ancho fijo y se rellena con espacios.',
    fix: 'Quite los espacios de los extremos.',
  },
  'ECF-FEC-01': {
    ...RULE,
    message: '{field} no existe en el calendario: «{value}».',
    cause: 'El esquema solo mira la forma; ese día no existe en ese mes.',
    fix: 'Corrija el día o el mes.',
  },
  'ECF-DEF-01': {
    ...INFO,
    message: 'No se indicó {field}; se asumió {value} ({meaning}).',
    cause: 'El campo es obligatorio y tiene un valor usual; se tomó ese.',
    fix: 'Indique {field} si corresponde otro valor.',
    at: [`${ID}/TipoIngresos`, `${ID}/TipoPago`, `${ITEM}/IndicadorBienoServicio`],
  },
  'ECF-DEF-02': {
    ...INFO,
    source: `${XSD}, tipo 32`,
    message: 'No se indicó comprador; se puso «{name}», porque el esquema exige la sección.',
    cause: 'El tipo 32 puede no tener comprador, pero su esquema exige la sección Comprador.',
    fix: 'Indique RNCComprador o RazonSocialComprador si conoce al comprador.',
    at: [BUYER],
    formats: ['32'],
  },
  'ECF-DEF-03': {
    ...INFO,
    severity: 'warning',
    source: `${FE}, Tabla I`,
    dgii: 'rejects',
    reusesNumber: false,
    message:
      'No se indicó la tasa del impuesto {code}; se usó {rate}, que se indexa cada trimestre.',
    cause:
      'Los montos por litro o por cajetilla se indexan cada trimestre y la tabla puede no ser la vigente.',
    fix: 'Indique TasaImpuestoAdicional con la tasa vigente en la fecha de emisión.',
    at: ['Encabezado/Totales/ImpuestosAdicionales'],
  },
  'ECF-TXT-04': {
    ...WARNING,
    source: 'Codificación',
    message: '{field} contiene texto ya escapado: «{value}».',
    cause:
      'El sistema de origen escribe el texto para HTML o XML antes de enviarlo, y saldría impreso así.',
    fix: 'Envíe el texto como se lee («&», no «&amp;»): el XML se escapa al escribirlo.',
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;
