import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrandingSettings, DocumentState, RiFormat } from '@getupnet/contracts';
import { canonicalize } from '@getupnet/ecf';
import { newId } from '@getupnet/kernel';
import { AuditLog } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { createSigner, issueCertificate, readP12, signCanonical } from '@getupnet/xmldsig';
import { DocumentsRepository } from '../documents/documents.repository.js';
import { BrandingRepository } from './branding/branding.repository.js';
import { BrandingService } from './branding/branding.service.js';
import { PrintDocument, type Printed } from './print-document.use-case.js';
import { RecentLogos } from './recent-logos.js';
import { RenderedCache } from './rendered-cache.js';

const database = useTestDatabase();
const EXAMPLE = join(process.cwd(), 'libs/ecf/examples/31/minimal.xml');
const PLAIN: BrandingSettings = { accentColor: null, footerText: null, columns: null };
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">' +
  '<style>.a{fill:#0B3D91}</style><path class="a" d="M0 0h90v30z"/></svg>';

const config = (bytes: number) =>
  ({ get: () => ({ BILLING_RI_CACHE_BYTES: bytes }) }) as unknown as Config;
const contextOf = (tenant: TestTenant): TenantContext => ({
  ...{ tenantId: tenant.id, environment: 'testecf', productionEnabled: false, rnc: tenant.rnc },
  ...{ tenantName: tenant.name, profile: {}, permissions: new Set(), requestId: 'prueba' },
  actor: { kind: 'api-key', id: tenant.apiKeyId, name: 'prueba' },
});

let signedXml: string;
beforeAll(async () => {
  const password = 'clave';
  const { p12 } = issueCertificate({ holderId: '00113918205', name: 'ANA', password });
  const { privateKey, certificateDer } = readP12(p12, password);
  const unsigned = canonicalize(readFileSync(EXAMPLE, 'utf8'));
  signedXml = (await signCanonical(unsigned, createSigner(privateKey, certificateDer))).xml;
});

/** A document as the emission leaves it in this state. */
async function documentIn(tenant: TestTenant, state: DocumentState, signed = true) {
  const id = newId();
  const sha256 = createHash('sha256').update(signedXml).digest('hex');
  await database().asOwner(async (owner) => {
    await owner.query('BEGIN');
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant.id]);
    await owner.query(
      `INSERT INTO document (tenant_id, id, environment, tipo, encf, range_id, state, route,
         idempotency_key, body_sha256, issuer_rnc, monto_total, fecha_emision, fecha_hora_firma,
         artefact_month, signed_sha256, codigo_seguridad)
       VALUES ($1, $2, 'testecf', 31, $3, $4, $5, 'ecf', $6, $7, $8, 1, '2026-03-10', '-',
         '2026-03-01', $9, 'abcdef')`,
      [
        ...[
          tenant.id,
          id,
          `E31${String(Math.trunc(Number(`0x${id.slice(-8)}`))).padStart(10, '0')}`,
        ],
        ...[tenant.ranges['31'], state, randomUUID(), sha256, tenant.rnc, signed ? sha256 : null],
      ],
    );
    if (signed) {
      await owner.query(
        `INSERT INTO artefact (tenant_id, month, document_id, kind, sha256, body)
         VALUES ($1, '2026-03-01', $2, 'signed', $3, $4)`,
        [tenant.id, id, sha256, signedXml],
      );
    }
    await owner.query('COMMIT');
  });
  return id;
}

async function becomes(tenant: TestTenant, id: string, state: DocumentState): Promise<void> {
  await database().tenantDb.run(tenant, (tx) =>
    tx.document.updateMany({ where: { id }, data: { state } }),
  );
}

function setUp(bytes = 1_000_000) {
  const brandings = new BrandingRepository();
  const clock = new FakeClock('2026-03-10T15:00:00Z');
  const cache = new RenderedCache(config(bytes));
  const { tenantDb } = database();
  const branding = new BrandingService(tenantDb, brandings, new AuditLog(clock), clock);
  const print = new PrintDocument(
    tenantDb,
    new DocumentsRepository(),
    brandings,
    cache,
    new RecentLogos(),
  );
  const printed = (
    tenant: TestTenant,
    id: string,
    format: RiFormat = 'html',
    ifNoneMatch?: string,
  ): Promise<Printed> => print.run(contextOf(tenant), { id, format, ifNoneMatch });
  return { branding, cache, printed };
}
const text = ({ rendered }: Printed): string => rendered?.body.toString('utf8') ?? '';

describe('a printed document', () => {
  test.each<[RiFormat, string, string]>([
    ['pdf', 'application/pdf', 'pdf'],
    ['ticket', 'application/pdf', 'pdf'],
    ['html', 'text/html; charset=utf-8', 'html'],
  ])('as %s has its media type and official name', async (format, mediaType, extension) => {
    const { printed } = setUp();
    const tenant = await createTestTenant(database());
    const { rendered } = await printed(tenant, await documentIn(tenant, 'ACCEPTED'), format);
    expect(rendered).toMatchObject({ mediaType, fileName: `131880738E310000000001.${extension}` });
    const start = rendered?.body.toString('latin1', 0, 15);
    expect(start).toMatch(format === 'html' ? /^<!doctype html>/ : /^%PDF-1\./);
  });

  test.each<[DocumentState, RegExp]>([
    ['SIGNED', /PENDIENTE/],
    ['SENDING', /PENDIENTE/],
    ['UNKNOWN', /PENDIENTE/],
    ['SUBMITTED', /PENDIENTE/],
    ['REJECTED', /RECHAZADO POR DGII/],
    ['CONTINGENCY', /setenta y dos \(72\) horas/],
    ['DEFERRED', /veinticuatro \(24\) horas/],
  ])('in state %s says so', async (state, mark) => {
    const { printed } = setUp();
    const tenant = await createTestTenant(database());
    expect(text(await printed(tenant, await documentIn(tenant, state)))).toMatch(mark);
  });

  test.each<DocumentState>(['ACCEPTED', 'CONDITIONALLY_ACCEPTED'])(
    '%s carries no mark',
    async (state) => {
      const { printed } = setUp();
      const tenant = await createTestTenant(database());
      const page = text(await printed(tenant, await documentIn(tenant, state)));
      expect(page).toContain('E310000000001');
      expect(page).not.toMatch(/PENDIENTE|RECHAZADO|horas/);
    },
  );

  test('is not there before it is signed, nor once voided, nor for another tenant', async () => {
    const { printed } = setUp();
    const [tenant, other] = [
      await createTestTenant(database()),
      await createTestTenant(database()),
    ];
    const refused = (who: TestTenant, id: string) =>
      printed(who, id).then(
        () => 'printed',
        (error: { code: string }) => error.code,
      );
    expect(await refused(tenant, await documentIn(tenant, 'QUEUED', false))).toBe('document.state');
    expect(await refused(tenant, await documentIn(tenant, 'VOIDED'))).toBe('document.state');
    const id = await documentIn(tenant, 'ACCEPTED');
    expect(await refused(other, id)).toBe('resource.not_found');
    expect(await refused(tenant, newId())).toBe('resource.not_found');
    await printed(tenant, id);
    expect(await refused(other, id)).toBe('resource.not_found');
  });
});

describe('the entity tag', () => {
  test('stays while nothing changes; the same bytes come from anywhere', async () => {
    const [here, there] = [setUp(), setUp(0)];
    const tenant = await createTestTenant(database());
    const id = await documentIn(tenant, 'ACCEPTED');
    for (const format of ['pdf', 'ticket', 'html'] as const) {
      const first = await here.printed(tenant, id, format);
      const again = await here.printed(tenant, id, format);
      const elsewhere = await there.printed(tenant, id, format);
      expect(again.rendered).toBe(first.rendered);
      expect(elsewhere.rendered).not.toBe(first.rendered);
      expect(elsewhere).toEqual(first);
      const known = await here.printed(tenant, id, format, `W/"x", ${first.tag}`);
      expect(known).toEqual({ tag: first.tag });
      expect((await here.printed(tenant, id, format, '"other"')).rendered).toBeDefined();
    }
    expect([here.cache.bytes > 0, there.cache.bytes]).toEqual([true, 0]);
  });

  test('changes with format, verdict and branding, and comes back with them', async () => {
    const { branding, printed } = setUp();
    const tenant = await createTestTenant(database());
    const context = contextOf(tenant);
    const id = await documentIn(tenant, 'SUBMITTED');
    const tags: string[] = [];
    const look = async (format: RiFormat = 'html') => {
      const one = await printed(tenant, id, format, tags.at(-1));
      tags.push(one.tag);
      return text(one);
    };
    expect(await look()).toContain('PENDIENTE');
    await look('pdf');
    await look('ticket');
    await becomes(tenant, id, 'ACCEPTED');
    expect(await look()).not.toContain('PENDIENTE');
    await branding.put(context, { ...PLAIN, accentColor: '#0b3d91' });
    expect(await look()).toContain('#0B3D91');
    await branding.put(context, { ...PLAIN, footerText: 'Gracias & vuelva' });
    expect(await look()).toContain('Gracias &amp; vuelva');
    await branding.putLogo(context, 'image/svg+xml', Buffer.from(LOGO));
    expect(await look()).toContain('src="data:image/svg+xml;base64,');
    await branding.put(context, { ...PLAIN, columns: ['linea', 'codigo'] });
    expect(await look()).toContain('>No.</th>');
    expect(new Set(tags).size).toBe(tags.length);
    await branding.put(context, PLAIN);
    await branding.deleteLogo(context);
    expect((await printed(tenant, id, 'html', tags[3])).rendered).toBeUndefined();
  });
});

describe('branding', () => {
  const settings: BrandingSettings = {
    accentColor: '#0B3D91',
    footerText: 'Gracias',
    columns: ['codigo', 'itbis'],
  };

  test('is what was put, each tenant its own', async () => {
    const { branding } = setUp();
    const [tenant, other] = [
      await createTestTenant(database()),
      await createTestTenant(database()),
    ];
    const context = contextOf(tenant);
    const nothing = await branding.get(context);
    expect(nothing).toEqual({
      ...PLAIN,
      ...{ logo: null, updatedAt: null },
      links: { self: '/tenant/branding', logo: '/tenant/branding/logo' },
    });
    await branding.put(context, settings);
    const put = await branding.putLogo(context, 'image/svg+xml; charset=utf-8', Buffer.from(LOGO));
    expect(put).toMatchObject({ ...settings, logo: { mediaType: 'image/svg+xml', width: 90 } });
    expect(await branding.get(context)).toEqual(put);
    const kept = await branding.logo(context);
    expect(Buffer.from(kept.bytes).toString()).toContain('fill="#0b3d91"');
    expect(createHash('sha256').update(kept.bytes).digest('hex')).toBe(put.logo?.sha256);
    expect(await branding.get(contextOf(other))).toEqual(nothing);
    await expect(branding.logo(contextOf(other))).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    await branding.deleteLogo(context);
    await branding.deleteLogo(context);
    expect(await branding.get(context)).toMatchObject({ ...settings, logo: null });
    expect(await branding.put(context, PLAIN)).toMatchObject(PLAIN);
  });

  test('every change is an audit event that tells before and after, and never the image', async () => {
    const { branding } = setUp();
    const tenant = await createTestTenant(database());
    const context = contextOf(tenant);
    await branding.put(context, settings);
    await branding.putLogo(context, 'image/svg+xml', Buffer.from(LOGO));
    await branding.deleteLogo(context);
    await branding.deleteLogo(context);
    const events = await database().tenantDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ orderBy: { id: 'asc' } }),
    );
    expect(events.map(({ type, actor }) => [type, actor])).toEqual(
      ['branding.changed', 'branding.logo_changed', 'branding.logo_removed'].map((type) => [
        type,
        `api-key:${tenant.apiKeyId}`,
      ]),
    );
    expect(events[0]?.payload).toEqual({
      before: { ...PLAIN, logo: null },
      after: { ...settings, logo: null },
    });
    expect(JSON.stringify(events)).not.toMatch(/base64|<svg/);
  });

  test('two at once leave one row with both changes', async () => {
    const { branding } = setUp();
    const tenant = await createTestTenant(database());
    const context = contextOf(tenant);
    await Promise.all([
      branding.put(context, settings),
      branding.putLogo(context, 'image/svg+xml', Buffer.from(LOGO)),
    ]);
    const both = await branding.get(context);
    expect([both.footerText, both.logo?.mediaType]).toEqual(['Gracias', 'image/svg+xml']);
  });

  test('what cannot be read or printed is refused, and nothing changes', async () => {
    const { branding } = setUp();
    const tenant = await createTestTenant(database());
    const context = contextOf(tenant);
    const before = await branding.put(context, settings);
    await expect(branding.put(context, { ...PLAIN, accentColor: '#FFD700' })).rejects.toMatchObject(
      {
        code: 'branding.contrast',
        errors: [{ pointer: '/accentColor', fix: expect.stringMatching(/#[0-9A-F]{6}\.$/) }],
      },
    );
    const evil = Buffer.from(LOGO.replace('<path', '<script/><path'));
    await expect(branding.putLogo(context, 'image/svg+xml', evil)).rejects.toMatchObject({
      code: 'branding.logo_invalid',
      errors: [{ code: 'logo.svg_script' }],
    });
    await expect(branding.putLogo(context, 'text/plain', evil)).rejects.toMatchObject({
      code: 'request.unsupported_media_type',
    });
    expect(await branding.get(context)).toEqual(before);
  });
});
