import { createHash, randomBytes } from 'node:crypto';
import type { SignItem, SignResult, SignedKind } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { KeyRing, SealedSecretStore, Sealer } from '@getupnet/secrets';
import { FakeClock, createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import {
  anyCertificate,
  issueCertificate,
  verify,
  type IssueOptions,
  type IssuedCertificate,
} from '@getupnet/xmldsig';
import { AuditLog } from '@getupnet/persistence';
import { SecurityEvents, loadConfig } from '@getupnet/platform';
import { Logger } from '@nestjs/common';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ActiveSigners } from '../certificates/active-signers.js';
import { CertificatesRepository } from '../certificates/certificates.repository.js';
import { ImportCertificate } from '../certificates/import-certificate.use-case.js';
import { P12Gate } from '../certificates/p12-gate.js';
import { PrivateKeys } from '../certificates/private-keys.js';
import { LocalSign } from '../local-sign.js';
import { signEnv } from '../sign.env.js';
import { SignDocuments } from './sign-documents.use-case.js';
import { SigningJournalRepository } from './signing-journal.repository.js';

const NOW = '2026-03-02T14:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;
const database = useTestDatabase();
const clock = new FakeClock(NOW);
const sealer = new Sealer(KeyRing.of(randomBytes(32).toString('base64')));

const gate = new P12Gate(clock, loadConfig([signEnv], {}));

/** Security events so far. */
const told: unknown[] = [];

/** One process of the sign service. */
function newReplica() {
  const db = database().signerDb;
  const audit = new AuditLog(clock);
  const certificates = new CertificatesRepository(audit);
  const keys = new PrivateKeys(new SealedSecretStore(sealer));
  const signers = new ActiveSigners(db, certificates, keys, clock);
  const journal = new SigningJournalRepository(database().pools);
  const events = new SecurityEvents({
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
  });
  events.addSink(({ type, severity, details }) => {
    told.push([type, severity, details['documentId']]);
  });
  const documents = new SignDocuments(signers, journal, db, audit, events);
  const importer = new ImportCertificate(db, certificates, keys, signers, gate);
  const port = new LocalSign(documents, signers, clock);
  return { signers, documents, importer, port };
}
type Replica = ReturnType<typeof newReplica>;

// Refusals are expected here.
beforeAll(() => Logger.overrideLogger(false));

let replica: Replica;
let tenant: TestTenant;
const open: Replica[] = [];

function startReplica(): Replica {
  const started = newReplica();
  open.push(started);
  return started;
}

beforeEach(async () => {
  clock.set(NOW);
  replica = startReplica();
  tenant = await createTestTenant(database());
});
afterEach(() => {
  for (const { signers } of open.splice(0)) signers.onModuleDestroy();
});

const person = { holderId: '00112345678', name: 'FIRMANTE', password: 'clave' };
// Two keys for all: making RSA keys is what would cost time here.
const { privateKeyPem: ownKey } = issueCertificate(person);
const { privateKeyPem: otherKey } = issueCertificate(person);
const OTHER = { name: 'OTRA PERSONA', privateKeyPem: otherKey };

const issued = new Map<string, IssuedCertificate>();

function issue(options: Partial<IssueOptions> = {}): IssuedCertificate {
  const name = JSON.stringify(options);
  const notBefore = new Date('2026-01-01T00:00:00Z');
  const made =
    issued.get(name) ??
    issueCertificate({ ...person, privateKeyPem: ownKey, notBefore, ...options });
  issued.set(name, made);
  return made;
}

const load = (certificate: IssuedCertificate, at = replica): Promise<unknown> =>
  at.importer.run(
    tenant.id,
    { p12: certificate.p12.toString('base64'), password: certificate.password },
    'user:prueba',
  );

const documentOf = (total: string): string =>
  `<ECF><Encabezado><RNCEmisor>${tenant.rnc}</RNCEmisor><MontoTotal>${total}</MontoTotal>` +
  '</Encabezado></ECF>';
const item = (xml: string, kind: SignedKind = 'ecf', documentId = newId()): SignItem => ({
  documentId,
  kind,
  xml,
});

const sign = (items: readonly SignItem[], at = replica): Promise<readonly SignResult[]> =>
  at.documents.run({ tenantId: tenant.id, requester: 'prueba/1', items });

function signed(result: SignResult | undefined): Extract<SignResult, { ok: true }> {
  if (result?.ok !== true) throw new Error(`not signed: ${JSON.stringify(result)}`);
  return result;
}

async function journal(): Promise<Record<string, string>[]> {
  const rows = await database().signerDb.run(tenant, (tx) =>
    tx.signingJournal.findMany({ orderBy: { documentId: 'asc' } }),
  );
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

describe('signing', () => {
  it('signs a batch, each document verifiable, after journaling all of it (KEY-4, INV-4)', async () => {
    await load(issue());
    const items = ['1.00', '2.00', '3.00'].map((total) => item(documentOf(total)));
    const results = await sign(items);
    const rows = await journal();
    expect(rows).toHaveLength(3);
    for (const [at, request] of items.entries()) {
      const result = signed(results[at]);
      const verdict = verify(Buffer.from(result.xml), { trust: anyCertificate });
      expect(verdict).toMatchObject({ ok: true, signedXml: request.xml });
      expect(result.sha256).toBe(createHash('sha256').update(result.xml).digest('hex'));
      expect(rows.find((row) => row['documentId'] === request.documentId)).toMatchObject({
        kind: 'ecf',
        digest: createHash('sha256').update(request.xml).digest('hex'),
        signedSha256: result.sha256,
        certificateId: result.certificateId,
        requester: 'prueba/1',
      });
    }
  });

  it('lets no bytes leave when the journal cannot be written (KEY-4)', async () => {
    await load(issue());
    const owner = database();
    await owner.asOwner((db) => db.query('REVOKE INSERT ON signing_journal FROM getupnet_signer'));
    await expect(sign([item(documentOf('1.00'))])).rejects.toThrow();
    await owner.asOwner((db) => db.query('GRANT INSERT ON signing_journal TO getupnet_signer'));
    expect(signed((await sign([item(documentOf('1.00'))]))[0]).xml).toContain('<Signature');
  });

  it('keeps kinds of one document apart', async () => {
    await load(issue());
    const id = newId();
    const results = await sign([
      item(documentOf('1.00'), 'ecf', id),
      item(`<RFCE><RNCEmisor>${tenant.rnc}</RNCEmisor></RFCE>`, 'rfce', id),
    ]);
    expect(results.map((result) => result.ok)).toEqual([true, true]);
  });

  it('signs the rest when one document is not canonical', async () => {
    await load(issue());
    const broken = documentOf('1.00').replace('</ECF>', '');
    const results = await sign([item(broken), item(documentOf('1.00'))]);
    expect(results[0]).toMatchObject({ ok: false, code: 'internal' });
    expect(results[1]).toMatchObject({ ok: true });
    expect(await journal()).toHaveLength(1);
  });
});

describe('the journal', () => {
  it('is written inside one tenant, and the connection forgets which (TEN-3)', async () => {
    await load(issue());
    const [result] = await sign([item(documentOf('1.00'))]);
    const other = await createTestTenant(database());
    const repository = new SigningJournalRepository(database().pools);
    const foreign = {
      tenantId: other.id,
      certificateId: signed(result).certificateId,
      requester: 'x',
      entries: [
        {
          documentId: newId(),
          kind: 'ecf' as const,
          digest: 'a'.repeat(64),
          signedSha256: 'b'.repeat(64),
          signatureValue: 'x',
        },
      ],
    };
    // Another tenant's certificate is no certificate here.
    await expect(repository.add(foreign)).rejects.toThrow(/foreign key/);
    const left = await database().pools.query('signer', 'SELECT * FROM signing_journal');
    expect(left.rows).toEqual([]);
  });

  it('is never changed or emptied by the signer', async () => {
    await load(issue());
    await sign([item(documentOf('1.00'))]);
    for (const statement of [
      'UPDATE signing_journal SET digest = digest',
      'DELETE FROM signing_journal',
    ]) {
      await expect(database().pools.query('signer', statement)).rejects.toThrow(
        'permission denied',
      );
    }
  });
});

describe('the same document again', () => {
  it('yields the same bytes, from any replica', async () => {
    await load(issue());
    const request = item(documentOf('1.00'));
    const [first] = await sign([request]);
    const [again] = await sign([request]);
    const [elsewhere] = await sign([request], startReplica());
    expect(again).toEqual(first);
    expect(elsewhere).toEqual(first);
    expect(await journal()).toHaveLength(1);
  });

  it('yields the bytes of then after the certificate was replaced', async () => {
    await load(issue());
    const request = item(documentOf('1.00'));
    const first = signed((await sign([request]))[0]);
    await load(issue(OTHER));
    const fresh = item(documentOf('2.00'));
    const [again, other] = await sign([request, fresh]);
    expect(again).toEqual(first);
    expect(signed(other).certificateId).not.toBe(first.certificateId);
  });

  it('yields the bytes of then after the certificate expired, and signs nothing new', async () => {
    await load(issue({ notAfter: new Date('2026-03-03T00:00:00Z') }));
    const request = item(documentOf('1.00'));
    const [first] = await sign([request]);
    clock.advance(2 * DAY_MS);
    const [again, fresh] = await sign([request, item(documentOf('2.00'))]);
    expect(again).toEqual(first);
    expect(fresh).toMatchObject({ ok: false, code: 'cert.expired' });
    expect(await sign([{ ...request, xml: documentOf('9.00') }])).toMatchObject([
      { ok: false, code: 'sign.digest_conflict' },
    ]);
  });

  it('yields one content when replicas with different certificates race', async () => {
    await load(issue());
    const [left, right] = [startReplica(), startReplica()];
    await sign([item(documentOf('0.00'))], left);
    await load(issue(OTHER));
    const items = Array.from({ length: 16 }, (_, at) => item(documentOf(`${at}.00`)));
    const [a, b] = await Promise.all([sign(items, left), sign([...items].reverse(), right)]);
    expect(a.map((result) => signed(result).sha256)).toEqual(
      [...b].reverse().map((result) => signed(result).sha256),
    );
  });

  it('is a conflict with other content: 409, logged and audited, the rest goes on', async () => {
    await load(issue());
    const request = item(documentOf('1.00'));
    await sign([request]);
    const results = await sign([{ ...request, xml: documentOf('9.00') }, item(documentOf('2.00'))]);
    expect(results[0]).toEqual({
      ok: false,
      documentId: request.documentId,
      kind: 'ecf',
      code: 'sign.digest_conflict',
    });
    expect(results[1]).toMatchObject({ ok: true });
    const events = await database().signerDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ where: { type: 'signing.digest_conflict' } }),
    );
    expect(events).toMatchObject([{ subjectId: request.documentId, actor: 'prueba/1' }]);
    // OBS-3
    expect(told).toContainEqual(['sign.digest_conflict', 'critical', request.documentId]);
  });

  it('may be asked twice in one request', async () => {
    await load(issue());
    const request = item(documentOf('1.00'));
    const results = await sign([request, request, { ...request, xml: documentOf('9.00') }]);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toMatchObject({ ok: false, code: 'sign.digest_conflict' });
    expect(await journal()).toHaveLength(1);
  });
});

describe('semilla', () => {
  const xml =
    '<?xml version="1.0" encoding="utf-8"?><SemillaModel ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><valor>abc</valor>' +
    '<fecha>2026-03-02T10:00:00-04:00</fecha></SemillaModel>';

  it('is signed and journaled each time, never reused', async () => {
    await load(issue());
    const request = item(xml, 'semilla');
    const other = { ...request, xml: xml.replace('abc', 'otra') };
    const [first] = await sign([request]);
    const [second] = await sign([other]);
    expect(verify(Buffer.from(signed(first).xml), { trust: anyCertificate }).ok).toBe(true);
    expect(signed(second).xml).toContain('otra');
    expect((await journal()).map((row) => row['kind'])).toEqual(['semilla', 'semilla']);
  });

  it('that is no XML is refused with its reason', async () => {
    await load(issue());
    expect(await sign([item('<html><p></html>', 'semilla')])).toMatchObject([
      { ok: false, code: 'xml.malformed' },
    ]);
  });
});

describe('a label that is not what the bytes are', () => {
  const mismatch = async (xml: string, kind: SignedKind): Promise<void> => {
    await load(issue());
    expect(await sign([item(xml, kind)])).toMatchObject([
      { ok: false, code: 'sign.kind_mismatch' },
    ]);
    expect(await journal()).toEqual([]);
  };
  const seed = '<SemillaModel><valor>a</valor><fecha>2026</fecha></SemillaModel>';

  it.each<[string, (own: string) => string]>([
    ['an e-CF', (own) => own],
    ['an e-CF with a semilla in a comment', (own) => own.replace('<E', `<!-- ${seed} --><E`)],
    ['an e-CF behind a comment with a semilla', (own) => `<!-- ${seed} -->${own}`],
    ['an e-CF inside a semilla', (own) => seed.replace('<valor>a', `<valor>${own}`)],
    ['a semilla with more in it', () => seed.replace('</Sem', '<x>1</x></Sem')],
    ['a semilla with an attribute', () => seed.replace('<SemillaModel', '<SemillaModel Id="x"')],
    ['a semilla of another namespace', () => seed.replace('Model>', 'Model xmlns="urn:x">')],
    ['a semilla that is signed already', () => seed.replace('</S', '<Signature>x</Signature></S')],
    ['an endless semilla', () => seed.replace('<valor>a', `<valor>${'a'.repeat(5_000)}`)],
  ])('gets no signature as a semilla: %s', async (_name, xml) => {
    await mismatch(xml(documentOf('1.00')), 'semilla');
  });

  it.each<[SignedKind, (own: string) => string]>([
    ['rfce', (own) => own],
    ['acecf', (own) => own],
    ['ecf', () => seed],
    ['ecf', (own) => own.replace(tenant.rnc, '101010101')],
    ['ecf', (own) => own.replace(/<RNCEmisor>\d+<.RNCEmisor>/, '')],
    ['ecf', (own) => own.replace('<Monto', '<RNCEmisor>101010101</RNCEmisor><Monto')],
    ['ecf', (own) => own.replace('<Monto', `<!--<RNCEmisor>${tenant.rnc}</RNCEmisor>--><Monto`)],
    ['ecf', (own) => own.replace('<ECF>', '<ECF><![CDATA[').replace('</ECF>', ']]></ECF>')],
  ])('gets none as %s either (%#)', async (kind, xml) => {
    await mismatch(xml(documentOf('1.00')), kind);
  });

  it.each<[SignedKind, string]>([
    ['arecf', '<ARECF><RNCComprador>R</RNCComprador></ARECF>'],
    ['acecf', '<ACECF><RNCEmisor>1</RNCEmisor><RNCComprador>R</RNCComprador></ACECF>'],
    ['anecf', '<ANECF><Encabezado><RncEmisor>R</RncEmisor></Encabezado></ANECF>'],
  ])('%s is signed by whom it names', async (kind, xml) => {
    await load(issue());
    expect(await sign([item(xml.replace('R<', `${tenant.rnc}<`), kind)])).toMatchObject([
      { ok: true },
    ]);
  });
});

describe('certificates in use', () => {
  it('are missing at first, and belong to one tenant only', async () => {
    await load(issue());
    const own = tenant;
    const request = item(documentOf('1.00'));
    tenant = await createTestTenant(database());
    expect(await sign([request])).toMatchObject([{ ok: false, code: 'cert.missing' }]);
    const missing = expect.objectContaining({ code: 'cert.missing' });
    await expect(replica.port.activeThumbprint(tenant.id)).rejects.toThrow(missing);
    tenant = own;
    expect(await sign([request])).toMatchObject([{ ok: true }]);
  });

  it('never sign before or after their time (KEY-2)', async () => {
    await load(issue({ notAfter: new Date('2026-04-01T00:00:00Z') }));
    const thumbprint = await replica.port.activeThumbprint(tenant.id);
    expect(thumbprint).toMatch(/^[0-9a-f]{64}$/);
    for (const instant of ['2025-12-31T23:59:59Z', '2026-04-01T00:00:01Z']) {
      clock.set(instant);
      expect(await sign([item(documentOf('1.00'))])).toMatchObject([{ code: 'cert.expired' }]);
      const expired = expect.objectContaining({
        code: 'cert.expired',
        params: { notBefore: '31-12-2025', notAfter: '31-03-2026' },
      });
      await expect(replica.port.activeThumbprint(tenant.id)).rejects.toThrow(expired);
    }
  });

  it('stay in memory ten minutes at most (KEY-1)', async () => {
    await load(issue());
    await sign([item(documentOf('1.00'))]);
    expect(replica.signers.keysInMemory).toBe(1);
    clock.advance(9 * 60_000);
    await sign([item(documentOf('2.00'))]);
    replica.signers.sweep();
    expect(replica.signers.keysInMemory).toBe(1);
    clock.advance(60_000);
    replica.signers.sweep();
    expect(replica.signers.keysInMemory).toBe(0);
  });

  it('are followed by other replicas within seconds', async () => {
    await load(issue());
    const other = startReplica();
    const before = signed((await sign([item(documentOf('1.00'))], other))[0]);
    await load(issue(OTHER));
    clock.advance(5_000);
    const after = signed((await sign([item(documentOf('2.00'))], other))[0]);
    expect(after.certificateId).not.toBe(before.certificateId);
  });
});
