import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTipoEcf } from '@getupnet/ecf';
import { EcfBuilder, ecf31, ecf32, ecf34 } from '@getupnet/testkit';
import { unflatten } from '../../../../libs/ecf/src/conformance/unflatten.js';
import { footprint } from '../harness/footprint.js';
import { samplesDir } from '../harness/judges.js';
import type { Platform } from '../harness/platform.js';
import type { E2eTenant } from '../harness/tenants.js';

type Row = Readonly<Record<string, string>>;

/** Issuer of the sample documents. */
const SAMPLE_ISSUER = '131880738';
/** What a dry run cannot know or the platform decides. */
const OURS = ['eNCF', 'FechaVencimientoSecuencia', 'FechaHoraFirma'];

const sample = (name: string): string => readFileSync(join(samplesDir ?? '', name), 'utf8');

const rows: readonly Row[] =
  samplesDir === undefined
    ? []
    : (JSON.parse(sample('test-set-a.json')) as { readonly ECF: readonly Row[] }).ECF;

/** Without declaration, signature and the texts that are ours. */
function comparable(xml: string): string {
  const bare = xml.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/<Signature[\s\S]*<\/Signature>/, '');
  return OURS.reduce(
    (text, name) => text.replace(new RegExp(`<${name}>[^<]*</${name}>`), ''),
    bare,
  );
}

/** Everything is checked, nothing is consumed. */
export function dryRun(platform: () => Platform): void {
  describe('dry run', () => {
    let tenant: E2eTenant;

    beforeAll(async () => {
      tenant = await platform().createTenant();
    });

    test('answers the completed tree and its XML, and leaves no trace', async () => {
      const before = await footprint(platform(), tenant);
      const { valid, ecf, xml, findings } = await tenant.api.dryRun(ecf31().body());
      expect(valid).toBe(true);
      expect(findings.every(({ severity }) => severity !== 'error')).toBe(true);
      expect(xml).toMatch(/^<ECF><Encabezado>.*<\/ECF>$/);
      expect(xml).toContain('<MontoTotal>1180.00</MontoTotal>');
      expect(xml).not.toContain('<Signature');
      expect(ecf).toMatchObject({
        Encabezado: { Totales: { MontoTotal: '1180.00' }, Emisor: { RNCEmisor: tenant.rnc } },
      });
      expect(await footprint(platform(), tenant)).toEqual(before);
      expect((await tenant.api.issue(ecf31().body())).encf).toBe('E310000000001');
    });

    test('what it shows is what the emission then signs', async () => {
      const body = ecf32().withLine({ name: 'Café «Ñ» & <té>', price: '123.45', billing: '2' });
      const dry = await tenant.api.dryRun(body.body());
      const document = await tenant.api.issue(body.body());
      const signed = await tenant.api.xml(document.id);
      expect(comparable(signed)).toBe(comparable(dry.xml ?? ''));
    });

    test('shows findings and XML also of a document that would be refused', async () => {
      const body = ecf31().withHeader('Totales', { MontoTotal: '9999.00' }).body();
      const { valid, findings, xml } = await tenant.api.dryRun(body);
      expect(valid).toBe(false);
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'ECF-TOT-06',
          severity: 'error',
          path: '/Encabezado/Totales/MontoTotal',
        }),
      );
      expect(xml).toContain('<MontoTotal>9999.00</MontoTotal>');
    });

    test('of what XML cannot carry it shows the finding and no XML', async () => {
      const { valid, xml, findings } = await tenant.api.dryRun(
        ecf31().withLine({ name: 'a\u0001' }).body(),
      );
      expect([valid, xml]).toEqual([false, null]);
      expect(findings).toContainEqual(expect.objectContaining({ code: 'ECF-TXT-01' }));
      const unreadable = await tenant.api.dryRun(EcfBuilder.of('99', {}).body());
      expect(unreadable).toMatchObject({ valid: false, ecf: null, xml: null });
    });

    test('says what an emission would run into', async () => {
      const note = ecf34({ encf: 'E310000099999', fecha: '01-01-2026' }).body();
      const codes = async (of: E2eTenant, body: unknown) =>
        (await of.api.dryRun(body)).findings
          .filter(({ severity }) => severity === 'error')
          .map(({ code }) => code);
      expect(await codes(tenant, note)).toEqual(['reference.not_found']);
      const bare = await platform().createTenant({ certificate: 'none' });
      expect(await codes(bare, ecf31().body())).toEqual(['cert.missing']);
    });
  });

  (samplesDir ? describe : describe.skip)(
    'the certification test set (skipped without ECF_OFFICIAL_XSD_DIR)',
    () => {
      let tenant: E2eTenant;

      beforeAll(async () => {
        // The rows state their issuer block; ours must add nothing to it.
        const profile = { RazonSocialEmisor: 'OTRO NOMBRE', DireccionEmisor: 'OTRA DIRECCION' };
        tenant = await platform().createTenant({ rnc: SAMPLE_ISSUER, profile });
      });

      // A folder without rows is no reason to skip: test.each refuses an empty table.
      if (samplesDir === undefined) {
        test.skip('every row comes out as its sample, texts verbatim', () => undefined);
        return;
      }

      test.each(rows.map((row) => [row['ENCF'] ?? '', row] as const))(
        '%s comes out as the sample, texts verbatim',
        async (encf, row) => {
          const { ENCF: _number, FechaVencimientoSecuencia: _expiry, ...stated } = row;
          const tipo = stated['TipoeCF'];
          if (!isTipoEcf(tipo)) throw new Error(`a row of type ${tipo}`);
          const { findings, xml } = await tenant.api.dryRun({ ECF: unflatten(stated, tipo) });
          const errors = findings.filter(({ severity }) => severity === 'error');
          // The notes refer to numbers that this tenant never issued.
          expect(
            errors.map(({ code }) => code).filter((code) => code !== 'reference.not_found'),
          ).toEqual([]);
          expect(comparable(xml ?? '')).toBe(comparable(sample(`${SAMPLE_ISSUER}${encf}.xml`)));
        },
      );
    },
  );
}
