import type { DocumentResource } from '@getupnet/contracts';
import { SystemClock, dominicanDate } from '@getupnet/kernel';
import { anyCertificate, verify } from '@getupnet/xmldsig';
import { DEMO_DOCUMENTS } from '../../../../tools/launcher/demo-documents.data.js';
import { hasXmlsec, officialXsdDir, validateOfficially, xmlsecAccepts } from '../harness/judges.js';
import { deliveries, expectAcceptedOnce, sentBytes } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

const ECF_ROUTE = ['queued', 'signed', 'sending', 'submitted', 'accepted'];
const RFCE_ROUTE = ['queued', 'signed', 'sending', 'accepted'];

/** From the POST to DGII's verdict, for every type; and reading it all back. */
export function happyPath(platform: () => Platform): void {
  describe('happy path', () => {
    let tenant: E2eTenant;
    const issued: DocumentResource[] = [];
    const numbers = new Map<string, string>();
    const today = dominicanDate(new SystemClock().now());
    const isSummarised = ({ tipo, montoTotal }: DocumentResource) =>
      tipo === '32' && Number(montoTotal) < 250_000;

    beforeAll(async () => {
      tenant = await platform().createTenant();
    });

    test.each(DEMO_DOCUMENTS.map((demo) => [demo.tipo, demo.shows, demo] as const))(
      'type %s (%s) is accepted within its request',
      async (tipo, _shows, demo) => {
        const body = { ECF: demo.tree(numbers, today) };
        const { status, headers, document } = await tenant.api.emit(body, { wait: 20 });
        expect({ status, state: document.state, tipo: document.tipo }).toEqual({
          status: 200,
          state: 'ACCEPTED',
          tipo,
        });
        issued.push(document);
        if (!numbers.has(tipo)) numbers.set(tipo, document.encf);
        expect(headers.get('preference-applied')).toBe('wait=20');
        expect(headers.get('location')).toBe(`/tenant/invoices/${document.id}`);
        expect(headers.get('idempotency-replayed')).toBeNull();
        expect(document.dgii).toMatchObject({
          codigo: '1',
          estado: 'Aceptado',
          secuenciaUtilizada: true,
        });
        expect(await tenant.api.get(document.id)).toEqual(document);
      },
    );

    test('numbers of a type are consecutive from the first', () => {
      expect(issued).toHaveLength(DEMO_DOCUMENTS.length);
      const inOrder = issued.map(({ tipo, encf }) => [tipo, encf]);
      const counts: Record<string, number> = {};
      const expected = issued.map(({ tipo }) => {
        counts[tipo] = (counts[tipo] ?? 0) + 1;
        return [tipo, `E${tipo}${String(counts[tipo]).padStart(10, '0')}`];
      });
      expect(inOrder).toEqual(expected);
    });

    test('the XML is signed, carries number and security code, and its official name', async () => {
      for (const document of issued) {
        const answer = await tenant.api.call('GET', document.links.xml);
        expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
        expect(answer.headers.get('content-disposition')).toBe(
          `attachment; filename="${tenant.rnc}${document.encf}.xml"`,
        );
        const verdict = verify(Buffer.from(answer.text, 'utf8'), { trust: anyCertificate });
        if (!verdict.ok) throw new Error(`${document.encf}: ${verdict.reason}`);
        expect(verdict.whitespace).toBe('kept');
        expect(verdict.codigoSeguridad).toBe(document.codigoSeguridad);
        expect(verdict.signedXml).toContain(`<eNCF>${document.encf}</eNCF>`);
        expect(verdict.signedXml).toContain(
          `<FechaHoraFirma>${document.fechaHoraFirma}</FechaHoraFirma>`,
        );
      }
    });

    (hasXmlsec ? test : test.skip)('xmlsec1 accepts it (skipped without it)', async () => {
      const judge = (xml: string) => xmlsecAccepts(xml, platform().authorityPem);
      for (const document of issued) {
        const xml = await tenant.api.xml(document.id);
        expect([document.encf, judge(xml)]).toEqual([document.encf, true]);
        if (!isSummarised(document)) continue;
        const summary = await sentBytes(platform(), tenant, document);
        expect([document.encf, judge(summary)]).toEqual([document.encf, true]);
        expect(judge(xml.replace('<MontoTotal>', '<MontoTotal>1'))).toBe(false);
      }
    });

    (officialXsdDir ? test : test.skip)(
      'the official schemas accept it (skipped without ECF_OFFICIAL_XSD_DIR)',
      async () => {
        for (const document of issued) {
          validateOfficially(`e-CF-${document.tipo}`, await tenant.api.xml(document.id));
          const sent = await sentBytes(platform(), tenant, document);
          if (isSummarised(document)) validateOfficially('RFCE-32', sent);
        }
      },
    );

    test('the QR opens DGII’s page about this very document', async () => {
      for (const document of issued) {
        const url = new URL(document.qrUrl ?? '');
        expect(url.hostname).toBe(isSummarised(document) ? 'fc.dgii.gov.do' : 'ecf.dgii.gov.do');
        const host = url.hostname.split('.')[0] ?? '';
        const page = await fetch(`${platform().simulator.url}/${host}${url.pathname}${url.search}`);
        const html = await page.text();
        expect({ encf: document.encf, status: page.status }).toEqual({
          encf: document.encf,
          status: 200,
        });
        expect(html).toContain(document.encf);
        expect(html).toContain('Aceptado');
      }
    });

    test('the timeline tells every state once and in order', async () => {
      for (const document of issued) {
        const timeline = await tenant.api.timeline(document.id);
        expect(timeline.map(({ type }) => type.replace('document.', ''))).toEqual(
          isSummarised(document) ? RFCE_ROUTE : ECF_ROUTE,
        );
        const times = timeline.map(({ at }) => at);
        expect(times).toEqual([...times].sort());
      }
    });

    test('DGII got each document once, by its route, byte for byte', async () => {
      for (const document of issued) {
        await expectAcceptedOnce(platform(), tenant, document);
        const seen = await deliveries(platform(), { rnc: tenant.rnc, encf: document.encf });
        expect(seen.map(({ service }) => service)).toEqual([
          isSummarised(document) ? 'recepcionfc' : 'recepcion',
        ]);
      }
    });

    test('the list pages through everything, newest first, and filters', async () => {
      const newestFirst = [...issued].reverse().map(({ id }) => id);
      const pages = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await tenant.api.list({ limit: '4', ...(cursor === '' ? {} : { cursor }) });
        pages.push(page.data.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(pages.flat()).toEqual(newestFirst);
      expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
      const notes = await tenant.api.listAll({ tipo: '32', state: 'ACCEPTED' });
      expect(notes.map(({ tipo }) => tipo)).toEqual(['32', '32']);
      expect(await tenant.api.listAll({ state: 'REJECTED' })).toEqual([]);
      const [one] = await tenant.api.listAll({ encf: issued[0]?.encf ?? '' });
      expect(one).toEqual(issued[0]);
    });

    test('a cursor works for its own tenant and list only', async () => {
      const { nextCursor } = await tenant.api.list({ limit: '1' });
      if (nextCursor === null) throw new Error('more than one document was issued');
      const other = await platform().createTenant({ certificate: 'none' });
      const path = `/tenant/invoices?cursor=${encodeURIComponent(nextCursor)}`;
      expectProblem(await other.api.call('GET', path), 'cursor.invalid');
      const altered = path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      expectProblem(await tenant.api.call('GET', altered), 'cursor.invalid');
      const elsewhere = path.replace('invoices', 'sequences');
      expectProblem(await tenant.api.call('GET', elsewhere), 'cursor.invalid');
    });

    test('another tenant finds none of it', async () => {
      const other = await platform().createTenant({ certificate: 'none' });
      const [document] = issued;
      if (!document) throw new Error('nothing was issued');
      expect(await other.api.listAll()).toEqual([]);
      for (const path of ['', '/xml', '/timeline']) {
        const answer = await other.api.call('GET', `${document.links.self}${path}`);
        expectProblem(answer, 'resource.not_found');
      }
      expectProblem(await other.api.retry(document.id), 'resource.not_found');
    });

    test('a wait of 0 or none answers 202 at once; a long one is cut to 25 s', async () => {
      const body = { ECF: DEMO_DOCUMENTS[0]?.tree(numbers, today) };
      const plain = await tenant.api.emit(body);
      expect(plain.status).toBe(202);
      expect(plain.headers.get('preference-applied')).toBeNull();
      expect(plain.document).toMatchObject({ state: 'QUEUED', codigoSeguridad: null, qrUrl: null });
      const long = await tenant.api.emit(body, { wait: 3_600 });
      expect(long.headers.get('preference-applied')).toBe('wait=25');
      expect(long.document.state).toBe('ACCEPTED');
      expect(await tenant.api.final(plain.document.id)).toMatchObject({ state: 'ACCEPTED' });
    });
  });
}
