import { createServer, type AddressInfo } from 'node:net';
import { semillaAt, startFake, text, type FakeDgii, type Script } from './testing/fake-dgii.js';
import { dgiiCheck, report, withoutProgress, type World } from './testing/run-check.js';
import { TlsAuthority } from './testing/tls-certificates.js';

const QUICK = ['--timeout', '2'];
const MINUTE_MS = 60_000;
const open: FakeDgii[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function fake(
  script: Script = {},
  tls?: { readonly key: string; readonly cert: string },
): Promise<number> {
  const started = await startFake(script, tls);
  open.push(started);
  return started.port;
}

const against = (port: number, world: World = {}, ...more: string[]) =>
  report(['--base-url', `http://127.0.0.1:${port}`, ...QUICK, ...more], world);

describe('the way there', () => {
  test('a closed port is refused, and what stands on it is left out', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { code, result, step } = await against(port);
    expect([code, result]).toEqual([1, 'failed']);
    expect(step('tcp')).toMatchObject({ state: 'failed', code: 'tcp.refused' });
    expect(step('tcp').fix).toContain('npm run simulator');
    expect(step('tls')).toMatchObject({ state: 'skipped', code: 'skipped.dependency' });
    expect(step('semilla')).toMatchObject({ state: 'skipped' });
    expect(step('clock')).toMatchObject({ state: 'skipped' });
  });

  test('a name nobody knows', async () => {
    const { code, step } = await report(['--base-url', 'http://no-hay-tal.invalid', ...QUICK]);
    expect(code).toBe(1);
    expect(step('dns').state).toBe('failed');
    expect(step('dns').code).toMatch(/^dns\.(not_found|unavailable)$/);
    expect(step('tcp')).toMatchObject({ state: 'skipped' });
    expect(step('destination')).toMatchObject({ code: 'destination.foreign' });
  });
});

describe('TLS', () => {
  const authority = new TlsAuthority();
  const shake = async (
    host: string,
    days?: { readonly from: number; readonly to: number },
    world: World = { tlsAuthorities: authority.pem },
  ) => {
    const port = await fake({}, authority.issue(host, days));
    return report(['--base-url', `https://localhost:${port}`, ...QUICK], world);
  };

  test('a good certificate is described', async () => {
    const { code, step } = await shake('localhost');
    expect(code).toBe(0);
    expect(step('tls')).toMatchObject({ state: 'ok', code: 'tls.ok' });
    expect(step('tls').details).toMatchObject({
      protocol: 'TLSv1.3',
      subject: 'localhost',
      issuer: 'AUTORIDAD TLS DE PRUEBA',
      names: 'DNS:localhost',
      chain: ['localhost', 'AUTORIDAD TLS DE PRUEBA'],
    });
    expect(step('tls').details['daysLeft']).toBe(89);
    expect(step('semilla')).toMatchObject({ code: 'http.ok' });
  });

  test.each([
    ['another name', 'otro.example.com', undefined, 'tls.name', 'DNS:otro.example.com'],
    ['expired', 'localhost', { from: -90, to: -2 }, 'tls.expired', 'venció el 20'],
    ['from tomorrow on', 'localhost', { from: 1, to: 9 }, 'tls.not_yet_valid', 'vale desde el 20'],
  ])('%s', async (_name, host, days, code, told) => {
    const { code: exit, step } = await shake(host, days);
    expect(exit).toBe(1);
    expect(step('tls')).toMatchObject({ state: 'failed', code });
    expect(step('tls').found).toContain(told);
    expect(step('semilla')).toMatchObject({ state: 'skipped' });
  });

  test('nearly expired is a warning', async () => {
    const { step } = await shake('localhost', { from: -90, to: 3 });
    expect(step('tls')).toMatchObject({ state: 'warning', code: 'tls.expires_soon' });
  });

  test('an authority nobody trusts is named', async () => {
    const { step } = await shake('localhost', undefined, {});
    expect(step('tls')).toMatchObject({ state: 'failed', code: 'tls.untrusted' });
    expect(step('tls').found).toContain('AUTORIDAD TLS DE PRUEBA');
    expect(step('tls').fix).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('a server that does not speak TLS', async () => {
    const port = await fake();
    const { step } = await report(['--base-url', `https://localhost:${port}`, ...QUICK]);
    expect(step('tls')).toMatchObject({ state: 'failed', code: 'tls.failed' });
  });

  test('verification switched off is a fault, and nothing is signed then', async () => {
    const { step } = await against(await fake(), { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(step('runtime')).toMatchObject({ state: 'failed', code: 'runtime.tls_unverified' });
    expect(step('sign')).toMatchObject({ state: 'skipped' });
  });
});

describe('what answers', () => {
  const page = '<!DOCTYPE html><html><head><title>Sitio en mantenimiento</title></head></html>';
  test.each<[string, Script, string, string]>([
    ['a page', { semilla: text(200, page, 'text/html') }, 'http.html', 'Sitio en mantenimiento'],
    ['down', { semilla: text(503, page, 'text/html') }, 'http.down', 'HTTP 503'],
    ['a firewall', { semilla: text(403, page, 'text/html') }, 'http.refused', 'Sitio en'],
    ['nothing', { semilla: text(200, '') }, 'http.not_semilla', 'vacía'],
    [
      'half a semilla',
      { semilla: text(200, '<SemillaModel><valor>') },
      'http.not_semilla',
      'no es',
    ],
    [
      'a captive portal',
      { semilla: (response) => response.writeHead(302, { location: 'http://portal/' }).end() },
      'http.redirect',
      'http://portal/',
    ],
    ['a cut', { semilla: (response) => response.destroy() }, 'http.cut', 'sin respuesta'],
  ])('%s', async (_name, script, code, told) => {
    const { code: exit, step } = await against(await fake(script));
    expect(exit).toBe(1);
    expect(step('semilla')).toMatchObject({ state: 'failed', code });
    expect(step('semilla').found).toContain(told);
    expect(step('clock')).toMatchObject({ state: 'skipped' });
  });

  test.each<[string, Script, string]>([
    ['no head', { semilla: () => undefined }, 'head'],
    ['a body that never ends', { semilla: (response) => response.write('<SemillaModel>') }, 'body'],
  ])('out of time: %s', async (_name, script, phase) => {
    const { step } = await against(await fake(script), {}, '--timeout', '2');
    expect(step('semilla')).toMatchObject({ state: 'failed', code: 'http.timeout' });
    expect(step('semilla').details).toMatchObject({ phase });
  });

  test('a proxy of the environment is told by name, never by value', async () => {
    const env = { https_proxy: 'http://ana:clave@proxy:3128' };
    const { step } = await against(await fake(), { env });
    expect(step('proxy')).toMatchObject({ state: 'warning', code: 'proxy.ignored' });
    expect(JSON.stringify(step('proxy'))).not.toContain('clave');
  });
});

describe('the clock', () => {
  test.each([
    ['together', 0, 'ok', 'clock.ok'],
    ['ahead by 20 s', 20_000, 'warning', 'clock.ahead'],
    ['ahead by two minutes', 2 * MINUTE_MS, 'failed', 'clock.ahead'],
    ['behind by 20 s', -20_000, 'ok', 'clock.ok'],
    ['behind by two minutes', -2 * MINUTE_MS, 'warning', 'clock.behind'],
    ['behind by a day', -24 * 60 * MINUTE_MS, 'failed', 'clock.behind'],
  ])('%s', async (_name, shiftMs, state, code) => {
    const { step } = await against(await fake(), { shiftMs });
    expect(step('clock')).toMatchObject({ state, code });
    const { skewMs } = step('clock').details;
    expect(Math.abs(Number(skewMs) + shiftMs)).toBeLessThan(1_500);
  });

  test('ahead and behind say what each of them does', async () => {
    const told = async (shiftMs: number) =>
      (await against(await fake(), { shiftMs })).step('clock').fix ?? '';
    expect(await told(10 * MINUTE_MS)).toContain('rechazar');
    expect(await told(-10 * MINUTE_MS)).toContain('no es la suya');
  });

  test('a server that is not of one mind: the semilla counts', async () => {
    const script = { semilla: text(200, semillaAt(10 * MINUTE_MS), 'application/xml') };
    const { step } = await against(await fake(script));
    expect(step('clock')).toMatchObject({ state: 'warning', code: 'clock.behind' });
    expect(step('clock').found).toContain('difieren');
  });

  test('without a date in the semilla the answer’s own counts', async () => {
    const bare = semillaAt().replace(/<fecha>.*<\/fecha>/, '');
    const port = await fake({ semilla: text(200, bare, 'application/xml') });
    const { step } = await against(port, { shiftMs: 3 * MINUTE_MS });
    expect(step('clock')).toMatchObject({ state: 'failed', details: { source: 'Date' } });
  });
});

describe('while it runs', () => {
  test('what takes longer than a second is told', async () => {
    const port = await fake({ semilla: () => undefined });
    const { notes } = await dgiiCheck([
      '--base-url',
      `http://127.0.0.1:${port}`,
      '--timeout',
      '1.5',
    ]);
    const told = /^ {2}… Servicio de semilla \(HTTP\) 127\.0\.0\.1:(\d+) \(\d+ s\)$/m.exec(notes);
    expect(told?.[1]).toBe(String(port));
  });

  test('Ctrl-C ends it at once, without a verdict', async () => {
    const interrupt = new AbortController();
    const port = await fake({ semilla: () => interrupt.abort() });
    const { code, out, notes } = await dgiiCheck(
      ['--base-url', `http://127.0.0.1:${port}`, '--timeout', '60'],
      { signal: interrupt.signal },
    );
    expect([code, withoutProgress(notes)]).toEqual([130, 'Cancelado.\n']);
    expect(out).toContain('Conexión TCP');
    expect(out).not.toContain('Qué hacer');
  });
});
