import { brandingResourceSchema, type DocumentResource } from '@getupnet/contracts';
import { ecf31 } from '@getupnet/testkit';
import type { Answer } from '../harness/api.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

const FORMATS = ['pdf', 'ticket', 'html'] as const;
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path fill="#0B3D91" d="M0 0h90v30z"/></svg>';
const EVIL = '<script>alert(1)</script>';

/** A buyer whose documents the simulator rejects. */
const REJECTED_BURNED = '999000012';

/** What the buyer holds in the hand, as an integrator downloads it. */
export function printed(platform: () => Platform): void {
  describe('the printed representation', () => {
    let tenant: E2eTenant;
    let other: E2eTenant;
    let document: DocumentResource;
    const get = (
      format: string,
      headers: Record<string, string> = {},
      who = tenant,
    ): Promise<Answer> => who.api.call('GET', `${document.links.ri}?format=${format}`, { headers });
    const put = (path: string, type: string, body: string | Uint8Array): Promise<Answer> =>
      tenant.api.call('PUT', path, { headers: { 'content-type': type }, body });

    beforeAll(async () => {
      tenant = await platform().createTenant();
      other = await platform().createTenant({ certificate: 'none' });
      document = await tenant.api.issue(ecf31().withLine().body());
    });

    test('comes as letter, ticket and page, with name, tag and the usual headers', async () => {
      const plain = await tenant.api.call('GET', document.links.ri);
      for (const format of FORMATS) {
        const { status, headers, text } = await get(format);
        const extension = format === 'html' ? 'html' : 'pdf';
        expect({
          status,
          type: headers.get('content-type'),
          disposition: headers.get('content-disposition'),
          cache: headers.get('cache-control'),
          sniff: headers.get('x-content-type-options'),
          frame: headers.get('x-frame-options'),
        }).toEqual({
          status: 200,
          type: format === 'html' ? 'text/html; charset=utf-8' : 'application/pdf',
          disposition: `inline; filename="${tenant.rnc}${document.encf}.${extension}"`,
          cache: 'no-store',
          sniff: 'nosniff',
          frame: 'DENY',
        });
        expect(headers.get('etag')).toMatch(/^"[0-9a-f]{40}"$/);
        expect(text.startsWith(format === 'html' ? '<!doctype html>' : '%PDF-')).toBe(true);
        if (format === 'pdf') expect(plain.headers.get('etag')).toBe(headers.get('etag'));
      }
    });

    test('the page says what the document says, and its policy lets nothing run', async () => {
      const { headers, text } = await get('html');
      expect(text).toContain(document.encf);
      expect(text).toContain(document.codigoSeguridad);
      expect(text).toContain((document.qrUrl ?? '').replaceAll('&', '&amp;'));
      expect(text).not.toMatch(/<script|PENDIENTE|RECHAZADO/);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; /);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      const pdf = await get('pdf');
      expect(pdf.headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
    });

    test('a known tag is answered without a body, until the branding changes', async () => {
      for (const format of FORMATS) {
        const tag = (await get(format)).headers.get('etag') ?? '';
        const known = await get(format, { 'if-none-match': `"other", W/${tag}` });
        expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', tag]);
        expect((await get(format, { 'if-none-match': '"other"' })).status).toBe(200);
      }
      const before = (await get('html')).headers.get('etag') ?? '';
      const settings = { accentColor: '#0b3d91', footerText: `Gracias ${EVIL}` };
      const changed = await put('/tenant/branding', 'application/json', JSON.stringify(settings));
      expect(brandingResourceSchema.parse(JSON.parse(changed.text))).toMatchObject({
        accentColor: '#0B3D91',
        columns: null,
        logo: null,
      });
      const logo = await put('/tenant/branding/logo', 'image/svg+xml', LOGO);
      expect(brandingResourceSchema.parse(JSON.parse(logo.text)).logo).toMatchObject({ width: 90 });
      const after = await get('html', { 'if-none-match': before });
      expect(after.status).toBe(200);
      expect(after.text).toContain('src="data:image/svg+xml;base64,');
      expect(after.text).toContain('Gracias &lt;script&gt;');
      const kept = await tenant.api.call('GET', '/tenant/branding/logo');
      expect([kept.status, kept.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      for (const format of ['pdf', 'ticket']) expect((await get(format)).status).toBe(200);
      expect((await tenant.api.call('DELETE', '/tenant/branding/logo')).status).toBe(204);
      expectProblem(await tenant.api.call('GET', '/tenant/branding/logo'), 'resource.not_found');
    });

    test('a document full of markup renders as text', async () => {
      const hostile = await tenant.api.issue(ecf31().withLine({ name: EVIL }).body());
      const page = await tenant.api.call('GET', `${hostile.links.ri}?format=html`);
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page.text).not.toContain('<script');
    });

    test('a rejected document says so', async () => {
      const buyer = { RNCComprador: REJECTED_BURNED };
      const body = ecf31().withHeader('Comprador', buyer).withLine().body();
      const rejected = await tenant.api.issue(body);
      expect(rejected.state).toBe('REJECTED');
      const page = await tenant.api.call('GET', `${rejected.links.ri}?format=html`);
      expect(page.text).toContain('RECHAZADO POR DGII');
    });

    test('what is not there, not signed yet, or not asked for properly', async () => {
      for (const format of FORMATS) {
        const tag = (await get(format)).headers.get('etag') ?? '';
        expectProblem(await get(format, {}, other), 'resource.not_found');
        expectProblem(await get(format, { 'if-none-match': tag }, other), 'resource.not_found');
      }
      expectProblem(await get('docx'), 'validation.failed');
      const missing = '/tenant/ri/018f0000-0000-7000-8000-000000000001';
      expectProblem(await tenant.api.call('GET', missing), 'resource.not_found');
      expectProblem(await tenant.api.raw('GET', document.links.ri), 'auth.token_missing');
      const reader = await platform().createTenant({ permissions: ['TENANT_INVOICE_READ'] });
      expect((await reader.api.call('GET', '/tenant/branding')).status).toBe(200);
      const refused = await reader.api.call('DELETE', '/tenant/branding/logo');
      expectProblem(refused, 'auth.forbidden');
    });

    test('hostile and hard to read branding is refused with what to do about it', async () => {
      const settings = (body: object) =>
        put('/tenant/branding', 'application/json', JSON.stringify(body));
      expectProblem(await settings({ accentColor: '#FFFF00' }), 'branding.contrast');
      expectProblem(await settings({ accentColor: 'red' }), 'validation.failed');
      expectProblem(await settings({ footerText: 'a\nb' }), 'validation.failed');
      expectProblem(await settings({ columns: ['cedula'] }), 'validation.failed');
      expectProblem(await settings({ logo: LOGO }), 'validation.failed');
      const logo = (type: string, body: string | Uint8Array) =>
        put('/tenant/branding/logo', type, body);
      const evil = await logo('image/svg+xml', LOGO.replace('<path', `${EVIL}<path`));
      expectProblem(evil, 'branding.logo_invalid');
      expect(JSON.parse(evil.text)).toMatchObject({
        errors: [{ code: 'logo.svg_script', fix: expect.any(String) }],
      });
      expectProblem(await logo('image/png', LOGO), 'branding.logo_invalid');
      expectProblem(await logo('image/png', new Uint8Array(300_000)), 'branding.logo_invalid');
      expectProblem(await logo('image/gif', 'GIF89a'), 'request.unsupported_media_type');
      expectProblem(await logo('application/json', '{}'), 'request.unsupported_media_type');
      expectProblem(await logo('image/png', new Uint8Array(2_000_000)), 'request.too_large');
      expectProblem(await tenant.api.call('PUT', '/tenant/branding/logo'), 'validation.failed');
    });
  });
}
