import { z } from 'zod';
import type { Operation } from '../../http/service-map.js';
import type { StatusResource } from '../../http/status-resources.js';
import {
  APPROVAL,
  AVAILABILITY,
  DIRECTORY,
  DIRECTORY_ENTRY,
  EMPTY_200,
  HTML_PAGE,
  INVALID_FILE,
  NO_TOKEN,
  PROBLEM,
  RECEIPT_VERDICT,
  RESULT,
  SEMILLA,
  SERVICE_STATES,
  STATUS,
  SUMMARY_STATUS,
  SUMMARY_VERDICT,
  TOKEN,
  TRACK_ID,
  TRACK_IDS,
  VOIDS,
  VOIDS_REFUSED,
  WINDOWS,
  refusal,
  xmlDocument,
} from './answers.data.js';
import type { OperationDoc, ParameterDoc } from './operation-doc.js';

const wanted = (name: string, description: string): ParameterDoc => ({
  name,
  description,
  required: true,
});
const optional = (name: string, description: string): ParameterDoc => ({
  ...wanted(name, description),
  required: false,
});

const issuer = wanted('rncemisor', 'RNC del emisor');
const NOT_DELEGATED = 'El RNC del certificado no está delegado, o un parámetro no es válido.';
const url = z.url();

const validation: OperationDoc = {
  summary: 'Cambia una semilla firmada por un token',
  document: 'SemillaModel',
  answers: [...TOKEN, refusal('La semilla o su firma no es válida.'), PROBLEM],
};

/** Every operation of the service map (Descripción Técnica v1.6, pp. 8-46). */
export const OPERATION_DOCS: Readonly<Record<Operation, OperationDoc>> = {
  semilla: {
    summary: 'Pide una semilla',
    answers: SEMILLA,
  },
  validarsemilla: validation,
  recepcion: {
    summary: 'Recibe un e-CF',
    description:
      'Todos los tipos, menos el 32 de menos de RD$250,000.00, cuyo resumen va a `recepcionfc`.',
    document: 'ECF',
    answers: [...TRACK_ID, INVALID_FILE, PROBLEM, NO_TOKEN],
  },
  recepcionfc: {
    summary: 'Recibe el resumen de una factura de consumo',
    document: 'RFCE',
    answers: [...SUMMARY_VERDICT, INVALID_FILE, PROBLEM, NO_TOKEN],
  },
  consultaresultado: {
    summary: 'Resultado de un trackId',
    parameters: [wanted('trackid', 'El trackId que dio la recepción')],
    answers: [...RESULT, PROBLEM, NO_TOKEN],
  },
  consultaestado: {
    summary: 'Estado de un e-NCF',
    parameters: [
      issuer,
      wanted('ncfelectronico', 'e-NCF'),
      optional('rnccomprador', 'RNC del comprador'),
      optional('codigoseguridad', 'Código de seguridad'),
    ],
    answers: [...STATUS, refusal(NOT_DELEGATED), NO_TOKEN],
  },
  consultatrackids: {
    summary: 'Los trackId de un e-NCF',
    parameters: [issuer, wanted('encf', 'e-NCF')],
    answers: [...TRACK_IDS, refusal(NOT_DELEGATED), NO_TOKEN],
  },
  consultarfce: {
    summary: 'Estado de un resumen de factura de consumo',
    parameters: [
      wanted('RNC_Emisor', 'RNC del emisor'),
      wanted('ENCF', 'e-NCF'),
      wanted('Cod_Seguridad_eCF', 'Código de seguridad del e-CF'),
    ],
    answers: [...SUMMARY_STATUS, refusal(NOT_DELEGATED), NO_TOKEN],
  },
  aprobacioncomercial: {
    summary: 'Recibe una aprobación comercial',
    document: 'ACECF',
    answers: [...APPROVAL, PROBLEM, NO_TOKEN],
  },
  anulacionrangos: {
    summary: 'Anula secuencias que no se han utilizado',
    document: 'ANECF',
    answers: [...VOIDS, ...VOIDS_REFUSED, PROBLEM, NO_TOKEN],
  },
  directoriolistado: {
    summary: 'Directorio de receptores electrónicos',
    answers: [...DIRECTORY, NO_TOKEN],
  },
  directorioporrnc: {
    summary: 'Un receptor electrónico por su RNC',
    parameters: [wanted('RNC', 'RNC del receptor')],
    answers: [...DIRECTORY_ENTRY, refusal('El RNC no es válido.'), PROBLEM, NO_TOKEN],
  },
  receptorsemilla: { summary: 'Pide una semilla al receptor', answers: SEMILLA },
  receptorvalidacion: validation,
  receptorrecepcion: {
    summary: 'Recibe un e-CF como comprador y responde con el acuse',
    document: 'ECF',
    answers: [
      ...xmlDocument('ARECF', 'El acuse de recibo firmado, también de lo que no se recibe.'),
      refusal('No es un e-CF, o no dice de quién es.'),
      PROBLEM,
      NO_TOKEN,
    ],
  },
  receptoraprobacion: {
    summary: 'Recibe la aprobación de un e-CF que emitió',
    document: 'ACECF',
    answers: [EMPTY_200, refusal('No es conforme; dice por qué.'), PROBLEM, NO_TOKEN],
  },
  emisoremision: {
    summary: 'Envía un e-CF a un receptor',
    description: 'Tipos 31, 33, 34 y 44.',
    body: z.object({
      rnc: z.string().describe('RNC del receptor'),
      tipoEncf: z.string().describe('31, 33, 34 o 44'),
      urlRecepcion: url,
      urlAutenticacion: url.optional(),
    }),
    answers: [
      ...xmlDocument('ECF', 'El e-CF que se envió.'),
      refusal('Un campo no es válido, o no hay delegación.'),
      NO_TOKEN,
    ],
  },
  emisoracuse: {
    summary: 'Qué le pareció a la DGII un acuse de recibo',
    parameters: [wanted('Rnc', 'RNC del receptor o del emisor'), wanted('Encf', 'e-NCF')],
    answers: [...RECEIPT_VERDICT, refusal(NOT_DELEGATED), NO_TOKEN],
  },
  emisoraprobacion: {
    summary: 'Envía la aprobación de un e-CF recibido',
    body: z.object({
      urlAprobacionComercial: url,
      urlAutenticacion: url.optional(),
      rnc: z.string().describe('RNC del emisor del e-CF'),
      encf: z.string(),
      estadoAprobacion: z.string().describe('1 aprobado, 2 rechazado'),
    }),
    answers: [
      ...xmlDocument('ACECF', 'La aprobación que se envió.'),
      refusal('Un campo no es válido, el e-CF no se recibió, o el receptor no la toma.'),
      NO_TOKEN,
    ],
  },
  consultatimbre: {
    summary: 'Página a la que lleva el código QR de un e-CF',
    parameters: [
      wanted('RncEmisor', 'RNC del emisor'),
      optional('RncComprador', 'RNC del comprador, si lo hay'),
      wanted('ENCF', 'e-NCF'),
      optional('FechaEmision', 'dd-MM-yyyy'),
      wanted('MontoTotal', 'Monto total'),
      optional('FechaFirma', 'dd-MM-yyyy HH:mm:ss'),
      wanted('CodigoSeguridad', 'Código de seguridad'),
    ],
    answers: HTML_PAGE,
  },
  consultatimbrefc: {
    summary: 'Página a la que lleva el código QR de una factura de consumo pequeña',
    parameters: [
      wanted('RncEmisor', 'RNC del emisor'),
      wanted('ENCF', 'e-NCF'),
      wanted('MontoTotal', 'Monto total'),
      wanted('CodigoSeguridad', 'Código de seguridad'),
    ],
    answers: HTML_PAGE,
  },
};

/** The status host (pp. 47-52). */
export const STATUS_DOCS: Readonly<Record<StatusResource, OperationDoc>> = {
  obtenerestatus: { summary: 'Estatus de cada servicio', answers: [...SERVICE_STATES, NO_TOKEN] },
  obtenerventanasmantenimiento: {
    summary: 'Ventanas de mantenimiento',
    answers: [...WINDOWS, NO_TOKEN],
  },
  verificarestado: {
    summary: 'Si un ambiente está disponible',
    parameters: [wanted('ambiente', '1 precertificación, 2 producción, 3 certificación')],
    answers: [...AVAILABILITY, PROBLEM, NO_TOKEN],
  },
};
