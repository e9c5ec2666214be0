import type { FindingDefinition } from './finding.js';

const FE = 'Formato e-CF V1.0 (oct. 2025)';
const XSD = 'Esquemas XSD de la DGII';
const IT = 'Informe Técnico e-CF v1.0 (ago. 2022)';
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
/** Beyond tolerance DGII accepts with conditions (Informe Técnico v1.0, p. 20). */
const TOTALS = {
  ...RULE,
  problem: 'ecf.totals_mismatch',
  dgii: 'conditional',
  reusesNumber: null,
} as const;
const WARNING = {
  severity: 'warning',
  source: FE,
  dgii: 'accepts',
  reusesNumber: null,
} as const;
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
  'ECF-FMT-19': {
    ...RULE,
    source: `${DT}, p. 59`,
    message: '{field} no contiene nada.',
    fix: 'Omita {field}: la DGII rechaza etiquetas vacías.',
  },
  'ECF-TXT-01': {
    ...FORMAT,
    source: 'XML 1.0, §2.2',
    reusesNumber: true,
    message: '{field} contiene un carácter que XML no admite ({character}, posición {position}).',
    fix: 'Quite los caracteres de control o dañados del texto.',
  },
  'ECF-TXT-02': {
    ...WARNING,
    source: 'Codificación',
    dgii: 'accepts',
    message: '{field} parece tener letras dañadas por la codificación: «{value}».',
    fix: 'Envíe el texto en UTF-8; revise tildes y eñes en el sistema de origen.',
  },
  'ECF-TXT-03': {
    ...WARNING,
    source: 'Codificación',
    dgii: 'accepts',
    message: '{field} comienza o termina con espacios.',
    fix: 'Quite los espacios de los extremos.',
  },
  'ECF-FEC-01': {
    ...RULE,
    message: '{field} no existe en el calendario: «{value}».',
    fix: 'Corrija el día o el mes.',
  },
  'ECF-RNC-01': {
    ...RULE,
    problem: 'ecf.rnc_invalid',
    source: XSD,
    message: '{field} no tiene forma de RNC ni de cédula: «{value}».',
    fix: 'Escriba 9 dígitos (RNC) u 11 (cédula), sin guiones y con los ceros iniciales.',
  },
  'ECF-RNC-02': {
    ...WARNING,
    source: 'Padrón de contribuyentes',
    dgii: 'unknown',
    message: 'El dígito verificador de {rnc} no corresponde.',
    fix: 'Verifique el número en la consulta de RNC de la DGII; algunos válidos no cumplen.',
  },
  'ECF-ENC-01': {
    ...RULE,
    source: `${FE}, sección IdDoc`,
    message: 'El e-NCF «{value}» no corresponde al tipo {tipo}.',
    fix: 'El e-NCF es E, el tipo {tipo} y diez dígitos.',
  },
  'ECF-ENC-02': {
    ...RULE,
    source: `${FE}, sección IdDoc`,
    message: 'Falta FechaLimitePago en una operación a crédito.',
    fix: 'Indique FechaLimitePago, o TipoPago 1 si es de contado.',
  },
  'ECF-ENC-03': {
    ...RULE,
    source: `${FE}, sección IdDoc`,
    message: 'FechaLimitePago es anterior a la emisión ({issued}).',
    fix: 'Corrija FechaLimitePago: debe ser igual o posterior a FechaEmision.',
  },
  'ECF-ENC-04': {
    ...RULE,
    source: `${FE}, sección IdDoc`,
    message: 'FechaHasta es anterior a FechaDesde.',
    fix: 'Corrija el período facturado.',
  },
  'ECF-ENC-05': {
    ...RULE,
    source: `${FE}, p. 9`,
    message: 'La forma de pago 5 (bonos o certificados) solo existe en el tipo 32.',
    fix: 'Use otra forma de pago.',
  },
  'ECF-ENC-06': {
    ...WARNING,
    source: `${FE}, sección IdDoc`,
    message: 'IndicadorMontoGravado sobra: ninguna línea está gravada con ITBIS.',
    fix: 'Omita IndicadorMontoGravado.',
  },
  'ECF-ENC-07': {
    ...RULE,
    source: 'Decreto 587-24, art. 17',
    reusesNumber: true,
    message: 'La secuencia venció el {expires}, antes de la firma ({signed}).',
    fix: 'Use un e-NCF de una secuencia vigente.',
  },
  'ECF-ENC-08': {
    ...WARNING,
    source: `${FE}, p. 59`,
    dgii: 'unknown',
    message: 'FechaEmision ({issued}) es posterior a la firma ({signed}).',
    fix: 'Emita con la fecha del día.',
  },
  'ECF-ENC-09': {
    ...WARNING,
    source: `${FE}, sección IdDoc`,
    message: 'TipoPago 3 (gratuito) no da derecho a crédito fiscal.',
    fix: 'Confirme que la operación es gratuita.',
  },
  'ECF-COM-01': {
    ...RULE,
    source: `${FE}, pp. 13-14`,
    message: 'RNCComprador e IdentificadorExtranjero se excluyen.',
    fix: 'Deje solo uno de los dos.',
  },
  'ECF-COM-02': {
    ...RULE,
    source: `${FE}, pp. 13-14`,
    message: 'Desde {limit} el comprador debe identificarse.',
    fix: 'Indique RNCComprador, o IdentificadorExtranjero si es extranjero sin RNC ni cédula.',
  },
  'ECF-COM-03': {
    ...RULE,
    source: `${FE}, pp. 13-14`,
    message: 'Desde {limit} hace falta el nombre del comprador.',
    fix: 'Indique RazonSocialComprador.',
  },
  'ECF-COM-04': {
    ...RULE,
    source: `${FE}, notas 6, 8 y 9`,
    message: 'El tipo 44 identifica al comprador.',
    fix: 'Indique RNCComprador, o IdentificadorExtranjero si es diplomático extranjero.',
  },
  'ECF-COM-05': {
    ...WARNING,
    source: `${FE}, pp. 13-14`,
    dgii: 'unknown',
    message: 'La nota modifica {modified}, que identifica a su comprador, y no lo identifica.',
    fix: 'Indique el mismo RNCComprador del comprobante modificado.',
  },
  'ECF-LIN-01': {
    ...RULE,
    source: `${FE}, pp. 36-45`,
    message: 'NumeroLinea debe ser {expected}.',
    fix: 'Numere las líneas 1, 2, 3… u omita NumeroLinea.',
  },
  'ECF-LIN-02': {
    ...RULE,
    source: `${FE}, notas 50, 51 y 54`,
    message: 'El tipo {tipo} solo admite IndicadorFacturacion {only}; tiene {value}.',
    fix: 'Use {only}, o emita otro tipo de comprobante.',
  },
  'ECF-LIN-03': {
    ...RULE,
    source: `${FE}, pp. 36-45`,
    message: 'El tipo 47 solo ampara servicios.',
    fix: 'Use IndicadorBienoServicio 2.',
  },
  'ECF-LIN-04': {
    ...RULE,
    source: `${FE}, pp. 36-45`,
    message: '{total} no tiene su detalle.',
    fix: 'Agregue {table}, o quite {total}.',
  },
  'ECF-LIN-05': {
    ...RULE,
    source: `${FE}, pp. 36-45`,
    message: 'Falta {field} en el detalle.',
    fix: 'Agregue {field}.',
  },
  'ECF-LIN-06': {
    ...TOTALS,
    source: `${FE}, pp. 36-45`,
    dgii: 'rejects',
    reusesNumber: false,
    message: '{field} es {stated}, y su detalle suma {computed}.',
    fix: 'Haga que {field} sea la suma de su detalle, u omítalo.',
  },
  'ECF-LIN-07': {
    ...TOTALS,
    source: `${FE}, pp. 36-45`,
    message: 'El monto {stated} no corresponde al porcentaje: debe ser {computed}.',
    fix: 'Corrija el monto u omítalo: se calcula del porcentaje.',
  },
  'ECF-LIN-10': {
    ...RULE,
    source: `${FE}, pp. 36-45`,
    message: 'Una línea exenta no tiene ITBIS que retener.',
    fix: 'Indique 0.00 en MontoITBISRetenido.',
  },
  'ECF-LIN-11': {
    ...RULE,
    source: `${FE}, notas 22 y 56 a 60`,
    message: 'El impuesto {code} necesita {field} en la línea.',
    fix: 'Agregue {field}.',
  },
  'ECF-LIN-12': {
    ...WARNING,
    source: `${FE}, pp. 22-26`,
    dgii: 'unknown',
    message: 'El impuesto {code} va acompañado del {pair} en la misma línea.',
    fix: 'Agregue el código {pair}, si la línea está sujeta a ambos.',
  },
  'ECF-LIN-13': {
    ...RULE,
    source: `${FE}, sección Totales`,
    message: 'El tipo 44 no admite el impuesto {code}.',
    fix: 'En el tipo 44 solo caben los impuestos 001 a 005.',
  },
  'ECF-TOT-01': {
    ...TOTALS,
    source: `${FE}, pp. 36-45`,
    message: 'MontoItem de la línea {line} es {stated}; precio por cantidad da {computed}.',
    fix: 'Corrija MontoItem u omítalo: se calcula.',
  },
  'ECF-TOT-02': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-03': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-04': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-05': {
    ...TOTALS,
    source: `${FE}, pp. 22-26`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-06': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-07': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-08': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-09': {
    ...TOTALS,
    source: `${FE}, p. 27`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-10': {
    ...TOTALS,
    source: `${FE}, sección Totales`,
    message: '{field} es {stated}; según las líneas es {computed} (tolerancia {tolerance}).',
    fix: 'Corrija {field} u omítalo: se calcula de las líneas.',
  },
  'ECF-TOT-11': {
    ...RULE,
    source: `${FE}, sección Totales`,
    message: '{field} es {value}; la tasa vigente es {expected}.',
    fix: 'Omita {field}, o indique {expected}.',
  },
  'ECF-TOT-12': {
    ...TOTALS,
    source: `${FE}, pp. 22-26`,
    dgii: 'rejects',
    reusesNumber: false,
    message: 'El impuesto {code} suma {computed} en las líneas; los totales dicen {stated}.',
    fix: 'Corrija {field} de ese código u omítalo: se calcula.',
  },
  'ECF-TOT-13': {
    ...RULE,
    source: `${FE}, pp. 22-26`,
    message: 'El impuesto {code} está en los totales y en ninguna línea.',
    fix: 'Agregue el código a sus líneas, o quítelo de los totales.',
  },
  'ECF-DRG-01': {
    ...RULE,
    source: `${FE}, pp. 49-50`,
    message: 'Falta {field} en el descuento o recargo global.',
    fix: 'Agregue {field}.',
  },
  'ECF-DRG-02': {
    ...RULE,
    source: `${FE}, pp. 49-50`,
    message: 'El descuento de la Norma 10-07 exige montos con ITBIS incluido.',
    fix: 'Use IndicadorMontoGravado 1, o quite IndicadorNorma1007.',
  },
  'ECF-DRG-03': {
    ...RULE,
    source: `${FE}, pp. 49-50`,
    message: 'Los descuentos globales superan el monto de sus líneas.',
    fix: 'Reduzca el descuento: ningún total puede ser negativo.',
  },
  'ECF-DRG-04': {
    ...WARNING,
    source: `${FE}, pp. 49-50`,
    dgii: 'unknown',
    message: 'Con impuestos adicionales, los ajustes globales se expresan en porcentaje.',
    fix: 'Use TipoValor % con su valor y su monto.',
  },
  'ECF-NOT-01': {
    ...FORMAT,
    source: `${FE}, p. 57`,
    message: 'Falta InformacionReferencia: la nota no dice qué comprobante modifica.',
    fix: 'Agregue InformacionReferencia con NCFModificado, FechaNCFModificado y CodigoModificacion.',
  },
  'ECF-NOT-02': {
    ...RULE,
    source: `${FE}, p. 58`,
    message: 'CodigoModificacion {value} no aplica al tipo {tipo}.',
    fix: 'Use uno de: {allowed}.',
  },
  'ECF-NOT-03': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'NCFModificado «{value}» no tiene forma de NCF ni de e-NCF.',
    fix: 'Escriba un e-NCF (13), un NCF de la serie B (11) o uno anterior (19).',
  },
  'ECF-NOT-04': {
    ...RULE,
    source: 'Validaciones de notas vigentes desde 23-09-2025',
    message: 'Una nota no modifica otra nota ({value}).',
    fix: 'Refiera la nota al comprobante original.',
  },
  'ECF-NOT-05': {
    ...RULE,
    source: `${FE}, p. 8`,
    message: 'IndicadorNotaCredito es {stated}; por las fechas corresponde {computed}.',
    fix: 'Omita IndicadorNotaCredito: se calcula de las fechas.',
  },
  'ECF-NOT-06': {
    ...WARNING,
    source: `${IT}, p. 17`,
    dgii: 'unknown',
    message: 'Pasados 30 días la nota de crédito no devuelve ITBIS.',
    fix: 'Emita las líneas sin ITBIS.',
  },
  'ECF-NOT-07': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'El comprobante modificado es posterior a este documento.',
    fix: 'Corrija FechaNCFModificado.',
  },
  'ECF-NOT-08': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'El documento se refiere a sí mismo.',
    fix: 'Indique en NCFModificado el comprobante original.',
  },
  'ECF-NOT-09': {
    ...RULE,
    source: `${FE}, p. 57`,
    message: 'Falta {field} en InformacionReferencia.',
    fix: 'Agregue {field}.',
  },
  'ECF-NOT-10': {
    ...RULE,
    source: `${FE}, p. 58`,
    message: 'El reemplazo por contingencia va a un {paper}; {value} es de otro tipo.',
    fix: 'Emita el tipo equivalente al NCF reemplazado.',
  },
  'ECF-PAG-01': {
    ...RULE,
    source: `${FE}, sección Paginación`,
    message: 'TotalPaginas es {stated} y hay {count} páginas.',
    fix: 'Omita TotalPaginas: se calcula.',
  },
  'ECF-PAG-02': {
    ...RULE,
    source: `${FE}, sección Paginación`,
    message: 'Las páginas no cubren las líneas en orden y sin saltos.',
    fix: 'Numere las páginas desde 1 y sus líneas de corrido.',
  },
  'ECF-PAG-03': {
    ...TOTALS,
    source: `${FE}, p. 26`,
    message: 'Las páginas suman {sum} y MontoTotal es {total}.',
    fix: 'Corrija los subtotales de página u omítalos.',
  },
  'ECF-OTM-01': {
    ...RULE,
    source: `${FE}, sección OtraMoneda`,
    message: 'Falta {field} en OtraMoneda.',
    fix: 'Agregue {field}.',
  },
  'ECF-OTM-02': {
    ...TOTALS,
    source: `${FE}, sección OtraMoneda`,
    message: 'MontoTotalOtraMoneda es {stated}; MontoTotal entre TipoCambio da {computed}.',
    fix: 'Corrija el monto u omítalo: se calcula.',
  },
  'ECF-EXP-01': {
    ...WARNING,
    source: `${FE}, p. 17`,
    dgii: 'unknown',
    message: 'TotalCif es {stated}; sus componentes suman {computed}.',
    fix: 'Corrija TotalCif: es FOB más seguro, flete y otros gastos.',
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;

export type FindingCode = keyof typeof FINDINGS;
