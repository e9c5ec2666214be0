import { randomUUID } from 'node:crypto';
import type { Permission } from '@getupnet/contracts';
import { SystemClock } from '@getupnet/kernel';
import { EcfBuilder, ecf31, ecf32, ecf34, waitFor } from '@getupnet/testkit';
import type { Answer } from '../harness/api.js';
import { footprint, type Footprint } from '../harness/footprint.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';
import { BAD_DOCUMENTS, BAD_REQUESTS, type BadRequest } from './bad-input.data.js';

/** Longer than a busy machine takes to make and import it. */
const CERTIFICATE_LASTS_MS = 20_000;
const WORDS = expect.stringMatching(/\S/);

/** Posts a request of the table as it stands there. */
function postBad(tenant: E2eTenant, { body, headers, query = '' }: BadRequest): Promise<Answer> {
  const sent = new Headers({
    'content-type': 'application/json',
    authorization: `Bearer ${tenant.apiKey}`,
    'idempotency-key': randomUUID(),
  });
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === null) sent.delete(name);
    else sent.set(name, value);
  }
  // As bytes: a text would get a content type of fetch's own.
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8');
  return tenant.api.raw('POST', `/tenant/emit/ecf${query}`, { headers: sent, body: bytes });
}

/** Every kind of refusal: what it says, and that it leaves no trace. */
export function badInput(platform: () => Platform): void {
  const clock = new SystemClock();
  let ending: { readonly tenant: E2eTenant; readonly notAfter: Date };

  // Before all scenarios: the certificate is taken while it is valid, and has ended by its test.
  beforeAll(async () => {
    const notAfter = new Date(clock.now().getTime() + CERTIFICATE_LASTS_MS);
    ending = { notAfter, tenant: await platform().createTenant({ certificate: { notAfter } }) };
  });

  describe('bad input', () => {
    let tenant: E2eTenant;
    let before: Footprint;

    beforeAll(async () => {
      tenant = await platform().createTenant();
      before = await footprint(platform(), tenant);
    });

    /** The number that would have been next still is, and nobody heard of the document. */
    const expectNoTrace = async () => expect(await footprint(platform(), tenant)).toEqual(before);

    const rows = [...BAD_DOCUMENTS, ...BAD_REQUESTS].map((row) => [row.name, row] as const);

    test.each(rows)('%s', async (_name, row) => {
      const problem = expectProblem(await postBad(tenant, row), row.code);
      if (row.errors !== undefined) {
        const named = (problem.errors ?? []).map(({ pointer, code }) => [pointer, code]);
        if (row.derived) expect(Object.fromEntries(named)).toMatchObject(row.errors);
        else expect(Object.fromEntries(named)).toEqual(row.errors);
      }
      if (problem.status === 422) {
        for (const { code, fix, cause, source } of problem.errors ?? []) {
          expect(fix).toMatch(/\S/);
          if (code.startsWith('ECF-')) expect([cause, source]).toEqual([WORDS, WORDS]);
        }
      }
      await expectNoTrace();
    });

    test('a wrong check digit is a warning, and the document goes out', async () => {
      const other = await platform().createTenant();
      const body = ecf31().withHeader('Comprador', { RNCComprador: '131880682' }).body();
      const document = await other.api.issue(body);
      expect(document.state).toBe('ACCEPTED');
      expect(document.findings).toContainEqual(
        expect.objectContaining({
          code: 'ECF-RNC-02',
          severity: 'warning',
          path: '/Encabezado/Comprador/RNCComprador',
        }),
      );
    });

    test('a total within tolerance goes out as stated', async () => {
      const other = await platform().createTenant();
      const body = ecf31().withHeader('Totales', { MontoTotal: '1180.50' }).body();
      const document = await other.api.issue(body);
      expect(document).toMatchObject({ state: 'ACCEPTED', montoTotal: '1180.50' });
      expect(await other.api.xml(document.id)).toContain('<MontoTotal>1180.50</MontoTotal>');
    });

    test('a note on a rejected invoice', async () => {
      const other = await platform().createTenant();
      const rejected = ecf31().withHeader('Comprador', { RNCComprador: '999000012' });
      const invoice = await other.api.issue(rejected.body());
      const fecha = invoice.fechaHoraFirma.slice(0, 10);
      const answer = await other.api.post(ecf34({ encf: invoice.encf, fecha }).body());
      const problem = expectProblem(answer, 'ecf.rule_failed');
      expect(problem.errors).toMatchObject([
        { pointer: '/ECF/InformacionReferencia/NCFModificado', code: 'BIL-REF-01' },
      ]);
      expect((await other.api.nextNumbers())['34']).toBe('1');
    });
  });

  describe('credentials that may not', () => {
    const makeWith = (...permissions: Permission[]) => platform().createTenant({ permissions });

    test('a key that may only read', async () => {
      const reader = await makeWith('TENANT_INVOICE_READ');
      const problem = expectProblem(await reader.api.post(ecf31().body()), 'auth.forbidden');
      expect(problem.detail).toContain('TENANT_INVOICE_EMIT');
      expect(await reader.api.listAll()).toEqual([]);
    });

    test('a key that may only issue', async () => {
      const issuer = await makeWith('TENANT_INVOICE_EMIT');
      const { document } = await issuer.api.emit(ecf31().body());
      for (const path of ['/tenant/invoices', document.links.self, '/tenant/sequences']) {
        expectProblem(await issuer.api.call('GET', path), 'auth.forbidden');
      }
    });

    test('a till’s key issues type 32 and nothing else', async () => {
      const till = await makeWith('TENANT_RFCE_SUBMIT', 'TENANT_INVOICE_READ');
      expectProblem(await till.api.post(ecf31().body()), 'auth.forbidden');
      const dry = {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ecf31().body()),
      };
      const tried = await till.api.call('POST', '/tenant/emit/ecf?dryRun=true', dry);
      expectProblem(tried, 'auth.forbidden');
      const note = EcfBuilder.of('43', {}).withLine({ billing: '4' }).body();
      expectProblem(await till.api.post(note), 'auth.forbidden');
      expect((await till.api.issue(ecf32().body())).state).toBe('ACCEPTED');
      const { document } = await till.api.emit(ecf32().body());
      expectProblem(await till.api.retry(document.id), 'auth.forbidden');
      const last = Object.entries(await till.api.nextNumbers()).filter(([, next]) => next !== '1');
      expect(last).toEqual([['32', '3']]);
    });

    test('a suspended company', async () => {
      const suspended = await platform().createTenant({ status: 'SUSPENDED' });
      expectProblem(await suspended.api.post(ecf31().body()), 'tenant.suspended');
    });
  });

  describe('numbers and certificates that are not there', () => {
    const range = (fields: object) => ({
      ranges: [{ tipo: 32, first: 1, last: 2, expiresOn: null, ...fields }],
    });

    test('no range at all', async () => {
      const tenant = await platform().createTenant({ ranges: [] });
      const problem = expectProblem(await tenant.api.post(ecf32().body()), 'sequence.exhausted');
      expect(problem.detail).toContain('/tenant/sequences');
    });

    test('an exhausted range gives its last number and then none, until there is another', async () => {
      const tenant = await platform().createTenant(range({ next: 2 }));
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => tenant.api.post(ecf32().body())),
      );
      const [made, ...others] = answers.sort((a, b) => a.status - b.status);
      expect(made?.status).toBe(202);
      for (const answer of others) expectProblem(answer, 'sequence.exhausted');
      expect(await tenant.api.sequences()).toMatchObject([{ next: null, remaining: '0' }]);
      const added = await tenant.api.call('POST', '/tenant/sequences', {
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ tipo: '32', first: 11, last: 20 }),
      });
      expect(added.status).toBe(201);
      expect((await tenant.api.issue(ecf32().body())).encf).toBe('E320000000011');
    });

    test('an expired range', async () => {
      const tenant = await platform().createTenant({
        ranges: [{ tipo: 31, first: 1, last: 9, expiresOn: '2024-12-31' }],
      });
      const before = await footprint(platform(), tenant);
      const problem = expectProblem(await tenant.api.post(ecf31().body()), 'sequence.expired');
      expect(problem.detail).toContain('2024-12-31');
      expect(await footprint(platform(), tenant)).toEqual(before);
    });

    test('a stated number: honoured in a test environment, refused when used or in no range', async () => {
      const tenant = await platform().createTenant(range({ last: 50 }));
      const stating = (eNCF: string) => ecf32().withHeader('IdDoc', { eNCF }).body();
      const stated = await tenant.api.issue(stating('E320000000007'));
      expect(stated).toMatchObject({ encf: 'E320000000007', state: 'ACCEPTED' });
      expectProblem(await tenant.api.post(stating('E320000000007')), 'sequence.used');
      expectProblem(await tenant.api.post(stating('E320000000051')), 'sequence.not_assignable');
      const wrongType = expectProblem(
        await tenant.api.post(stating('E310000000008')),
        'ecf.rule_failed',
      );
      expect(wrongType.errors).toMatchObject([
        { pointer: '/ECF/Encabezado/IdDoc/eNCF', code: 'ECF-ENC-01' },
      ]);
      expect((await tenant.api.emit(ecf32().body())).document.encf).toBe('E320000000008');
    });

    test('a stated expiry that is not the range’s', async () => {
      const tenant = await platform().createTenant();
      const body = ecf31().withHeader('IdDoc', { FechaVencimientoSecuencia: '30-06-2099' }).body();
      const before = await footprint(platform(), tenant);
      expectProblem(await tenant.api.post(body), 'sequence.not_assignable');
      expect(await footprint(platform(), tenant)).toEqual(before);
    });

    test('in production nobody states a number', async () => {
      const tenant = await platform().createTenant({ environment: 'ecf', productionEnabled: true });
      const body = ecf31().withHeader('IdDoc', { eNCF: 'E310000000005' }).body();
      const problem = expectProblem(await tenant.api.post(body), 'sequence.not_assignable');
      expect(problem.detail).toContain('E310000000005');
      expect(await tenant.api.listAll()).toEqual([]);
    });

    test('no certificate', async () => {
      const tenant = await platform().createTenant({ certificate: 'none' });
      const before = await footprint(platform(), tenant);
      expectProblem(await tenant.api.post(ecf31().body()), 'cert.missing');
      expect(await footprint(platform(), tenant)).toEqual(before);
    });

    test('an expired certificate', async () => {
      const { tenant, notAfter } = ending;
      const before = await footprint(platform(), tenant);
      await waitFor(() => clock.now() > notAfter, {
        ...{ what: 'the certificate’s end', timeoutMs: CERTIFICATE_LASTS_MS },
      });
      const problem = expectProblem(await tenant.api.post(ecf31().body()), 'cert.expired');
      expect(problem.detail).toContain('válido');
      expect(await footprint(platform(), tenant)).toEqual(before);
    });
  });
}
