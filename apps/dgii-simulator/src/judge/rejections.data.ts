import type { Verdict } from '../state/verdict.js';

const NO_CODE = '0';

function rejection(valor: string, secuenciaUtilizada: boolean, codigo = NO_CODE): Verdict {
  return { codigo: '2', mensajes: [{ codigo, valor }], secuenciaUtilizada };
}

/** Causes after which the e-NCF may be used again (Descripción Técnica v1.6, pp. 16, 19-20). */
const free = (valor: string): Verdict => rejection(valor, false);
/** Every other cause burns the number. */
const burned = (valor: string, codigo?: string): Verdict => rejection(valor, true, codigo);

export const REJECTIONS = {
  unreadable: free('Archivo no válido: no es un XML de e-CF.'),
  structure: free('La estructura del XML no es válida.'),
  schema: (detail: string) => free(`El XML no cumple con el esquema: ${detail}`),
  signature: free('La firma del documento no es válida.'),
  certificate: free('El certificado utilizado en la firma no es válido.'),
  notDelegated: free('El RNC del certificado no está delegado para el RNC emisor.'),
  unknownIssuer: free('El RNC emisor no existe.'),
  notElectronic: free('El RNC emisor no es un emisor electrónico.'),
  inactiveIssuer: free('El RNC emisor no está activo.'),
  notAuthorised: free('El e-NCF no está autorizado para el RNC emisor.'),
  expired: free('La secuencia del e-NCF está vencida.'),
  expiryDiffers: free('FechaVencimientoSecuencia no coincide con la autorizada.'),
  alreadyUsed: burned('El e-NCF ya fue utilizado.', '1209'),
  voided: burned('El e-NCF fue anulado.'),
  signedInFuture: burned('El campo FechaHoraFirma de la sección Firma no es válido.'),
  issuedBeforeStart: burned('El campo FechaEmision de la sección Emisor no es válido.'),
  notDeferred: burned('El campo IndicadorEnvioDiferido de la sección IdDoc no es válido.'),
  unknownReference: burned(
    'El campo NCFModificado de la sección InformacionReferencia no es válido.',
    '614',
  ),
  smallConsumer: burned(
    'Las facturas de consumo menores a RD$250,000.00 se remiten en resumen (RFCE).',
  ),
  largeConsumer: burned(
    'El campo MontoTotal del resumen no es válido: debe ser menor a RD$250,000.00.',
  ),
  securityCode: burned('El campo CodigoSeguridadeCF no es válido.'),
  otherIssuer: free('El RNC emisor de la factura no es el del contribuyente.'),
  noSummaryRoute: free('La factura no es de consumo menor a RD$250,000.00.'),
  noSummary: free('No se encontró un resumen (RFCE) aceptado para esta factura.'),
} as const;

/** A full invoice that is not the one its summary was made of. */
export function mismatches(fields: readonly string[]): Verdict {
  return {
    codigo: '2',
    mensajes: fields.map((field) => ({
      codigo: NO_CODE,
      valor: `El campo ${field} de la factura no coincide con el resumen (RFCE) enviado.`,
    })),
    secuenciaUtilizada: true,
  };
}

/** Acceptance without remarks, as the result service shows it. */
export const ACCEPTED: Verdict = {
  codigo: '1',
  mensajes: [{ codigo: NO_CODE, valor: '' }],
  secuenciaUtilizada: true,
};
