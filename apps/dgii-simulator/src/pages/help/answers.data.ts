import { z } from 'zod';
import type { AnswerDoc } from './operation-doc.js';

const text = z.string();
const orNull = text.nullable();
const codigo = text.describe(
  '0 No encontrado, 1 Aceptado, 2 Rechazado, 3 En Proceso, 4 Aceptado Condicional',
);
const secuenciaUtilizada = z
  .boolean()
  .describe('false solo tras un rechazo que deja libre el e-NCF');

/** An answer as JSON and, with a root, as XML by `Accept`. */
function data(schema: z.ZodType, description: string, xmlRoot?: string): AnswerDoc[] {
  const json = { status: 200, description, media: 'application/json', schema } as const;
  if (xmlRoot === undefined) return [json];
  return [json, { status: 200, description, media: 'application/xml', schema, xmlRoot }];
}

/** A signed document as the answer. */
export function xmlDocument(root: string, description: string): AnswerDoc[] {
  const schema = text.describe(`Documento XML con raíz ${root}`);
  return [{ status: 200, description, media: 'application/xml', schema, xmlRoot: root }];
}

export const HTML_PAGE: readonly AnswerDoc[] = [
  { status: 200, description: 'Página para personas', media: 'text/html', schema: text },
];

/** DGII tells the reason as a text, which it writes as JSON under text/plain. */
export function refusal(description: string): AnswerDoc {
  const schema = text.describe('Texto entre comillas, como JSON');
  return { status: 400, description, media: 'text/plain', schema };
}

export const EMPTY_200: AnswerDoc = {
  status: 200,
  description: 'Conforme; el cuerpo va vacío.',
  media: 'text/plain',
  schema: text,
};

/** ASP.NET's form of saying that a parameter is missing. */
export const PROBLEM: AnswerDoc = {
  status: 400,
  description: 'Falta un campo o no es válido.',
  media: 'application/problem+json',
  schema: z.strictObject({
    type: text,
    title: text,
    status: z.int(),
    errors: z.record(text, z.array(text)),
  }),
};

export const NO_TOKEN: AnswerDoc = {
  status: 401,
  description: 'Sin autorización, o vencida; el cuerpo va vacío.',
  media: 'text/plain',
  schema: text,
};

/** What is refused before it is opened. */
export const INVALID_FILE: AnswerDoc = {
  status: 400,
  description: 'El archivo o su nombre no es válido.',
  media: 'application/json',
  schema: z.strictObject({
    mensajes: z.array(z.strictObject({ valor: text, codigo: text })),
  }),
};

export const SEMILLA: readonly AnswerDoc[] = [
  {
    status: 200,
    description: 'La semilla, siempre en XML.',
    media: 'application/xml',
    schema: z.strictObject({ valor: text, fecha: text }),
    xmlRoot: 'SemillaModel',
  },
];

export const TOKEN = data(
  z.strictObject({ token: text, expira: text, expedido: text }),
  'El token, que vale una hora.',
  'RespuestaAutenticacion',
);

export const TRACK_ID = data(
  z.strictObject({ trackId: text, error: orNull, mensaje: orNull }),
  'Recibido; el resultado se consulta con el trackId.',
  'RespuestaRecepcion',
);

export const SUMMARY_VERDICT = data(
  z.strictObject({
    codigo: z.int(),
    estado: text,
    mensajes: z.array(z.strictObject({ codigo: text, valor: text })),
    encf: text,
    secuenciaUtilizada,
  }),
  'El resultado, en la misma respuesta.',
  'Respuesta',
);

const numberedMessages = z.array(z.strictObject({ valor: text, codigo: z.int() }));

export const RESULT = data(
  z.strictObject({
    trackId: text,
    codigo,
    estado: text,
    rnc: orNull,
    encf: orNull,
    secuenciaUtilizada,
    fechaRecepcion: orNull.describe('M/d/yyyy h:mm:ss AM, hora dominicana'),
    mensajes: numberedMessages,
  }),
  'El resultado, o No encontrado, o En Proceso.',
  'RespuestaConsultaTrackId',
);

export const STATUS = data(
  z.strictObject({
    codigo: z.int().describe('0 No encontrado, 1 Aceptado, 2 Rechazado'),
    estado: text,
    rncEmisor: text,
    ncfElectronico: text,
    montoTotal: z.number(),
    totalITBIS: z.number(),
    fechaEmision: orNull,
    fechaFirma: orNull,
    rncComprador: orNull,
    codigoSeguridad: orNull,
    idExtranjero: orNull,
  }),
  'El estado del e-NCF, o No encontrado.',
  'RespuestaConsultaEstado',
);

export const TRACK_IDS = data(
  z.array(z.strictObject({ trackId: orNull, estado: text, fechaRecepcion: orNull })),
  'Todos los trackId del e-NCF; uno sin trackId si no hay ninguno.',
  'TrackingDetalle',
);

export const SUMMARY_STATUS = data(
  z.strictObject({
    rnc: text,
    encf: text,
    secuenciaUtilizada,
    codigo,
    estado: text,
    mensajes: numberedMessages,
  }),
  'El estado del resumen, o No encontrado.',
);

export const APPROVAL = data(
  z.strictObject({ mensaje: z.array(text), estado: text, codigo: text.describe('1 o 2') }),
  'Aprobación recibida, o rechazada con su motivo.',
  'RespuestaAprobacionComercial',
);

const voids = z.strictObject({
  rnc: orNull,
  codigo: text.describe('1 o 2'),
  nombre: orNull,
  mensajes: z.array(text),
});

export const VOIDS = data(
  voids,
  'Secuencias anuladas, o el motivo de no anularlas.',
  'RespuestaAnulacionRango',
);

/** Refused before it is opened: the same fields with another status. */
export const VOIDS_REFUSED: readonly AnswerDoc[] = VOIDS.map((answer) => ({
  ...answer,
  status: 400,
  description: 'El archivo no es válido.',
}));

const directoryRow = z.strictObject({
  nombre: text,
  rnc: text,
  urlRecepcion: text,
  urlAceptacion: text,
  urlOpcional: orNull.describe('Dónde autenticarse; null si el receptor no lo pide'),
});

export const DIRECTORY = data(z.array(directoryRow), 'Los receptores.');

export const DIRECTORY_ENTRY = data(
  z.union([directoryRow, z.array(directoryRow)]),
  'El receptor como objeto; lista vacía si no hay.',
);

export const RECEIPT_VERDICT = data(
  z.strictObject({ rnc: text, encf: text, estado: text, mensajes: z.array(text) }),
  'Qué le pareció a la DGII el acuse de recibo.',
  'RespuestaConsultaAcuseRecibo',
);

const availability = z.enum(['Disponible', 'No Disponible']);

export const SERVICE_STATES = data(
  z.array(z.strictObject({ servicio: text, estatus: availability, ambiente: text })),
  'El estatus de cada servicio en cada ambiente.',
);

export const WINDOWS = data(
  z.strictObject({
    ventanaMantenimientos: z.array(
      z.strictObject({
        ambiente: text,
        horaInicio: text,
        horaFin: text,
        dias: z.array(text),
      }),
    ),
  }),
  'Las ventanas de mantenimiento anunciadas.',
);

export const AVAILABILITY = data(
  z.strictObject({ estado: availability }),
  'El estado del ambiente.',
);
