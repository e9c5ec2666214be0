import type { EcfDocument } from '@getupnet/ecf';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedEcf, signedRfce } from '../testing/documents.js';

const HOSTILE = `<script>alert("1")</script>'"><img src=x onerror=alert(1)>`;
const NOT_FOUND = 'No fue encontrada la factura (e-CF).';

let simulator: Simulator;
let client: TestClient;
const signer = testSigner();

beforeAll(async () => {
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

interface Stamped {
  readonly html: string;
  readonly rows: readonly (readonly string[])[];
}

const texts = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`, 'g'))].map(([, text = '']) =>
    text.replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
  );

async function stamp(
  page: 'ConsultaTimbre' | 'ConsultaTimbreFC',
  query: Record<string, string>,
): Promise<Stamped> {
  const host = page === 'ConsultaTimbre' ? 'ecf' : 'fc';
  const answer = await fetch(`${client.path(page, host)}?${new URLSearchParams(query).toString()}`);
  const html = await answer.text();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
  const names = texts(html, 'th');
  return { html, rows: texts(html, 'td').map((value, at) => [names[at] ?? '', value]) };
}

/** Sends a document and returns the address parameters of its QR. */
async function issue(document: EcfDocument): Promise<Record<string, string>> {
  const { eNCF } = document.Encabezado.IdDoc;
  await client.sendEcf(await signedEcf(document, signer));
  const [line] = await simulator.control.ledger({ encf: eNCF });
  const { facts } = line ?? {};
  return {
    RncEmisor: ISSUER,
    RncComprador: BUYER,
    ENCF: eNCF,
    FechaEmision: facts?.fechaEmision ?? '',
    MontoTotal: facts?.montoTotal ?? '',
    FechaFirma: facts?.fechaFirma ?? '',
    CodigoSeguridad: facts?.codigoSeguridad ?? '',
  };
}

describe('consultatimbre', () => {
  let query: Record<string, string>;

  beforeAll(async () => {
    query = await issue(ecf({ encf: 'E310000000001', price: '1500.50' }));
  });

  it('shows what the document says and its state', async () => {
    const { rows, html } = await stamp('ConsultaTimbre', query);
    expect(rows).toEqual([
      ['RNC emisor', ISSUER],
      ['Razón social emisor', 'EMISOR & CIA "PRUEBA"'],
      ['RNC comprador', BUYER],
      ['Razón social comprador', 'COMPRADOR <UNO>'.replace('>', '&gt;')],
      ['e-NCF', 'E310000000001'],
      ['Fecha de emisión', query['FechaEmision']],
      ['Total de ITBIS', expect.stringMatching(/^\d+(\.\d+)?$/)],
      ['Monto total', '1500.50'],
      ['Estado', 'Aceptado'],
    ]);
    expect(html).not.toContain('Nota del simulador');
  });

  it('ignores upper and lower case of path and parameters, and zeros of the amount', async () => {
    const lower = Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const parameters = new URLSearchParams({ ...lower, montototal: '1500.5' }).toString();
    for (const path of ['consultatimbre', 'CONSULTATIMBRE', 'ConsultaTimbre']) {
      const answer = await fetch(`${simulator.url}/ecf/TesteCF/${path}?${parameters}`);
      expect(await answer.text()).toContain('<td>Aceptado</td>');
    }
  });

  it('shows no RNC of a buyer who has none', async () => {
    const document = ecf({ encf: 'E320000000009', price: '300000.00' });
    document.Encabezado.Comprador = {
      IdentificadorExtranjero: 'P-1234567',
      RazonSocialComprador: 'VISITANTE',
    };
    const { RncComprador: _, ...own } = await issue(document);
    const { rows } = await stamp('ConsultaTimbre', own);
    expect(rows.map(([name]) => name)).not.toContain('RNC comprador');
    expect(rows).toContainEqual(['Razón social comprador', 'VISITANTE']);
    expect(rows.at(-1)).toEqual(['Estado', 'Aceptado']);
  });

  it('shows a rejection, and a conditional acceptance as an acceptance', async () => {
    const forced = { '2': 'E310000000010', '4': 'E310000000011' } as const;
    for (const [codigo, encf] of Object.entries(forced)) {
      simulator.control.forceVerdict({ encf, codigo: codigo as '2' | '4' });
      const { rows } = await stamp('ConsultaTimbre', await issue(ecf({ encf })));
      expect(rows.at(-1)).toEqual(['Estado', codigo === '2' ? 'Rechazado' : 'Aceptado']);
    }
  });

  it.each([
    ['MontoTotal', '1500.51'],
    ['CodigoSeguridad', 'AAAAAA'],
    ['RncComprador', ISSUER],
    ['FechaEmision', '01-01-2020'],
    ['FechaFirma', '01-01-2020 00:00:00'],
  ])('does not find a document whose %s is another', async (name, value) => {
    const { html, rows } = await stamp('ConsultaTimbre', { ...query, [name]: value });
    expect(rows).toEqual([]);
    expect(html).toContain(NOT_FOUND);
    expect(html).toContain(`${name} no es el del documento.`);
  });

  it.each([
    ['RncEmisor', ''],
    ['ENCF', 'E31'],
    ['MontoTotal', '1,500.50'],
    ['MontoTotal', '-1'],
    ['CodigoSeguridad', ''],
    ['FechaFirma', '2026-01-01'],
  ])('finds nothing by a wrong %s, «%s»', async (name, value) => {
    const { html, rows } = await stamp('ConsultaTimbre', { ...query, [name]: value });
    expect(rows).toEqual([]);
    expect(html).toContain(NOT_FOUND);
    expect(html).toContain(value === '' ? `Falta ${name}.` : `${name} no tiene la forma debida`);
  });

  it('does not know what was never sent, nor in another environment', async () => {
    const unknown = await stamp('ConsultaTimbre', { ...query, ENCF: 'E310000009999' });
    expect(unknown.html).toContain(NOT_FOUND);
    const address = `${simulator.url}/ecf/ecf/consultatimbre?${new URLSearchParams(query).toString()}`;
    expect(await (await fetch(address)).text()).toContain(NOT_FOUND);
  });
});

describe('consultatimbrefc', () => {
  it('shows issuer, number and state, and nothing else', async () => {
    const encf = 'E320000000001';
    const document = ecf({ encf });
    const file = await signedRfce(document, signer);
    await client.sendRfce(file);
    const code = /<CodigoSeguridadeCF>(.{6})</.exec(file.xml)?.[1] ?? '';
    const query = { RncEmisor: ISSUER, ENCF: encf, MontoTotal: '1000.00', CodigoSeguridad: code };
    const { rows } = await stamp('ConsultaTimbreFC', query);
    expect(rows.map(([name]) => name)).toEqual([
      'RNC emisor',
      'Razón social emisor',
      'e-NCF',
      'Estado',
    ]);
    const elsewhere = await stamp('ConsultaTimbre', query);
    expect(elsewhere.rows).toEqual([]);
    expect(elsewhere.html).toContain('ConsultaTimbreFC.');
    const other = await stamp('ConsultaTimbreFC', { ...query, MontoTotal: '1000.01' });
    expect(other.rows).toEqual([]);
  });
});

describe('what others wrote', () => {
  it('is text on the page, in documents and in parameters', async () => {
    const document = ecf({ encf: 'E310000000020' });
    document.Encabezado.Emisor.RazonSocialEmisor = HOSTILE;
    document.Encabezado.Comprador = { RNCComprador: BUYER, RazonSocialComprador: HOSTILE };
    const query = await issue(document);
    const { html, rows } = await stamp('ConsultaTimbre', query);
    expect(rows.at(-1)).toEqual(['Estado', 'Aceptado']);
    expect(html).not.toMatch(/<script|<img/i);
    expect(html).toContain('&lt;script&gt;alert(&#34;1&#34;)');
    for (const name of Object.keys(query)) {
      const hostile = await stamp('ConsultaTimbre', { ...query, [name]: HOSTILE });
      expect(hostile.html).not.toMatch(/<script|<img/i);
      expect(hostile.html).toContain(NOT_FOUND);
    }
  });

  it('could not run anyway: the page allows no script, and one style sheet by its digest', async () => {
    const { html } = await stamp('ConsultaTimbre', {});
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toMatch(/^default-src &#39;none&#39;; style-src &#39;sha256-/);
    expect(policy).not.toMatch(/unsafe|script-src/);
    expect(html).not.toMatch(/\son\w+=|\sstyle=/);
  });
});
