import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { issueAuthority, issueCertificate } from '@getupnet/xmldsig';
import { json, semillaAt, startFake, text, type Script } from './testing/fake-dgii.js';
import { dgiiCheck, report, withoutProgress, type World } from './testing/run-check.js';

const PASSWORD = 'clave de prueba ñ';
const DAY_MS = 86_400_000;
const RNC = '131880738';
const HOLDER = '00113918205';
const authority = issueAuthority('CERTIFICADORA DE PRUEBA');
const person = { holderId: HOLDER, name: 'ANA PÉREZ', password: PASSWORD, authority };
const since = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const p12 = (change: Partial<Parameters<typeof issueCertificate>[0]> = {}): Uint8Array =>
  issueCertificate({ ...person, ...change }).p12;

const FILES = {
  'ana.p12': p12(),
  'ana.txt': `${PASSWORD}\n`,
  'wrong.txt': 'otra clave',
  'ca.pem': authority.certificatePem,
  'other-ca.pem': issueAuthority('OTRA').certificatePem,
  'key.txt': 'la-clave-de-estado\n',
};
const WITH_P12 = ['--p12', 'ana.p12', '--password-file', 'ana.txt'];

describe('against the simulator', () => {
  let dgii: Simulator;
  beforeAll(async () => {
    dgii = await startSimulator({ trust: 'any' });
  });
  afterEach(() => dgii.control.clearFaults());
  afterAll(() => dgii.close());

  const args = (...more: string[]) => ['--base-url', dgii.url, ...WITH_P12, '--rnc', RNC, ...more];
  const check = (more: readonly string[] = [], world: World = {}) =>
    report(args(...more), { files: FILES, ...world });

  test('all is well: every step says so, and no document was sent', async () => {
    const { code, result, steps, step } = await check(['--status-key-file', 'key.txt']);
    expect([code, result]).toEqual([0, 'ok']);
    expect(steps.filter(({ state }) => state !== 'ok').map(({ id }) => id)).toEqual(['tls']);
    expect(step('certificate').details).toMatchObject({ holderKind: 'cedula', holderId: HOLDER });
    expect(step('token').details).toMatchObject({ holder: HOLDER, minutes: 60 });
    expect(step('delegation')).toMatchObject({ target: RNC, code: 'delegation.ok' });
    expect(step('status')).toMatchObject({ code: 'status.ok' });
    const asked = (await dgii.control.ledger()).map(({ service }) => service);
    expect(new Set(asked)).toEqual(new Set(['validarsemilla', 'consultatrackids']));
  });

  test('for people: rows, what to do, a sum; the password and the key in none of them', async () => {
    const { code, out, notes } = await dgiiCheck(args('--status-key-file', 'key.txt'), {
      files: FILES,
    });
    expect([code, withoutProgress(notes)]).toEqual([0, '']);
    expect(out).toMatch(/^\nConexión con la DGII: testecf \(precertificación\) · RNC 131880738/);
    expect(out).toMatch(/\n {2}correcto {2}Autenticación \(token\) /);
    expect(out).toMatch(/\n13 correctos, 1 omitido en \d+\.\d s\.\n$/);
    expect(out).not.toContain(PASSWORD);
    expect(out).not.toContain('la-clave-de-estado');
    expect(out).not.toMatch(/eyJ[\w-]{10}/);
  });

  test('the report keeps its shape', async () => {
    const { out } = await dgiiCheck(args('--json'), { files: FILES });
    const parsed = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual([
      'report',
      'version',
      'environment',
      'baseUrl',
      'rnc',
      'startedAt',
      'durationMs',
      'result',
      'counts',
      'steps',
    ]);
    expect(parsed).toMatchObject({ report: 'dgii-check', version: 1, environment: 'testecf' });
    expect((parsed['steps'] as object[]).map((step) => Object.keys(step).join())).toEqual(
      Array(14).fill('id,target,title,state,code,durationMs,found,why,fix,details'),
    );
    expect(out).not.toMatch(/eyJ[\w-]{10}/);
  });

  test('certification has nothing to ask, and says why', async () => {
    const { code, step } = await check(['--environment', 'certecf']);
    expect(code).toBe(0);
    expect(step('token')).toMatchObject({ state: 'ok' });
    for (const id of ['delegation', 'directory']) {
      expect(step(id)).toMatchObject({ state: 'skipped', code: 'skipped.no_query' });
    }
  });

  test('production wants to be asked for; the taxpayer is looked for in its directory', async () => {
    const refused = await dgiiCheck(args('--environment', 'ecf'), { files: FILES });
    expect([refused.code, refused.out, refused.notes]).toEqual([
      2,
      '',
      expect.stringContaining('--production'),
    ]);
    const { code, step } = await check(['--environment', 'ecf', '--production']);
    expect(code).toBe(0);
    expect(step('directory')).toMatchObject({ state: 'warning', code: 'directory.absent' });
  });

  test('with our clock wrong the certificate is judged by DGII’s', async () => {
    const world = { shiftMs: -30 * DAY_MS, files: FILES };
    const { step } = await check([], world);
    expect(step('clock')).toMatchObject({ state: 'failed', code: 'clock.behind' });
    expect(step('certificate')).toMatchObject({ state: 'ok' });
  });

  test('services that are out are named', async () => {
    dgii.control.addFault({ kind: 'down', operation: 'recepcionfc', environment: 'testecf' });
    const { code, step } = await check(['--status-key-file', 'key.txt']);
    expect(code).toBe(0);
    expect(step('status')).toMatchObject({ state: 'warning', code: 'status.down' });
    expect(step('status').details).toMatchObject({ down: ['Recepción FC'] });
  });

  test.each([
    ['a page instead of a token', 'validarsemilla', 'token', 'token.unusable'],
    ['a page instead of an answer', 'consultatrackids', 'delegation', 'delegation.unusable'],
  ] as const)('%s', async (_name, operation, id, code) => {
    dgii.control.addFault({ kind: 'html', operation });
    const ran = await check();
    expect(ran.code).toBe(1);
    expect(ran.step(id)).toMatchObject({ state: 'failed', code });
  });

  test('a directory that does not answer stops nobody', async () => {
    dgii.control.addFault({ kind: 'status', status: 500, operation: 'directoriolistado' });
    const { code, step } = await check();
    expect([code, step('directory').state]).toEqual([0, 'warning']);
  });

  test('without P12 the rest is checked', async () => {
    const { code, step } = await report(['--base-url', dgii.url]);
    expect(code).toBe(0);
    expect(step('clock')).toMatchObject({ state: 'ok' });
    expect(step('certificate')).toMatchObject({ state: 'skipped', code: 'skipped.no_certificate' });
    expect(step('token')).toMatchObject({ state: 'skipped', code: 'skipped.dependency' });
  });

  test('without RNC there is nobody to ask about', async () => {
    const { step } = await report(['--base-url', dgii.url, ...WITH_P12], { files: FILES });
    expect(step('token')).toMatchObject({ state: 'ok' });
    expect(step('delegation')).toMatchObject({ state: 'skipped', code: 'skipped.no_rnc' });
  });

  describe('the P12', () => {
    const certificate = async (files: World['files'], ...more: string[]) => {
      const { code, step } = await report(
        ['--base-url', dgii.url, '--rnc', RNC, ...WITH_P12, ...more],
        { files: { ...FILES, ...files } },
      );
      return { exit: code, ...step('certificate'), sign: step('sign').state };
    };

    test.each<[string, () => World['files'], string]>([
      ['a wrong password', () => ({ 'ana.txt': FILES['wrong.txt'] }), 'p12.password'],
      ['something else', () => ({ 'ana.p12': 'no soy un P12' }), 'p12.unreadable'],
      [
        'expired',
        () => ({ 'ana.p12': p12({ notBefore: since(-400), notAfter: since(-3) }) }),
        'p12.expired',
      ],
      ['of tomorrow', () => ({ 'ana.p12': p12({ notBefore: since(1) }) }), 'p12.not_yet_valid'],
      ['of nobody', () => ({ 'ana.p12': p12({ serialNumber: '' }) }), 'p12.no_holder'],
      ['too small', () => ({ 'ana.p12': p12({ bits: 1024 }) }), 'p12.weak_key'],
    ])('%s', async (_name, files, code) => {
      const found = await certificate(files());
      expect(found).toMatchObject({ exit: 1, state: 'failed', code, sign: 'skipped' });
      expect(JSON.stringify(found)).not.toContain(PASSWORD);
    });

    test('near its end is a warning', async () => {
      const soon = await certificate({ 'ana.p12': p12({ notAfter: since(10) }) });
      expect(soon).toMatchObject({ exit: 0, state: 'warning', code: 'p12.expires_soon' });
      expect(soon.found).toContain('vence en 9 días');
    });

    test('of another certifier than the ones given', async () => {
      expect(await certificate({}, '--ca', 'ca.pem')).toMatchObject({
        state: 'ok',
        details: { chainChecked: true },
      });
      const other = await certificate({}, '--ca', 'other-ca.pem');
      expect(other).toMatchObject({ exit: 1, state: 'failed', code: 'p12.chain' });
    });

    test('the password may be typed', async () => {
      const { step } = await report(['--base-url', dgii.url, '--p12', 'ana.p12'], {
        files: FILES,
        typed: PASSWORD,
      });
      expect(step('certificate')).toMatchObject({ state: 'ok' });
    });
  });
});

describe('what DGII refuses', () => {
  const TOKEN = json({
    token: 'un-token-opaco-y-secreto',
    expira: '2026-01-01T01:00:00Z',
    expedido: '2026-01-01T00:00:00Z',
  });
  const against = async (script: Script, ...more: string[]) => {
    const fake = await startFake(script);
    try {
      const base = ['--base-url', `http://127.0.0.1:${fake.port}`, '--rnc', RNC, ...WITH_P12];
      return await report([...base, ...more], { files: FILES });
    } finally {
      await fake.close();
    }
  };

  test.each([
    [
      'El RNC 00113918205 no está delegado para realizar transacciones',
      'token.not_delegated',
      'Oficina Virtual',
    ],
    ['Firma del certificado inválida.', 'token.signature', 'INDOTEL'],
    ['El certificado está revocado', 'token.certificate', 'revocado'],
    ['La semilla está vencida', 'token.semilla', 'repita'],
    ['Algo que nadie había dicho', 'token.refused', 'mesa de ayuda'],
  ])('a token: «%s»', async (words, code, told) => {
    const { code: exit, step } = await against({ validarsemilla: json(words, 400) });
    expect(exit).toBe(1);
    expect(step('token')).toMatchObject({ state: 'failed', code });
    expect(step('token').found).toContain(words);
    expect(step('token').fix).toContain(told);
    expect(step('delegation')).toMatchObject({ state: 'skipped' });
  });

  test('nothing but a semilla is signed, whatever is asked for', async () => {
    const ecf = '<ECF><!-- <SemillaModel ></SemillaModel> --><Encabezado></Encabezado></ECF>';
    const inside = semillaAt().replace('</SemillaModel>', '<Signature></Signature></SemillaModel>');
    for (const asked of [ecf, inside]) {
      let received = 0;
      const { code, step } = await against({
        semilla: text(200, asked, 'application/xml'),
        validarsemilla: (response) => {
          received += 1;
          response.end();
        },
      });
      expect([code, step('sign').state, received]).toEqual([1, 'failed', 0]);
    }
  });

  test('whoever is not delegated for the taxpayer', async () => {
    const words = 'El RNC del certificado no está delegado para el RNC 131880738';
    const { step } = await against({ validarsemilla: TOKEN, trackids: json(words, 400) });
    expect(step('delegation')).toMatchObject({
      state: 'failed',
      code: 'delegation.not_delegated',
      details: { holder: HOLDER },
    });
  });

  test('a token that no service takes', async () => {
    const { step } = await against({ validarsemilla: TOKEN, trackids: text(401, '') });
    expect(step('delegation')).toMatchObject({ state: 'failed', code: 'delegation.unauthorized' });
  });

  test('a token is never shown, however DGII writes it', async () => {
    const fake = await startFake({ validarsemilla: TOKEN, trackids: json([]) });
    try {
      const base = ['--base-url', `http://127.0.0.1:${fake.port}`, '--rnc', RNC, ...WITH_P12];
      for (const more of [[], ['--json']]) {
        const { code, out, notes } = await dgiiCheck([...base, ...more], { files: FILES });
        expect(code).toBe(0);
        expect(out + notes).not.toContain('un-token-opaco-y-secreto');
      }
    } finally {
      await fake.close();
    }
  });

  test('a token of somebody else, and one of little use', async () => {
    const claims = Buffer.from(
      JSON.stringify({
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': '00199999996',
      }),
    ).toString('base64url');
    const token = `e30.${claims}.x`;
    const expira = '2026-01-01T00:05:00Z';
    const { step } = await against({
      validarsemilla: json({ token, expira, expedido: '2026-01-01T00:00:00Z' }),
      trackids: json([]),
    });
    expect(step('token')).toMatchObject({ state: 'warning', code: 'token.short' });
    expect(step('token').found).toContain('el token es de 00199999996');
  });
});

describe('misuse ends with 2 and says what to do', () => {
  test.each([
    [['--environment', 'tesecf'], '¿Quiso decir «testecf»?'],
    [['--envronment', 'testecf'], '¿Quiso decir «--environment»?'],
    [['testecf'], 'Sobra «testecf»'],
    [['--production'], 'va con --environment ecf'],
    [['--rnc', '12'], 'no es un RNC'],
    [['--timeout', '0'], 'no es un número de segundos'],
    [['--timeout', '600'], 'no es un número de segundos'],
    [['--base-url', 'ftp://x'], '--base-url: «ftp://x» no sirve'],
    [['--base-url', 'http://a', '--simulator'], 'elija uno'],
    [['--p12', 'absent.p12'], 'no existe'],
    [['--p12', 'ana.p12'], 'use --password-file'],
    [['--p12', 'ana.p12', '--password', 'x'], 'Opción desconocida: --password'],
    [[...WITH_P12, '--ca', 'key.txt'], 'no trae certificados PEM'],
    [['--status-key-file', 'empty.txt'], 'no trae una clave'],
    [['--tenant', RNC, '--p12', 'ana.p12'], 'quite --p12'],
  ])('dgii-check %j', async (args, told) => {
    const files = { ...FILES, 'empty.txt': '\n' };
    const { code, out, notes } = await dgiiCheck(args, { files });
    expect([code, out, notes]).toEqual([2, '', expect.stringContaining(told)]);
  });

  test('--help', async () => {
    const { code, out } = await dgiiCheck(['--help']);
    expect([code, out]).toEqual([0, expect.stringContaining('npx dgii-check --simulator')]);
  });
});

test('--simulator needs nothing at hand', async () => {
  const { code, steps } = await report(['--simulator']);
  expect(code).toBe(0);
  expect(steps.filter(({ state }) => state !== 'ok').map(({ id }) => id)).toEqual(['tls']);
});
