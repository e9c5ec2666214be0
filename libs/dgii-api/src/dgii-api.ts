import type { DgiiMessage, Environment } from '@getupnet/contracts';
import type { Exchange, HttpTransport } from '@getupnet/http-client';
import {
  readDirectory,
  readReception,
  readStatuses,
  readToken,
  readTracks,
  readVerdict,
  type DirectoryEntry,
  type ReceptionAnswer,
  type ServiceStatus,
  type TokenAnswer,
  type TrackAnswer,
  type VerdictAnswer,
} from './answers.js';
import type { DgiiEndpoints } from './endpoints.js';
import { isHtml, isMarkup, readErrorBody } from './error-body.js';
import { parseJson } from './lenient-json.js';
import { documentFileName, xmlForm } from './multipart.js';
import type { DgiiService } from './services.js';

/** What one call to DGII came to. `raw` is the body as received (up to 1 MB). */
export type DgiiAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly raw: string }
  /** DGII says in words why it did not take it. */
  | {
      readonly kind: 'refused';
      readonly httpStatus: number;
      readonly codigo: string | null;
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** 401: the token is missing, expired or not liked any more. */
  | {
      readonly kind: 'unauthorized';
      readonly mensajes: readonly DgiiMessage[];
      readonly raw: string;
    }
  /** Something answered, but nothing follows from it: 5xx, HTML, empty, truncated, another shape. */
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly httpStatus: number;
      readonly raw: string;
    }
  /** The request left and no answer came. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The request certainly did not leave. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** DGII has no such service in this environment. */
  | { readonly kind: 'unsupported' };

/** Limits of one call; `timeoutMs` shortens the usual total time-out. */
export interface CallOptions {
  readonly timeoutMs?: number | undefined;
}

export interface AuthorisedCall extends CallOptions {
  readonly environment: Environment;
  readonly token: string;
}

interface Call<T> extends CallOptions {
  readonly environment: Environment;
  readonly service: DgiiService;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly file?: { readonly name: string; readonly xml: string };
  readonly read: (body: string) => T | null;
}

/**
 * Answers that are DGII's considered refusal. 403, 404 and 405 come from a wrong path or a firewall,
 * 408 and 429 from the way: nothing about the document follows from them.
 */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 413, 415, 422]);

/** DGII's services, one method each, one request each: no token care, no retry, no state. */
export class DgiiApi {
  constructor(
    private readonly endpoints: DgiiEndpoints,
    private readonly transport: HttpTransport,
  ) {}

  /** The seed's XML, to be signed as it is. */
  getSemilla(environment: Environment, options: CallOptions = {}): Promise<DgiiAnswer<string>> {
    return this.call({
      ...options,
      environment,
      service: 'autenticacion',
      path: '/api/autenticacion/semilla',
      read: (body) => (/<SemillaModel[\s>]/.test(body) ? body.replace(/^\uFEFF/, '') : null),
    });
  }

  validarSemilla(
    environment: Environment,
    signedXml: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<TokenAnswer>> {
    return this.call({
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
    const answer = await this.call<ReceptionAnswer>({
      ...bearer(call),
      service: 'recepcion',
      path: '/api/facturaselectronicas',
      file: { name: documentFileName(document.rnc, document.encf), xml: document.xml },
      read: json(readReception),
    });
    if (answer.kind !== 'ok') return answer;
    const { value, raw } = answer;
    if (value.trackId !== null) return { kind: 'ok', value, raw };
    // 200 without a trackId and with a reason: DGII did not take it (Descripción Técnica v1.6, p. 13).
    return { kind: 'refused', httpStatus: 200, codigo: null, mensajes: value.mensajes, raw };
  }

  enviarRfce(
    call: AuthorisedCall,
    document: { rnc: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.call({
      ...bearer(call),
      service: 'recepcionfc',
      path: '/api/recepcion/ecf',
      file: { name: documentFileName(document.rnc, document.encf), xml: document.xml },
      read: json(readVerdict),
    });
  }

  consultarResultado(call: AuthorisedCall, trackId: string): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.call({
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
    return this.call({
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
    return this.call({
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
    return this.call({
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

  /** Outside production only the listing answers reliably, so it is asked with the RNC as a filter. */
  directory(call: AuthorisedCall, rnc: string): Promise<DgiiAnswer<readonly DirectoryEntry[]>> {
    const byRnc = call.environment === 'ecf';
    return this.call({
      ...bearer(call),
      service: 'consultadirectorio',
      path: byRnc ? '/api/consultas/obtenerdirectorioporrnc' : '/api/consultas/listado',
      query: { RNC: rnc },
      read: json(readDirectory),
    });
  }

  /** Status of every service; the key is issued by DGII (Descripción Técnica v1.6, p. 47). */
  statuses(
    environment: Environment,
    apiKey: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<readonly ServiceStatus[]>> {
    return this.call({
      ...options,
      environment,
      service: 'estatusservicios',
      path: '/obtenerestatus',
      authorization: `Apikey ${apiKey}`,
      read: json(readStatuses),
    });
  }

  private async call<T>(call: Call<T>): Promise<DgiiAnswer<T>> {
    const base = this.endpoints.base(call.environment, call.service);
    if (!base) return { kind: 'unsupported' };
    const url = new URL(base.href + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const form = call.file && xmlForm(call.file.name, call.file.xml);
    const exchange = await this.transport.send({
      method: form ? 'POST' : 'GET',
      url,
      headers: {
        accept: 'application/json',
        ...(form ? { 'content-type': form.contentType } : {}),
        ...(call.authorization === undefined ? {} : { authorization: call.authorization }),
      },
      ...(form ? { body: form.body } : {}),
      timeoutMs: call.timeoutMs,
    });
    return interpret(exchange, call.read);
  }
}

function bearer(call: AuthorisedCall): CallOptions & {
  environment: Environment;
  authorization: string;
} {
  const { environment, timeoutMs } = call;
  return { environment, timeoutMs, authorization: `Bearer ${call.token}` };
}

function json<T>(read: (value: unknown) => T | null): (body: string) => T | null {
  return (body) => {
    const value = parseJson(body);
    return value === undefined ? null : read(value);
  };
}

function interpret<T>(exchange: Exchange, read: (body: string) => T | null): DgiiAnswer<T> {
  if (exchange.kind !== 'answer') return exchange;
  const { status, contentType, body } = exchange;
  const unusable = (reason: string): DgiiAnswer<T> => ({
    kind: 'unusable',
    reason,
    httpStatus: status,
    raw: body,
  });
  if (status >= 200 && status < 300) {
    const value = body.trim() === '' || isHtml(contentType) ? null : read(body);
    return value === null
      ? unusable(whyUnusable(contentType, body))
      : { kind: 'ok', value, raw: body };
  }
  const error = readErrorBody(status, contentType, body);
  const { codigo, mensajes } = error;
  if (status === 401) return { kind: 'unauthorized', mensajes, raw: body };
  if (!REFUSALS.has(status)) return unusable(`http.${status}`);
  if (!error.readable) return unusable(`http.${status}.${error.shape}`);
  return { kind: 'refused', httpStatus: status, codigo, mensajes, raw: body };
}

function whyUnusable(contentType: string, body: string): string {
  if (body.trim() === '') return 'answer.empty';
  if (isMarkup(contentType, body)) return 'answer.markup';
  return parseJson(body) === undefined ? 'answer.not_json' : 'answer.wrong_shape';
}
