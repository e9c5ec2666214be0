import type { Environment } from '@getupnet/contracts';
import type { HttpTransport } from '@getupnet/http-client';
import {
  isRefusal,
  readReception,
  readToken,
  readTracks,
  readVerdict,
  type ReceptionAnswer,
  type TokenAnswer,
  type TrackAnswer,
  type VerdictAnswer,
} from './answers.js';
import {
  bearer,
  DgiiCaller,
  json,
  type AuthorisedCall,
  type CallOptions,
  type DgiiAnswer,
} from './dgii-call.js';
import {
  readApproval,
  readVoid,
  type ApprovalAnswer,
  type VoidAnswer,
} from './declaration-answers.js';
import { readDirectory, type DirectoryEntry } from './directory.js';
import type { DgiiEndpoints } from './endpoints.js';
import { readSemilla } from './semilla.js';
import { documentFileName, voidFileName } from './multipart.js';

const DIRECTORY_LIST = '/api/consultas/listado';
const DIRECTORY_BY_RNC = '/api/consultas/obtenerdirectorioporrnc';
/** About 200 bytes a taxpayer: room for a hundred thousand. No other answer may be that large. */
const MAX_LISTING_BYTES = 20_000_000;

/** DGII's services, one method each, one request each: no token care, no retry, no state. */
export class DgiiApi {
  private readonly caller: DgiiCaller;

  constructor(endpoints: DgiiEndpoints, transport: HttpTransport) {
    this.caller = new DgiiCaller(endpoints, transport);
  }

  /** The seed's XML, to be signed as it is. */
  getSemilla(environment: Environment, options: CallOptions = {}): Promise<DgiiAnswer<string>> {
    return this.caller.call({
      ...options,
      environment,
      service: 'autenticacion',
      path: '/api/autenticacion/semilla',
      read: readSemilla,
    });
  }

  validarSemilla(
    environment: Environment,
    signedXml: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<TokenAnswer>> {
    return this.caller.call({
      ...options,
      environment,
      service: 'autenticacion',
      path: '/api/autenticacion/validarsemilla',
      file: { name: 'semilla.xml', xml: signedXml },
      read: json(readToken),
    });
  }

  async enviarEcf(
    call: AuthorisedCall,
    document: { rnc: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<{ trackId: string }>> {
    const answer = await this.caller.call<ReceptionAnswer>({
      ...bearer(call),
      service: 'recepcion',
      path: '/api/facturaselectronicas',
      file: { name: documentFileName(document.rnc, document.encf), xml: document.xml },
      read: json(readReception),
    });
    if (answer.kind !== 'ok') return answer;
    const { value, raw } = answer;
    if (value.trackId !== null) return { kind: 'ok', value, raw };
    const { mensajes } = value;
    return isRefusal(mensajes)
      ? { kind: 'refused', httpStatus: 200, codigo: null, mensajes, raw }
      : { kind: 'unusable', reason: 'answer.no_trackid', httpStatus: 200, raw };
  }

  enviarRfce(
    call: AuthorisedCall,
    document: { rnc: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.caller.call({
      ...bearer(call),
      service: 'recepcionfc',
      path: '/api/recepcion/ecf',
      file: { name: documentFileName(document.rnc, document.encf), xml: document.xml },
      read: json(readVerdict),
    });
  }

  consultarResultado(call: AuthorisedCall, trackId: string): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.caller.call({
      ...bearer(call),
      service: 'consultaresultado',
      path: '/api/consultas/estado',
      query: { trackid: trackId },
      read: json(readVerdict),
    });
  }

  consultarTrackIds(
    call: AuthorisedCall,
    document: { rnc: string; encf: string },
  ): Promise<DgiiAnswer<readonly TrackAnswer[]>> {
    return this.caller.call({
      ...bearer(call),
      service: 'consultatrackids',
      path: '/api/trackids/consulta',
      query: { rncemisor: document.rnc, encf: document.encf },
      read: json(readTracks),
    });
  }

  consultarEstado(
    call: AuthorisedCall,
    document: { rnc: string; encf: string; buyerRnc: string | null; codigoSeguridad: string },
  ): Promise<DgiiAnswer<VerdictAnswer>> {
    const { rnc, encf, buyerRnc, codigoSeguridad } = document;
    return this.caller.call({
      ...bearer(call),
      service: 'consultaestado',
      path: '/api/consultas/estado',
      query: {
        rncemisor: rnc,
        ncfelectronico: encf,
        ...(buyerRnc === null ? {} : { rnccomprador: buyerRnc }),
        codigoseguridad: codigoSeguridad,
      },
      read: json(readVerdict),
    });
  }

  consultarRfce(
    call: AuthorisedCall,
    document: { rnc: string; encf: string; codigoSeguridad: string },
  ): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.caller.call({
      ...bearer(call),
      service: 'consultarfce',
      path: '/api/Consultas/Consulta',
      query: {
        RNC_Emisor: document.rnc,
        ENCF: document.encf,
        Cod_Seguridad_eCF: document.codigoSeguridad,
      },
      read: json(readVerdict),
    });
  }

  /**
   * A commercial approval, as the buyer sends DGII its copy (Descripción Técnica v1.6, pp. 28-30).
   * `rncComprador` is whose approval it is, `encf` the approved document.
   */
  enviarAprobacion(
    call: AuthorisedCall,
    approval: { rncComprador: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<ApprovalAnswer>> {
    return this.caller.call({
      ...bearer(call),
      service: 'aprobacioncomercial',
      path: '/api/aprobacioncomercial',
      file: { name: documentFileName(approval.rncComprador, approval.encf), xml: approval.xml },
      read: json(readApproval),
    });
  }

  /** A request to void unused numbers (pp. 30-32). */
  anularRangos(
    call: AuthorisedCall,
    request: { rnc: string; xml: string; now: Date },
  ): Promise<DgiiAnswer<VoidAnswer>> {
    return this.caller.call({
      ...bearer(call),
      service: 'anulacionrangos',
      path: '/api/operaciones/anularrango',
      file: { name: voidFileName(request.rnc, request.now), xml: request.xml },
      read: json(readVoid),
    });
  }

  /** Outside production only the listing answers reliably, so it is asked with the RNC as a filter. */
  directory(call: AuthorisedCall, rnc: string): Promise<DgiiAnswer<readonly DirectoryEntry[]>> {
    const byRnc = call.environment === 'ecf';
    return this.caller.call({
      ...bearer(call),
      service: 'consultadirectorio',
      path: byRnc ? DIRECTORY_BY_RNC : DIRECTORY_LIST,
      query: { RNC: rnc },
      read: json(readDirectory),
    });
  }

  /** Every electronic taxpayer. */
  directoryList(call: AuthorisedCall): Promise<DgiiAnswer<readonly DirectoryEntry[]>> {
    return this.caller.call({
      ...bearer(call),
      service: 'consultadirectorio',
      path: DIRECTORY_LIST,
      maxAnswerBytes: MAX_LISTING_BYTES,
      read: json(readDirectory),
    });
  }
}
