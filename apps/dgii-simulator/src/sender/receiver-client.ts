import { signForeign, type Signer } from '@getupnet/xmldsig';

const TIMEOUT_MS = 30_000;
const OK = 200;

/** Why a receiver could not be served, in words for who runs it. */
export class ReceiverFailure extends Error {
  override readonly name = 'ReceiverFailure';
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly bytes: Buffer;
}

/** Calls the standard resources of another taxpayer (Descripción Técnica v1.6, pp. 52-57). */
export class ReceiverClient {
  constructor(private readonly signer: () => Signer) {}

  /** A bearer token of the receiver, or undefined when it wants none. */
  async token(base: string | undefined): Promise<string | undefined> {
    if (base === undefined) return undefined;
    const semilla = await call(resource(base, 'autenticacion/api/semilla'), { method: 'GET' });
    if (semilla.status !== OK) throw new ReceiverFailure(`La semilla responde ${semilla.status}.`);
    const { xml } = signForeign(semilla.bytes, this.signer());
    const answer = await this.post(base, 'autenticacion/api/validacioncertificado', {
      name: 'semilla.xml',
      xml,
    });
    const token = /"token"\s*:\s*"([^"]+)"/i.exec(answer.bytes.toString('utf8'))?.[1];
    if (answer.status !== OK || token === undefined) {
      throw new ReceiverFailure(`La validación de la semilla responde ${answer.status}.`);
    }
    return token;
  }

  async post(
    base: string,
    path: string,
    file: { readonly name: string; readonly xml: string },
    token?: string,
  ): Promise<ReceiverAnswer> {
    const body = new FormData();
    body.append('xml', new Blob([file.xml], { type: 'text/xml' }), file.name);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return call(resource(base, path), {
      method: 'POST',
      headers: { accept: 'application/json', ...authorization },
      body,
    });
  }
}

/** Registered bases end in slashes, or hold the fixed part already. */
function resource(base: string, path: string): string {
  return `${base.replace(/\/fe(\/.*)?$/i, '').replace(/\/+$/, '')}/fe/${path}`;
}

async function call(url: string, init: RequestInit): Promise<ReceiverAnswer> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  } catch (cause) {
    throw new ReceiverFailure(`No hay respuesta de ${url}.`, { cause });
  }
}
