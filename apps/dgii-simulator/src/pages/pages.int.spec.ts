import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { faultSchema } from '../faults/fault.js';
import {
  MAGIC_APPROVALS,
  MAGIC_RECEIPTS,
  MAGIC_RECEPTIONS,
  MAGIC_VOIDS,
} from '../faults/magic.data.js';
import { TestClient, testSigner } from '../testing/client.js';
import { ISSUER, ecf, signedAnecf, signedEcf } from '../testing/documents.js';

let simulator: Simulator;
let client: TestClient;
const signer = testSigner();

// Its authority's key takes a second to make: it is kept, the ledger is not.
const dataDir = mkdtempSync(join(tmpdir(), 'dgii-simulator-pages-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

beforeEach(async () => {
  rmSync(join(dataDir, 'ledger.jsonl'), { force: true });
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0, seed: 'pages', dataDir });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterEach(() => simulator.close());

const page = async (path = '/'): Promise<string> => (await fetch(`${simulator.url}${path}`)).text();

async function send(encf: string): Promise<Response> {
  return client.sendEcf(await signedEcf(ecf({ encf }), signer));
}

/** Cells of the first column of the calls on the page. */
const calls = (html: string): string[] =>
  [...html.matchAll(/href="(\/_pages\/llamadas\/\d+)"/g)].map(([, href = '']) => href);

/** An open page: the events it is sent, until one says what is waited for. */
class Viewer {
  private received = '';

  private constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  static async open(query = ''): Promise<Viewer> {
    const answer = await fetch(`${simulator.url}/_pages/llamadas${query}`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    if (answer.body === null) throw new Error('no stream');
    return new Viewer(answer.body.getReader());
  }

  async until(text: string): Promise<string> {
    while (!this.received.includes(text)) {
      const { done, value } = await this.reader.read();
      if (done) throw new Error(`the stream ended without ${text}`);
      this.received += Buffer.from(value).toString();
    }
    return this.received;
  }

  async close(): Promise<void> {
    await this.reader.cancel();
  }
}

describe('the page', () => {
  it('runs own files only, and works without any other server', async () => {
    const answer = await fetch(`${simulator.url}/`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await answer.text();
    expect(html).toContain('lang="es-DO"');
    expect(html).not.toMatch(/<script(?![^>]*src="\/)|\son\w+="|\sstyle="/);
    const needed = [...html.matchAll(/(?:src|href)="(\/_pages\/panel\.[^"]+)"/g)];
    expect(needed).toHaveLength(2);
    for (const [, address = ''] of needed) {
      const file = await fetch(simulator.url + address);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-type')).toMatch(/^text\/(css|javascript)/);
      expect(await file.text()).not.toMatch(/https?:\/\/(?!localhost)/);
    }
  });

  it('tells what became of numbers: used, voided, free again', async () => {
    simulator.control.forceVerdict({
      encf: 'E310000000007',
      codigo: '2',
      secuenciaUtilizada: false,
    });
    await send('E310000000001');
    await send('E310000000007');
    await client.voidRanges(await signedAnecf([['31', 100, 119]], signer));
    const state = {
      environment: 'testecf',
      rnc: ISSUER,
      tipo: '31',
      used: 1,
      voided: 20,
      free: 1,
      highest: 7,
    };
    expect(simulator.control.sequences()).toEqual([state]);
    expect(await (await fetch(`${simulator.url}/_control/sequences`)).json()).toEqual([state]);
    const section = (await page()).split('id="secuencias"')[1]?.split('</section>')[0] ?? '';
    const cells = [...section.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text);
    expect(cells).toEqual(['testecf', ISSUER, '31', '1', '20', '1', '7']);
  });

  it('offers every kind of fault there is, and lists those that are on', async () => {
    const kinds = faultSchema.options.map((option) => option.shape.kind.value);
    const html = await page();
    const offered = [...html.matchAll(/data-variant="([^"]+)"/g)].map(([, kind]) => kind);
    expect(offered).toEqual(kinds);
    expect(kinds.length).toBeGreaterThan(6);
    const id = simulator.control.addFault({ kind: 'delay', ms: 1, operation: 'semilla' });
    simulator.control.forceVerdict({ encf: 'E310000000099', codigo: '4' });
    for (const address of ['/', '/_pages/estado']) {
      const shown = await page(address);
      expect(shown).toContain(`data-delete="/_control/faults/${id}"`);
      expect(shown).toContain('E310000000099');
    }
  });

  it('shows the magic values and the addresses under the name it was asked by', async () => {
    const html = await page();
    const values = [...MAGIC_RECEPTIONS, ...MAGIC_RECEIPTS].flatMap((row) => [
      row.buyer,
      row.amount,
    ]);
    for (const value of [...values, ...Object.keys({ ...MAGIC_APPROVALS, ...MAGIC_VOIDS })]) {
      expect(html).toContain(`<code>${value}</code>`);
    }
    const { port } = new URL(simulator.url);
    const named = await (await fetch(`http://localhost:${port}/`)).text();
    expect(named).toContain(`data-copy="http://localhost:${port}/ecf/testecf/recepcion"`);
    expect(named).toContain(`data-copy="http://localhost:${port}/fc/ecf/consultarfce"`);
    expect(named).not.toContain('/ecf/certecf/consultaestado');
  });
});

describe('traffic', () => {
  it('keeps the lines of the ledger while nobody watches', async () => {
    await send('E310000000001');
    const [address = ''] = calls(await page());
    const details = await page(address);
    expect(details).toContain('Línea 2 de la bitácora');
    expect(details).toContain('&#34;encf&#34;: &#34;E310000000001&#34;');
    expect(details).not.toContain('Duración');
  });

  it('tells an open page of every call, with duration, answer and fate', async () => {
    const viewer = await Viewer.open();
    const { trackId } = (await (await send('E310000000001')).json()) as { trackId: string };
    await client.result(trackId);
    await client.semilla();
    simulator.control.addFault({ kind: 'answer-lost', operation: 'recepcion', times: 1 });
    await expect(send('E310000000002')).rejects.toThrow();
    const events = await viewer.until('retenida');
    await viewer.close();
    expect(events).toContain('event: rows');
    const shown = calls(await page());
    const [lost = '', fault = '', semilla = '', result = '', first = ''] = await Promise.all(
      shown.map((address) => page(address)),
    );
    expect(first).toMatch(/Duración<\/dt>\s*<dd>[\d.]+ ms/);
    expect(first).toContain(`{&#34;trackId&#34;:&#34;${trackId}&#34;`);
    expect(result).toContain('Esta llamada no deja línea en la bitácora.');
    expect(result).toMatch(/e-NCF<\/dt>\s*<dd>E310000000001/);
    expect(result).toContain('Aceptado');
    expect(semilla).toContain('SemillaModel');
    expect(fault).toContain('fault-set');
    expect(fault).not.toContain('cortada');
    expect(lost).toContain('answer-lost');
    expect(lost).toMatch(/Procesada<\/dt>\s*<dd>Sí/);
    expect(lost).toContain('retenida');
  });

  it('sends a page only what it looks for, from the call it saw last', async () => {
    await send('E310000000001');
    await send('E310000000002');
    await send('E310000000012');
    const viewer = await Viewer.open('?encf=e31000000000&after=2');
    const events = await viewer.until('event: rows');
    await viewer.close();
    expect(events).toContain('E310000000002');
    expect(events).not.toContain('E310000000001');
    expect(events).not.toContain('E310000000012');
    expect(events).toContain('id: 4\n');
    const filtered = await page('/?encf=E310000000012&service=recepcion&rnc=');
    expect(calls(filtered)).toEqual(['/_pages/llamadas/4']);
    expect(calls(await page('/?service=nonsense&rnc=%3Cb%3E'))).toHaveLength(4);
  });

  it('says when a fault was switched, and lets no more than a few pages in', async () => {
    const viewers = await Promise.all(Array.from({ length: 16 }, () => Viewer.open()));
    const refused = await fetch(`${simulator.url}/_pages/llamadas`);
    expect(refused.status).toBe(503);
    simulator.control.addFault({ kind: 'html' });
    await Promise.all(viewers.map((viewer) => viewer.until('event: state')));
    await Promise.all(viewers.map((viewer) => viewer.close()));
    // Their places are free as soon as the connections are seen to be gone.
    let status = 503;
    for (let attempt = 0; attempt < 1_000 && status === 503; attempt += 1) {
      const answer = await fetch(`${simulator.url}/_pages/llamadas`);
      status = answer.status;
      await answer.body?.cancel();
    }
    expect(status).toBe(200);
  });

  it('has a stream for who reads it only', async () => {
    const head = await fetch(`${simulator.url}/_pages/llamadas`, { method: 'HEAD' });
    expect(head.status).toBe(404);
  });

  it('keeps of a long line what a screen shows', async () => {
    const ranges = Array.from({ length: 60 }, (_, at) => ['31', at * 10 + 1, at * 10 + 2] as const);
    await client.voidRanges(await signedAnecf(ranges, signer));
    const [line] = await simulator.control.ledger({ service: 'anulacionrangos' });
    expect(line?.voided).toHaveLength(60);
    const [address = ''] = calls(await page());
    const details = await page(address);
    expect(details.match(/&#34;first&#34;/g)).toHaveLength(20);
    simulator.control.addFault({ kind: 'chaos', seed: 'x'.repeat(100), environment: 'testecf' });
    const [control = ''] = calls(await page());
    expect(await page(control)).toContain('fault-set');
  });

  it('ends the streams of open pages when the simulator closes', async () => {
    const viewer = await Viewer.open();
    await simulator.close();
    await expect(viewer.until('never')).rejects.toThrow();
  });

  it('shows what callers sent as text', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
    const query = { rncemisor: hostile, encf: hostile };
    await client.get('consultatrackids/api/trackids/consulta', query);
    await client.get('consultaestado/api/consultas/estado', {
      rncemisor: ISSUER,
      ncfelectronico: hostile,
    });
    const html = await page();
    expect(calls(html).length).toBeGreaterThanOrEqual(2);
    const pages = await Promise.all([...calls(html), '/_pages/estado'].map(page));
    for (const shown of [html, ...pages])
      expect(shown).not.toMatch(/<img|<script(?! type="module" src)/i);
    expect(html).toContain('&lt;img src=x');
  });

  it('says so when a call is not known any more', async () => {
    expect((await fetch(`${simulator.url}/_pages/llamadas/99`)).status).toBe(404);
    expect((await fetch(`${simulator.url}/_pages/llamadas/x`)).status).toBe(404);
  });
});
