import type { Environment } from '@getupnet/contracts';
import type { Exchange, HttpRequest, HttpTransport } from '@getupnet/http-client';
import fc from 'fast-check';
import { meaningOf } from './answers.js';
import { approvalMeaning, voidMeaning } from './declaration-answers.js';
import { DgiiApi } from './dgii-api.js';
import type { DgiiAnswer } from './dgii-call.js';
import { DgiiStatusApi } from './dgii-status-api.js';
import { EmisorReceptorApi } from './emisor-receptor-api.js';
import { DgiiEndpoints } from './endpoints.js';
import { cleanText } from './texts.js';
import { DGII_SERVICES, type DgiiService } from './services.js';

const endpoints = new DgiiEndpoints({ baseUrl: 'http://dgii.test' });
const token = 't0ken';
const rnc = '131880738';
const encf = 'E310000000001';
const xml = '<x/>';
const now = new Date('2026-01-02T03:04:05Z');
const document = { rnc, encf, xml };
const approval = { rncComprador: rnc, encf, xml };

let requests: HttpRequest[];
let exchange: Exchange;
const transport = {
  send: (request: HttpRequest) => {
    requests.push(request);
    return Promise.resolve(exchange);
  },
} as unknown as HttpTransport;
const api = new DgiiApi(endpoints, transport);
const status = new DgiiStatusApi(endpoints, transport);
const counterpart = new EmisorReceptorApi(endpoints, transport);
const call = (environment: Environment = 'testecf') => ({ environment, token });
const verdictQuery = { rnc, encf, buyerRnc: null, codigoSeguridad: 'a+/b=c' };
const emission = { rnc, tipoEncf: '31', urlRecepcion: 'https://a.do', urlAutenticacion: null };
const asked = {
  rnc,
  encf,
  estadoAprobacion: '1',
  urlAprobacionComercial: 'https://a.do',
  urlAutenticacion: null,
} as const;

type Operation = () => Promise<DgiiAnswer<unknown>>;

/** Every operation: service, call, method, and where it goes. */
const OPERATIONS: readonly (readonly [DgiiService, Operation, 'GET' | 'POST', string])[] = [
  [
    'autenticacion',
    () => api.getSemilla('testecf'),
    'GET',
    '/ecf/testecf/autenticacion/api/autenticacion/semilla',
  ],
  [
    'autenticacion',
    () => api.validarSemilla('certecf', xml),
    'POST',
    '/ecf/certecf/autenticacion/api/autenticacion/validarsemilla',
  ],
  [
    'recepcion',
    () => api.enviarEcf(call(), document),
    'POST',
    '/ecf/testecf/recepcion/api/facturaselectronicas',
  ],
  [
    'recepcionfc',
    () => api.enviarRfce(call(), document),
    'POST',
    '/fc/testecf/recepcionfc/api/recepcion/ecf',
  ],
  [
    'consultaresultado',
    () => api.consultarResultado(call(), 'a b'),
    'GET',
    '/ecf/testecf/consultaresultado/api/consultas/estado?trackid=a+b',
  ],
  [
    'consultatrackids',
    () => api.consultarTrackIds(call(), document),
    'GET',
    `/ecf/testecf/consultatrackids/api/trackids/consulta?rncemisor=${rnc}&encf=${encf}`,
  ],
  [
    'consultaestado',
    () => api.consultarEstado(call(), verdictQuery),
    'GET',
    `/ecf/testecf/consultaestado/api/consultas/estado?rncemisor=${rnc}&ncfelectronico=${encf}` +
      '&codigoseguridad=a%2B%2Fb%3Dc',
  ],
  [
    'consultarfce',
    () => api.consultarRfce(call('ecf'), verdictQuery),
    'GET',
    `/fc/ecf/consultarfce/api/Consultas/Consulta?RNC_Emisor=${rnc}&ENCF=${encf}` +
      '&Cod_Seguridad_eCF=a%2B%2Fb%3Dc',
  ],
  [
    'aprobacioncomercial',
    () => api.enviarAprobacion(call('certecf'), approval),
    'POST',
    '/ecf/certecf/aprobacioncomercial/api/aprobacioncomercial',
  ],
  [
    'anulacionrangos',
    () => api.anularRangos(call(), { rnc, xml, now }),
    'POST',
    '/ecf/testecf/anulacionrangos/api/operaciones/anularrango',
  ],
  [
    'consultadirectorio',
    () => api.directory(call('ecf'), rnc),
    'GET',
    `/ecf/ecf/consultadirectorio/api/consultas/obtenerdirectorioporrnc?RNC=${rnc}`,
  ],
  [
    'consultadirectorio',
    () => api.directory(call(), rnc),
    'GET',
    `/ecf/testecf/consultadirectorio/api/consultas/listado?RNC=${rnc}`,
  ],
  [
    'consultadirectorio',
    () => api.directoryList(call()),
    'GET',
    '/ecf/testecf/consultadirectorio/api/consultas/listado',
  ],
  [
    'estatusservicios',
    () => status.statuses('testecf', 'key'),
    'GET',
    '/statusecf/api/estatusservicios/obtenerestatus',
  ],
  [
    'estatusservicios',
    () => status.maintenanceWindows('testecf', 'key'),
    'GET',
    '/statusecf/api/estatusservicios/obtenerventanasmantenimiento',
  ],
  [
    'estatusservicios',
    () => status.available('ecf', 'key'),
    'GET',
    '/statusecf/api/estatusservicios/verificarestado?ambiente=2',
  ],
  [
    'emisorreceptor',
    () => counterpart.getSemilla(),
    'GET',
    '/ecf/testecf/emisorreceptor/fe/autenticacion/api/semilla',
  ],
  [
    'emisorreceptor',
    () => counterpart.validarCertificado(xml),
    'POST',
    '/ecf/testecf/emisorreceptor/fe/autenticacion/api/validacioncertificado',
  ],
  [
    'emisorreceptor',
    () => counterpart.emitir({ token }, emission),
    'POST',
    '/ecf/testecf/emisorreceptor/api/emision/emisioncomprobantes',
  ],
  [
    'emisorreceptor',
    () => counterpart.consultarAcuse({ token }, document),
    'GET',
    `/ecf/testecf/emisorreceptor/api/emision/consultaacuserecibo?Rnc=${rnc}&Encf=${encf}`,
  ],
  [
    'emisorreceptor',
    () => counterpart.enviarAprobacion({ token }, asked),
    'POST',
    '/ecf/testecf/emisorreceptor/api/emision/envioaprobacioncomercial',
  ],
  [
    'emisorreceptor',
    () => counterpart.entregarEcf({ token }, document),
    'POST',
    '/ecf/testecf/emisorreceptor/fe/recepcion/api/ecf',
  ],
  [
    'emisorreceptor',
    () => counterpart.entregarAprobacion({ token }, approval),
    'POST',
    '/ecf/testecf/emisorreceptor/fe/aprobacioncomercial/api/ecf',
  ],
];

const answer = (code: number, body: string, contentType = 'application/json'): Exchange => ({
  kind: 'answer',
  status: code,
  contentType,
  body,
});

beforeEach(() => {
  requests = [];
  exchange = answer(200, '');
});

describe('every operation', () => {
  it('is listed: no service of DGII is without one', () => {
    expect(new Set(OPERATIONS.map(([service]) => service))).toEqual(new Set(DGII_SERVICES));
  });

  it.each(OPERATIONS)('%s: one request, %# → %s', async (_service, run, method, path) => {
    await run();
    expect(requests.map(({ url, method: used }) => [used, url.href])).toEqual([
      [method, `http://dgii.test${path}`],
    ]);
  });

  it.each(OPERATIONS)('%s: says honestly what came of it (%#)', async (_service, run) => {
    const kindAfter = async (what: Exchange): Promise<string> => {
      exchange = what;
      return (await run()).kind;
    };
    expect(await kindAfter({ kind: 'lost', reason: 'timeout' })).toBe('lost');
    expect(await kindAfter({ kind: 'unsent', reason: 'ECONNREFUSED' })).toBe('unsent');
    expect(await kindAfter(answer(401, ''))).toBe('unauthorized');
    expect(await kindAfter(answer(400, '"El RNC no está delegado"'))).toBe('refused');
    for (const code of [400, 403, 404, 405, 429, 500, 503]) {
      expect(await kindAfter(answer(code, '<html></html>', 'text/html'))).toBe('unusable');
    }
    expect(await kindAfter(answer(200, '<html></html>', 'text/html'))).toBe('unusable');
    expect(await kindAfter(answer(302, ''))).toBe('unusable');
  });

  it('throws at nothing, keeps the raw body and makes a verdict of nothing unknown', async () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ codigo: value, estado: value, rnc: value })),
      fc.jsonValue().map((value) => JSON.stringify({ mensajes: value, trackId: value })),
      fc.constantFrom('{"codigo":"1"', '[[]]', '{"estado":"constructor"}', '\uFEFF', '"\\""', '{}'),
    );
    const code = fc.constantFrom(200, 201, 204, 400, 401, 403, 422, 500);
    const type = fc.constantFrom('application/json', 'text/plain', 'text/html', '');
    await fc.assert(
      fc.asyncProperty(fc.nat(OPERATIONS.length - 1), body, code, type, async (at, text, c, t) => {
        exchange = answer(c, text, t);
        const result = await OPERATIONS[at]?.[1]();
        if (!result) throw new Error('no operation');
        if ('raw' in result) expect(result.raw).toBe(cleanText(text));
        const [known, unknown] = [c >= 200 && c < 300, t === 'text/html'];
        if (result.kind === 'ok') expect([known, unknown]).toEqual([true, false]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no other words or codes than DGII’s for a verdict', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (codigo, estado) => {
        const known = /^0*[0-4]$/.test(codigo.trim());
        fc.pre(!/acept|rechaz|proceso|encontrad|aprobad/i.test(estado));
        expect([
          meaningOf({ codigo, estado }),
          approvalMeaning({ codigo, estado }),
          known ? null : voidMeaning({ rnc, codigo }),
        ]).toEqual([null, null, null]);
      }),
    );
  });
});

describe('a semilla', () => {
  const root = 'SemillaModel xmlns:xsi="urn:a" xmlns:xsd="urn:b"';
  const good =
    `<?xml version="1.0" encoding="utf-8"?>\r\n<${root}>\r\n  <valor>YQ+/==</valor>` +
    '\r\n  <fecha>2026-06-15T10:29:58.1234567-04:00</fecha>\r\n</SemillaModel>\r\n';

  it.each([
    ['as DGII sends it', good],
    ['without a declaration', '<SemillaModel><valor>a</valor><fecha>b</fecha></SemillaModel>'],
  ])('is taken %s', async (_name, body) => {
    exchange = answer(200, `\uFEFF${body}`, 'application/xml');
    expect(await api.getSemilla('testecf')).toMatchObject({ kind: 'ok', value: body });
    expect(await counterpart.getSemilla()).toMatchObject({ kind: 'ok', value: body });
  });

  it.each([
    ['in a comment of an e-CF', `<ECF><!-- ${good} --></ECF>`],
    ['behind a comment', `<!-- x -->${good}`],
    ['before an e-CF', `${good}<ECF></ECF>`],
    ['with an e-CF in it', good.replace('</fecha>', '</fecha><ECF></ECF>')],
    ['with a comment in it', good.replace('<valor>', '<!-- x --><valor>')],
    ['with CDATA', good.replace('YQ+/==', '<![CDATA[x]]>')],
    ['with a document type', good.replace('<Sem', '<!DOCTYPE x [<!ENTITY y "z">]><Sem')],
    ['with another attribute', good.replace('<SemillaModel', '<SemillaModel Id="x"')],
    ['with another namespace', good.replace('<SemillaModel', '<SemillaModel xmlns="urn:x"')],
    ['without a date', good.replace(/<fecha>.*<.fecha>/, '')],
    ['that has no end', good.replace('YQ', 'a'.repeat(9_000))],
    ['that begins only', '<SemillaModel><valor>'],
  ])('is none %s', async (_name, body) => {
    exchange = answer(200, body, 'application/xml');
    expect(await api.getSemilla('testecf')).toMatchObject({ kind: 'unusable' });
    expect(await counterpart.getSemilla()).toMatchObject({ kind: 'unusable' });
  });
});

describe('a reception without a trackId', () => {
  it.each([
    ['La firma del documento es inválida', 'refused'],
    ['El RNC del certificado no está delegado', 'refused'],
    ['El XML no cumple con el esquema', 'refused'],
    ['Tiempo de espera agotado', 'unusable'],
    ['Error interno al validar el formato. Intente nuevamente', 'unusable'],
    ['Ha ocurrido un error', 'unusable'],
  ])('that says «%s» is %s', async (mensaje, kind) => {
    exchange = answer(200, JSON.stringify({ trackId: null, error: null, mensaje }));
    expect(await api.enviarEcf(call(), document)).toMatchObject({ kind });
  });
});

it('a base without a path leads to one path, not to two strokes', async () => {
  const overrides = { 'testecf/recepcion': 'https://proxy.example/' };
  await new DgiiApi(new DgiiEndpoints({ overrides }), transport).enviarEcf(call(), document);
  expect(requests[0]?.url.href).toBe('https://proxy.example/api/facturaselectronicas');
});

it('a token that no header can carry is none', async () => {
  const body = (made: string): string => JSON.stringify({ token: made });
  const good = 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln';
  exchange = answer(200, body(good));
  expect(await api.validarSemilla('testecf', xml)).toMatchObject({ value: { token: good } });
  for (const bad of [`${good}\n${good}`, `${good}ñ`, 'a b', 'x', 'a'.repeat(9_000)]) {
    exchange = answer(200, body(bad));
    expect(await api.validarSemilla('testecf', xml)).toMatchObject({ kind: 'unusable' });
  }
});

describe('requests', () => {
  const bodyOf = (at = 0): string => requests[at]?.body?.toString('utf8') ?? '';

  it('carry the file names DGII asks for', async () => {
    await api.enviarAprobacion(call(), approval);
    await api.anularRangos(call(), { rnc, xml, now });
    expect(bodyOf(0)).toContain(`filename="${rnc}${encf}.xml"`);
    expect(bodyOf(1)).toContain(`filename="${rnc}-ANECF-01012026230405.xml"`);
  });

  it('carry JSON where DGII takes JSON', async () => {
    await counterpart.emitir({ token }, emission);
    expect(requests[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(bodyOf())).toEqual(emission);
  });

  it('carry a bearer token, or the key of the status host', async () => {
    await api.directoryList(call());
    await status.statuses('testecf', 'key');
    const sent = requests.map(({ headers }) => headers['authorization']);
    expect(sent).toEqual([`Bearer ${token}`, 'Apikey key']);
  });

  it('only the listing may be larger than a megabyte', async () => {
    for (const [, run] of OPERATIONS) await run();
    const large = requests.filter(({ maxAnswerBytes }) => maxAnswerBytes !== undefined);
    expect(large.map(({ url }) => url.pathname)).toEqual([
      '/ecf/testecf/consultadirectorio/api/consultas/listado',
    ]);
  });
});

describe('answers', () => {
  it('of a body that is free: the status says it all', async () => {
    const outcome = async (what: Exchange): Promise<string> => {
      exchange = what;
      return (await counterpart.entregarAprobacion({ token }, approval)).kind;
    };
    expect(await outcome(answer(200, ''))).toBe('ok');
    expect(await outcome(answer(200, '{"codigo":"OK"}'))).toBe('ok');
    expect(await outcome(answer(400, ''))).toBe('refused');
    expect(await outcome(answer(500, ''))).toBe('unusable');
  });

  it('that are documents are taken only with the right root', async () => {
    exchange = answer(200, '<?xml version="1.0"?>\n<ARECF><x/></ARECF>', 'application/xml');
    expect(await counterpart.entregarEcf({ token }, document)).toMatchObject({ kind: 'ok' });
    exchange = answer(200, '<ARECFX/>', 'application/xml');
    expect(await counterpart.entregarEcf({ token }, document)).toMatchObject({ kind: 'unusable' });
  });

  it('of services that the environment lacks are never asked for', async () => {
    expect(await api.anularRangos(call('certecf'), { rnc, xml, now })).toEqual({
      kind: 'unsupported',
    });
    expect(await api.directoryList(call('certecf'))).toEqual({ kind: 'unsupported' });
    expect(requests).toEqual([]);
  });
});
