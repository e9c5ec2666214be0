import type { Environment } from '@getupnet/contracts';
import { DECLARATION } from '@getupnet/ecf';
import { createSigner, issueCertificate, signCanonical, signForeign } from '@getupnet/xmldsig';
import type { Signer } from '@getupnet/xmldsig';
import { createPrivateKey } from 'node:crypto';

/** A signer with a certificate made on the spot. */
export function testSigner(options: Partial<Parameters<typeof issueCertificate>[0]> = {}): Signer {
  const issued = issueCertificate({
    holderId: '00100000001',
    name: 'PERSONA DE PRUEBA',
    password: 'prueba',
    ...options,
  });
  return createSigner(createPrivateKey(issued.privateKeyPem), issued.certificatePem);
}

export interface SignedFile {
  readonly name: string;
  readonly xml: string;
}

export async function signed(unsigned: string, name: string, signer: Signer): Promise<SignedFile> {
  const { xml } = await signCanonical(unsigned, signer);
  return { name, xml: xml.startsWith('<?xml') ? xml : DECLARATION + xml };
}

/** One multipart upload, as DGII wants it: one buffer, so that it has a length. */
export function upload(file: SignedFile, field = 'xml'): { type: string; body: Buffer } {
  const boundary = 'simulator-test-boundary';
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; ` +
    `filename="${file.name}"\r\ncontent-type: text/xml\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${head}${file.xml}\r\n--${boundary}--\r\n`),
  };
}

/** A small client of the simulator, for its own tests. */
export class TestClient {
  token = '';

  constructor(
    readonly url: string,
    readonly environment: Environment = 'testecf',
  ) {}

  path(service: string, host = 'ecf'): string {
    return `${this.url}/${host}/${this.environment}/${service}`;
  }

  async semilla(service = 'autenticacion/api/autenticacion/semilla'): Promise<string> {
    return (await fetch(this.path(service))).text();
  }

  async authenticate(signer: Signer): Promise<void> {
    const answer = await this.validate(signForeign(Buffer.from(await this.semilla()), signer).xml);
    this.token = ((await answer.json()) as { token: string }).token;
  }

  validate(xml: string, accept = 'application/json'): Promise<Response> {
    return this.post(
      'autenticacion/api/autenticacion/validarsemilla',
      { name: 's.xml', xml },
      {
        accept,
      },
    );
  }

  sendEcf(file: SignedFile): Promise<Response> {
    return this.post('recepcion/api/facturaselectronicas', file);
  }

  sendRfce(file: SignedFile): Promise<Response> {
    return this.post('recepcionfc/api/recepcion/ecf', file, { host: 'fc' });
  }

  approve(file: SignedFile): Promise<Response> {
    return this.post('aprobacioncomercial/api/aprobacioncomercial', file);
  }

  voidRanges(file: SignedFile): Promise<Response> {
    return this.post('anulacionrangos/api/operaciones/anularrango', file);
  }

  post(
    service: string,
    file: SignedFile,
    how: { readonly host?: string; readonly accept?: string } = {},
  ): Promise<Response> {
    const { type, body } = upload(file);
    return fetch(this.path(service, how.host), {
      method: 'POST',
      headers: {
        'content-type': type,
        accept: how.accept ?? 'application/json',
        authorization: `Bearer ${this.token}`,
      },
      body,
    });
  }

  get(service: string, query: Record<string, string>, host = 'ecf'): Promise<Response> {
    const search = new URLSearchParams(query).toString();
    return fetch(`${this.path(service, host)}?${search}`, {
      headers: { authorization: `bearer ${this.token}`, accept: 'application/json' },
    });
  }

  result(trackId: string): Promise<Response> {
    return this.get('consultaresultado/api/consultas/estado', { trackid: trackId });
  }
}
