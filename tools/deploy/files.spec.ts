import { X509Certificate, createPrivateKey } from 'node:crypto';
import { parse } from 'yaml';
import { readText } from '../tidy/repository.js';
import { selfSigned } from './self-signed.js';

describe('deploy/Dockerfile', () => {
  const lines = readText('deploy/Dockerfile')
    .replace(/\\\n(\s*#.*\n)*/g, ' ')
    .split('\n')
    .map((line) => line.trim());
  const all = (instruction: string) =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1));

  test('SUP-1: stands on one pinned image', () => {
    const bases = new Set(all('FROM').map((from) => from.split(' ')[0]));
    expect([...bases]).toEqual([expect.stringMatching(/^node:20\.\d+\.\d+-bookworm-slim$/)]);
  });

  test('SUP-1: installs what is locked, and runs as nobody in particular', () => {
    const installs = all('RUN').flatMap((run) => run.match(/npm (ci|install|i)\b[^&]*/g) ?? []);
    expect(installs.map((run) => run.trim())).toEqual([
      'npm ci --omit=dev --omit=optional',
      'npm ci',
    ]);
    expect(all('USER')).toEqual(['10001:10001']);
    expect(lines.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(
      lines.findLastIndex((line) => /^(RUN|COPY) /.test(line)),
    );
  });

  test('the image holds no secret, no tests’ database, no source', () => {
    expect(all('ADD')).toEqual([]);
    expect([...all('ARG'), ...all('ENV')]).toEqual(['NODE_ENV=production']);
    expect(readText('.dockerignore')).toMatch(/^deploy\/secrets$/m);
    const final = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(final.filter((line) => /^COPY \. /.test(line))).toEqual([]);
  });

  test('starts through node, so that signals arrive', () => {
    expect(all('ENTRYPOINT')).toEqual([
      '["node", "--enable-source-maps", "--max-semi-space-size=64"]',
    ]);
    expect(all('CMD')).toEqual(['["dist/apps/all/src/main.js"]']);
  });
});

describe('deploy/traefik', () => {
  const main = parse(readText('deploy/traefik/traefik.yml')) as Record<string, object>;
  const { tls } = parse(readText('deploy/traefik/dynamic/tls.yml')) as {
    tls: { options: { default: object } };
  };

  test('NET-1: no dashboard, no API', () => {
    expect(main).not.toHaveProperty('api');
    expect(main['ping']).toEqual({ entryPoint: 'ping' });
    expect(main['entryPoints']).toMatchObject({ ping: { address: '127.0.0.1:8082' } });
  });

  test('NET-3: plain HTTP only leads to HTTPS, for good; TLS 1.3', () => {
    expect(main['entryPoints']).toMatchObject({
      web: { http: { redirections: { entryPoint: { scheme: 'https', permanent: true } } } },
    });
    expect(tls.options.default).toEqual({ minVersion: 'VersionTLS13', sniStrict: true });
  });

  test('NET-6: believes nobody about the caller’s address', () => {
    expect(JSON.stringify(main)).not.toMatch(/forwardedHeaders|proxyProtocol|insecure/i);
  });

  test('NET-7: a request has 30 s to arrive', () => {
    expect(main['entryPoints']).toMatchObject({
      websecure: { transport: { respondingTimeouts: { readTimeout: '30s' } } },
    });
  });
});

test('the first certificate is good for its name, its key and some weeks', () => {
  const now = new Date('2026-01-15T12:00:00Z');
  const { certificatePem, keyPem } = selfSigned('ecf.example.test', now);
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.checkHost('ecf.example.test')).toBe('ecf.example.test');
  expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(Date.parse(certificate.validTo) - now.getTime()).toBe(90 * 24 * 60 * 60 * 1000);
});
