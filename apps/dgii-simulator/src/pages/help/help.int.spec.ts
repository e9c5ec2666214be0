import { signForeign } from '@getupnet/xmldsig';
import { z } from 'zod';
import { OPERATIONS, SERVICE_MAP, type Operation } from '../../http/service-map.js';
import { STATUS_RESOURCES } from '../../http/status-resources.js';
import { startSimulator, type Simulator } from '../../index.js';
import { TestClient, testSigner, upload, type SignedFile } from '../../testing/client.js';
import {
  BUYER,
  ISSUER,
  ecf,
  signedAcecf,
  signedAnecf,
  signedEcf,
  signedRfce,
} from '../../testing/documents.js';
import { HELP_PAGES } from './openapi.js';

interface Media {
  readonly schema: Record<string, unknown> & { readonly xml?: { readonly name: string } };
}
interface Described {
  readonly security?: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Record<string, object> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
interface OpenApi {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Record<string, Record<string, Described>>;
}

let simulator: Simulator;
let client: TestClient;
const signer = testSigner();

beforeAll(async () => {
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

async function documentOf(base: string): Promise<OpenApi> {
  const answer = await fetch(`${simulator.url}${base}/swagger/v1/swagger.json`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as OpenApi;
}

/** `method address` of everything a document describes. */
const described = ({ servers: [server], paths }: OpenApi): string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${server.url}${path}`.replace(/\/$/, '')),
  );

describe('the OpenAPI documents', () => {
  it('describe every operation of the service map where it exists, and nothing else', async () => {
    const services = OPERATIONS.flatMap((operation) => {
      const { host, environments, method, path } = SERVICE_MAP[operation];
      return environments.map((name) => `${method.toLowerCase()} /${host}/${name}${path}`);
    });
    const status = STATUS_RESOURCES.map((name) => `get /statusecf/api/estatusservicios/${name}`);
    const documents = await Promise.all(HELP_PAGES.map(({ base }) => documentOf(base)));
    expect(documents.flatMap(described).sort()).toEqual([...services, ...status].sort());
  });

  it('say which calls want a token, a document, JSON', async () => {
    const documents = await Promise.all(HELP_PAGES.map(({ base }) => documentOf(base)));
    const byAddress = new Map(
      documents.flatMap(({ servers: [server], paths }) =>
        Object.entries(paths).map(([path, methods]) => [
          (server.url + path).replace(/\/$/, ''),
          Object.values(methods)[0],
        ]),
      ),
    );
    for (const operation of OPERATIONS) {
      const { host, environments, method, path, bearer, document } = SERVICE_MAP[operation];
      const doc = byAddress.get(`/${host}/${environments[0]}${path}`);
      expect([operation, doc?.security?.length ?? 0]).toEqual([operation, bearer ? 1 : 0]);
      const body = Object.keys(doc?.requestBody?.content ?? {});
      const wanted = document
        ? ['multipart/form-data']
        : method === 'POST'
          ? ['application/json']
          : [];
      expect([operation, body]).toEqual([operation, wanted]);
    }
  });

  it('call the service by the address the caller used', async () => {
    const { servers } = await documentOf('/ECF/TesteCF/Recepcion');
    expect(servers[0].url).toBe('/ECF/TesteCF/Recepcion');
  });
});

describe('what services answer', () => {
  const covered = new Set<string>();

  /** The answer is of a status, media type and form that the document states. */
  async function expectDescribed(
    operation: Operation | (typeof STATUS_RESOURCES)[number],
    answer: Response,
    status: number,
  ): Promise<string> {
    const address = new URL(answer.url).pathname.toLowerCase();
    const page = HELP_PAGES.find(({ base }) => address.startsWith(`${base}/`) || address === base);
    const document = await documentOf(page?.base ?? '');
    const path = address.slice(page?.base.length) || '/';
    const doc = Object.values(document.paths[path] ?? {})[0];
    const body = await answer.text();
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    expect([operation, answer.status, body]).toEqual([operation, status, body]);
    const media = doc?.responses[status]?.content?.[type];
    expect([operation, type, media]).toEqual([operation, type, expect.anything()]);
    if (type.endsWith('json')) conform(media as Media, JSON.parse(body) as unknown);
    if (type === 'application/xml') {
      expect(body).toMatch(new RegExp(`^(<\\?xml[^>]*>)?<${media?.schema.xml?.name ?? '-'}[ >]`));
    }
    if (status === 200) covered.add(operation);
    return body;
  }

  function conform({ schema }: Media, value: unknown): void {
    const result = z
      .fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0], {
        defaultTarget: 'openapi-3.0',
      })
      .safeParse(value);
    expect(result.error?.issues ?? []).toEqual([]);
  }

  const own = (path: string, file: SignedFile): Promise<Response> =>
    client.post(`emisorreceptor/${path}`, file);
  const order = (path: string, body: object): Promise<Response> =>
    fetch(client.path(`emisorreceptor/api/emision/${path}`), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
      body: JSON.stringify(body),
    });

  it('is described, of authentication', async () => {
    const semilla = await fetch(client.path('autenticacion/api/autenticacion/semilla'));
    const xml = await expectDescribed('semilla', semilla, 200);
    await expectDescribed('validarsemilla', await client.validate(xml), 400);
    await client.authenticate(signer);
    const file = { name: 's.xml', xml: 'x' };
    const { type, body } = upload(file, 'other');
    const target = client.path('autenticacion/api/autenticacion/validarsemilla');
    const missing = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    await expectDescribed('validarsemilla', missing, 400);
    for (const accept of ['application/json', 'application/xml']) {
      const signed = signForeign(Buffer.from(await client.semilla()), signer).xml;
      await expectDescribed('validarsemilla', await client.validate(signed, accept), 200);
    }
  });

  it('is described, of receptions and queries', async () => {
    const encf = 'E310000000001';
    const file = await signedEcf(ecf({ encf }), signer);
    const sent = await expectDescribed('recepcion', await client.sendEcf(file), 200);
    const { trackId } = JSON.parse(sent) as { trackId: string };
    const path = 'recepcion/api/facturaselectronicas';
    const asXml = await client.post(path, file, { accept: 'application/xml' });
    await expectDescribed('recepcion', asXml, 200);
    await expectDescribed('recepcion', await client.sendEcf({ ...file, name: 'x.xml' }), 400);
    const rfce = await signedRfce(ecf({ encf: 'E320000000001' }), signer);
    await expectDescribed('recepcionfc', await client.sendRfce(rfce), 200);
    await expectDescribed('recepcionfc', await client.sendRfce({ ...rfce, xml: 'x' }), 400);
    for (const id of [trackId, 'unknown']) {
      await expectDescribed('consultaresultado', await client.result(id), 200);
    }
    await expectDescribed('consultaresultado', await client.result(''), 400);
    for (const number of [encf, 'E310000000999', 'bad']) {
      const status = number === 'bad' ? 400 : 200;
      const query = { rncemisor: ISSUER, ncfelectronico: number, encf: number };
      const state = await client.get('consultaestado/api/consultas/estado', query);
      await expectDescribed('consultaestado', state, status);
      const tracks = await client.get('consultatrackids/api/trackids/consulta', query);
      await expectDescribed('consultatrackids', tracks, status);
    }
  });

  it('is described, of the summary query', async () => {
    const production = new TestClient(simulator.url, 'ecf');
    await production.authenticate(signer);
    const file = await signedRfce(ecf({ encf: 'E320000000001' }), signer);
    await production.sendRfce(file);
    const code = /<CodigoSeguridadeCF>(.{6})</.exec(file.xml)?.[1] ?? '';
    for (const encf of ['E320000000001', 'E320000000002', 'bad']) {
      const query = { RNC_Emisor: ISSUER, ENCF: encf, Cod_Seguridad_eCF: code };
      const answer = await production.get('consultarfce/api/consultas/consulta', query, 'fc');
      await expectDescribed('consultarfce', answer, encf === 'bad' ? 400 : 200);
    }
  });

  it('is described, of approvals, voids and the directory', async () => {
    const document = ecf({ encf: 'E310000000002' });
    await client.sendEcf(await signedEcf(document, signer));
    const approval = await signedAcecf(document, signer);
    await expectDescribed('aprobacioncomercial', await client.approve(approval), 200);
    await expectDescribed('aprobacioncomercial', await client.approve(approval), 200);
    const voids = await signedAnecf([['31', 100, 110]], signer);
    await expectDescribed('anulacionrangos', await client.voidRanges(voids), 200);
    await expectDescribed('anulacionrangos', await client.voidRanges(voids), 200);
    await expectDescribed('anulacionrangos', await client.voidRanges({ ...voids, xml: 'x' }), 400);
    const list = await client.get('consultadirectorio/api/consultas/listado', {});
    await expectDescribed('directoriolistado', list, 200);
    for (const [RNC, status] of [
      [BUYER, 200],
      ['', 400],
      ['1', 400],
    ] as const) {
      const path = 'consultadirectorio/api/consultas/obtenerdirectorioporrnc';
      await expectDescribed('directorioporrnc', await client.get(path, { RNC }), status);
    }
  });

  it('is described, of the emisor-receptor', async () => {
    const semilla = await fetch(client.path('emisorreceptor/fe/autenticacion/api/semilla'));
    const xml = await expectDescribed('receptorsemilla', semilla, 200);
    const signed = { name: 's.xml', xml: signForeign(Buffer.from(xml), signer).xml };
    const valid = await own('fe/autenticacion/api/validacioncertificado', signed);
    await expectDescribed('receptorvalidacion', valid, 200);
    const file = await signedEcf(ecf({ encf: 'E310000000003' }), signer);
    await expectDescribed('receptorrecepcion', await own('fe/recepcion/api/ecf', file), 200);
    const nothing = await own('fe/recepcion/api/ecf', { ...file, xml: 'x' });
    await expectDescribed('receptorrecepcion', nothing, 400);
    const receiver = client.path('emisorreceptor');
    const emission = {
      rnc: BUYER,
      tipoEncf: '31',
      urlRecepcion: receiver,
      urlAutenticacion: receiver,
    };
    const issued = await expectDescribed(
      'emisoremision',
      await order('emisioncomprobantes', emission),
      200,
    );
    await expectDescribed('emisoremision', await order('emisioncomprobantes', {}), 400);
    const rnc = /<RNCEmisor>(\d+)</.exec(issued)?.[1] ?? '';
    const encf = /<eNCF>(E\d+)</.exec(issued)?.[1] ?? '';
    const receipt = await client.get('emisorreceptor/api/emision/consultaacuserecibo', {
      Rnc: BUYER,
      Encf: encf,
    });
    await expectDescribed('emisoracuse', receipt, 200);
    const approval = {
      urlAprobacionComercial: receiver,
      urlAutenticacion: receiver,
      rnc,
      encf,
      estadoAprobacion: '1',
    };
    const approved = await order('envioaprobacioncomercial', approval);
    const acecf = await expectDescribed('emisoraprobacion', approved, 200);
    await expectDescribed('emisoraprobacion', await order('envioaprobacioncomercial', {}), 400);
    const again = { name: `${BUYER}${encf}.xml`, xml: acecf };
    const taken = await own('fe/aprobacioncomercial/api/ecf', again);
    await expectDescribed('receptoraprobacion', taken, 200);
  });

  it('is described, of stamps and the status host', async () => {
    for (const [name, host] of [
      ['consultatimbre', 'ecf'],
      ['consultatimbrefc', 'fc'],
    ] as const) {
      await expectDescribed(name, await fetch(client.path(name, host)), 200);
    }
    const base = `${simulator.url}/statusecf/api/estatusservicios`;
    const key = { headers: { authorization: 'Apikey x' } };
    await expectDescribed('obtenerestatus', await fetch(`${base}/obtenerestatus`), 401);
    for (const name of STATUS_RESOURCES) {
      await expectDescribed(name, await fetch(`${base}/${name}?ambiente=1`, key), 200);
    }
    await expectDescribed('verificarestado', await fetch(`${base}/verificarestado`, key), 400);
  });

  it('is described, without a token', async () => {
    const stranger = new TestClient(simulator.url);
    const file = await signedEcf(ecf({ encf: 'E310000000004' }), signer);
    await expectDescribed('recepcion', await stranger.sendEcf(file), 401);
    await expectDescribed('consultaresultado', await stranger.result('x'), 401);
  });

  it('was seen of every operation', () => {
    expect([...covered].sort()).toEqual([...OPERATIONS, ...STATUS_RESOURCES].sort());
  });
});

describe('the help pages', () => {
  it('are beside their services, by any case, with own files only', async () => {
    for (const path of ['/ecf/testecf/autenticacion', '/FC/CerteCF/RecepcionFC', '/statusecf']) {
      const answer = await fetch(`${simulator.url}${path}/Help/Index.html`);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      const html = await answer.text();
      expect(html).not.toMatch(/<script(?![^>]*src="[a-z])|https?:|\sstyle=/);
      for (const [, file = ''] of html.matchAll(/(?:src|href)="([a-z][\w.-]+)"/g)) {
        const served = await fetch(`${simulator.url}${path}/help/${file}`);
        expect([file, served.status]).toEqual([file, 200]);
        expect(served.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
      }
    }
  });

  it('are found without a file name', async () => {
    const answer = await fetch(`${simulator.url}/ecf/TesteCF/recepcion/help/`, {
      redirect: 'manual',
    });
    expect(answer.headers.get('location')).toBe('/ecf/TesteCF/recepcion/help/index.html');
  });

  it('are only where the service is, and serve nothing else of the package', async () => {
    for (const path of [
      '/ecf/certecf/consultaestado/help/index.html',
      '/fc/testecf/consultarfce/swagger/v1/swagger.json',
      '/ecf/testecf/recepcion/help/swagger-ui.js',
      '/ecf/testecf/recepcion/help/package.json',
      '/ecf/testecf/recepcion/help/..%2findex.html',
    ]) {
      expect([path, (await fetch(simulator.url + path)).status]).toEqual([path, 404]);
    }
  });
});
