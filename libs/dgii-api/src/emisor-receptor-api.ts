import type { HttpTransport } from '@getupnet/http-client';
import { readToken, readVerdict, type TokenAnswer, type VerdictAnswer } from './answers.js';
import { DgiiCaller, json, type CallOptions, type DgiiAnswer } from './dgii-call.js';
import type { DgiiEndpoints } from './endpoints.js';
import { documentFileName } from './multipart.js';
import { readSemilla } from './semilla.js';

/** A call of the emisor-receptor; which token it wants is not printed: start with DGII's own. */
export interface CounterpartCall extends CallOptions {
  readonly token: string;
}

/** What DGII is asked to send to a receiver of ours. */
export interface EmissionRequest {
  readonly rnc: string;
  /** 31, 33, 34 or 44: the types that travel from issuer to receiver. */
  readonly tipoEncf: string;
  readonly urlRecepcion: string;
  /** Null when our receiver wants no authentication. */
  readonly urlAutenticacion: string | null;
}

export interface ApprovalRequest {
  readonly rnc: string;
  readonly encf: string;
  /** `1` accepted, `2` rejected. */
  readonly estadoAprobacion: '1' | '2';
  readonly urlAprobacionComercial: string;
  readonly urlAutenticacion: string | null;
}

/**
 * The taxpayer that DGII plays in testecf (Descripción Técnica v1.6, pp. 41-46): it sends and takes
 * e-CF and approvals, so that an issuer can rehearse with a counterpart. Nothing here has fiscal
 * effect; in other environments every call is `unsupported`.
 */
export class EmisorReceptorApi {
  private readonly caller: DgiiCaller;

  constructor(endpoints: DgiiEndpoints, transport: HttpTransport) {
    this.caller = new DgiiCaller(endpoints, transport);
  }

  /** The counterpart's seed, to be signed as it is. */
  getSemilla(options: CallOptions = {}): Promise<DgiiAnswer<string>> {
    const path = '/fe/autenticacion/api/semilla';
    return this.caller.call({ ...base(options), path, read: readSemilla });
  }

  validarCertificado(
    signedXml: string,
    options: CallOptions = {},
  ): Promise<DgiiAnswer<TokenAnswer>> {
    return this.caller.call({
      ...base(options),
      path: '/fe/autenticacion/api/validacioncertificado',
      file: { name: 'semilla.xml', xml: signedXml },
      read: json(readToken),
    });
  }

  /** DGII sends our receiver an e-CF; the answer is that e-CF. */
  emitir(call: CounterpartCall, request: EmissionRequest): Promise<DgiiAnswer<string>> {
    const path = '/api/emision/emisioncomprobantes';
    return this.caller.call({ ...bearer(call), path, json: request, read: xml('ECF') });
  }

  /** DGII's verdict on the acknowledgement our receiver answered. */
  consultarAcuse(
    call: CounterpartCall,
    document: { rnc: string; encf: string },
  ): Promise<DgiiAnswer<VerdictAnswer>> {
    return this.caller.call({
      ...bearer(call),
      path: '/api/emision/consultaacuserecibo',
      query: { Rnc: document.rnc, Encf: document.encf },
      read: json(readVerdict),
    });
  }

  /** DGII sends our receiver its approval of an e-CF of ours; the answer is that approval. */
  enviarAprobacion(call: CounterpartCall, request: ApprovalRequest): Promise<DgiiAnswer<string>> {
    const path = '/api/emision/envioaprobacioncomercial';
    return this.caller.call({ ...bearer(call), path, json: request, read: xml('ACECF') });
  }

  /** An e-CF of ours to the counterpart; the answer is its signed acknowledgement. */
  entregarEcf(
    call: CounterpartCall,
    document: { rnc: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<string>> {
    return this.caller.call({
      ...bearer(call),
      path: '/fe/recepcion/api/ecf',
      file: { name: documentFileName(document.rnc, document.encf), xml: document.xml },
      read: xml('ARECF'),
    });
  }

  /** An approval of ours to the counterpart: taken or `refused`; bodies are free. */
  entregarAprobacion(
    call: CounterpartCall,
    approval: { rncComprador: string; encf: string; xml: string },
  ): Promise<DgiiAnswer<'taken'>> {
    return this.caller.call({
      ...bearer(call),
      path: '/fe/aprobacioncomercial/api/ecf',
      file: { name: documentFileName(approval.rncComprador, approval.encf), xml: approval.xml },
      bodyFree: true,
      read: () => 'taken' as const,
    });
  }
}

function base({ timeoutMs }: CallOptions) {
  return { timeoutMs, environment: 'testecf', service: 'emisorreceptor' } as const;
}

function bearer(call: CounterpartCall) {
  return { ...base(call), authorization: `Bearer ${call.token}` };
}

/** The body when it is an XML document of that root. */
function xml(root: string): (body: string) => string | null {
  const opening = new RegExp(`^\\s*(?:<\\?xml[^>]*\\?>\\s*)?<${root}[\\s>]`);
  return (body) => {
    const text = body.replace(/^\uFEFF/, '');
    return opening.test(text) ? text : null;
  };
}
