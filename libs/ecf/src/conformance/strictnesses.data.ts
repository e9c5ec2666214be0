import { TIPOS_ECF, type Format } from '../catalogue/formats.js';

/**
 * Who stands apart, and how: `validator` our format check is stricter than both schemas; `schema`
 * our published schema and the check are stricter than the official one; `official` the official
 * schema errs; `judge` the library that applies the schemas errs.
 */
export type Side = 'validator' | 'schema' | 'official' | 'judge';

/** A deliberate difference from the official schemas. */
export interface Strictness {
  readonly id: StrictnessId;
  readonly formats: readonly Format[] | 'all';
  readonly side: Side;
  /** What differs, why, and where it is written. Spanish, as the report is. */
  readonly what: string;
  readonly why: string;
  readonly source: string;
}

export type StrictnessId =
  | 'etiqueta-vacia'
  | 'fecha-inexistente'
  | 'instruccion-de-proceso'
  | 'elemento-propio-en-la-firma'
  | 'linea-de-anulacion-unica'
  | 'responsable-de-pago'
  | 'tipo-de-otro-formato'
  | 'rnc-de-mas-de-once';

/** Every deliberate difference; anything else the comparison finds is a fault. */
export const STRICTNESSES: readonly Strictness[] = [
  {
    id: 'etiqueta-vacia',
    formats: 'all',
    side: 'validator',
    what: 'Un elemento sin contenido se rechaza aunque su tipo en el esquema lo permita.',
    why: 'La DGII pide no enviar etiquetas vacías y rechaza el documento que las trae.',
    source: 'Descripción Técnica de Facturación Electrónica v1.6, p. 59',
  },
  {
    id: 'fecha-inexistente',
    formats: 'all',
    side: 'validator',
    what: 'Una fecha que no está en el calendario (31-02-2026) se rechaza.',
    why: 'El patrón del esquema solo mira día, mes y año por separado; la fecha no tendría efecto.',
    source: 'Formato e-CF V1.0, campos de fecha (dd-MM-AAAA)',
  },
  {
    id: 'instruccion-de-proceso',
    formats: 'all',
    side: 'validator',
    what: 'Una instrucción de proceso (<?…?>) dentro del documento se rechaza.',
    why: 'El esquema no la ve, pero queda firmada y esconde texto dentro de un valor.',
    source: 'Canonical XML 1.0, §2.3; Formato e-CF V1.0, estructura',
  },
  {
    id: 'elemento-propio-en-la-firma',
    formats: 'all',
    side: 'validator',
    what: 'En el lugar de la firma no puede ir un elemento del propio formato.',
    why: 'El esquema deja ahí cualquier elemento, así que un campo repetido pasaría por firma.',
    source: 'XSD oficiales (xs:any al final); Descripción Técnica v1.6, firma digital',
  },
  {
    id: 'linea-de-anulacion-unica',
    formats: ['ANECF'],
    side: 'schema',
    what: 'Cada Anulacion lleva un solo NoLinea; el esquema oficial admite hasta diez.',
    why: 'El límite de diez es el de las líneas de anulación; dentro de una no significa nada.',
    source: 'Formato Anulación de e-NCF (mayo 2022); ANECF.xsd',
  },
  {
    id: 'responsable-de-pago',
    formats: ['33', '34'],
    side: 'official',
    what: 'ResponsablePago se acepta en las notas; su patrón oficial solo admite textos entre ^ y $.',
    why: 'El patrón está escrito ^…$, que en XML Schema son caracteres y no anclas.',
    source: 'e-CF-33.xsd y e-CF-34.xsd (Alfa20Type); Formato e-CF V1.0, Comprador',
  },
  {
    id: 'tipo-de-otro-formato',
    formats: TIPOS_ECF,
    side: 'validator',
    what: 'TipoeCF decide con qué formato se valida, así que no puede nombrar otro tipo.',
    why: 'Los esquemas de los diez tipos comparten la lista y aceptan cualquiera de sus códigos.',
    source: 'XSD oficiales de e-CF (TipoeCFType); Formato e-CF V1.0, IdDoc',
  },
  {
    id: 'rnc-de-mas-de-once',
    formats: 'all',
    side: 'judge',
    what: 'Un RNC o e-NCF más largo que el mayor permitido se rechaza.',
    why: 'libxml2 confunde la alternativa {11}|{9} y deja pasar textos más largos; XML Schema no.',
    source: 'XML Schema 1.0, parte 2, apéndice F; libxml2 2.x',
  },
];
