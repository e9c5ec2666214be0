import { createSigner, issueAuthority, readP12, type Signer } from '@getupnet/xmldsig';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestClient, testSigner } from '../testing/client.js';
import { run } from './cli.js';

let dir: string;
const inDir = (name: string): string => join(dir, name);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'dgii-cli-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly note: string;
}

async function command(args: readonly string[]): Promise<Ended> {
  let [out, note] = ['', ''];
  const code = await run(args, {
    out: (text) => void (out += text),
    note: (text) => void (note += text),
    untilStopped: () => Promise.resolve(),
  });
  return { code, out, note };
}

interface Found {
  readonly url: string;
  readonly rootUrl: string;
  readonly rootFile: string | null;
}

/** Starts a simulator as the command does, lets `work` use it, and ends it. */
async function started(
  args: readonly string[],
  work: (found: Found, notes: () => string) => Promise<void>,
): Promise<number> {
  let [out, note] = ['', ''];
  return run(['--port', '0', '--json', ...args], {
    out: (text) => void (out += text),
    note: (text) => void (note += text),
    untilStopped: () => work(JSON.parse(out) as Found, () => note),
  });
}

/** Empty when the simulator does not take the signer. */
async function tokenFor(url: string, signer: Signer): Promise<string> {
  const client = new TestClient(url);
  await client.authenticate(signer);
  return client.token ?? '';
}

const PERSON = ['--holder', '00112345678', '--name', 'Ana Pérez'];

describe('help and mistakes', () => {
  it.each([[['--help']], [['help']], [['-h']], [['start', '--help']]])('%j helps', async (args) => {
    const { code, out } = await command(args);
    expect(code).toBe(0);
    expect(out).toContain('--data-dir <dir>');
    expect(out).toContain('issue-certificate');
  });

  it('helps with a command', async () => {
    const { code, out } = await command(['help', 'issue-certificate']);
    expect(code).toBe(0);
    expect(out).toContain('--holder <id>');
  });

  it.each([
    [['--prot', '1'], '¿Quiso decir «--port»?'],
    [['--port'], '--port <n>'],
    [['--port', '99999'], 'entre 0 y 65535'],
    [['--temporary=1'], '--temporary no lleva valor'],
    [['9090'], 'detrás de «--»'],
    [['isue-certificate'], '¿Quiso decir «issue-certificate»?'],
    [['start', 'now'], 'Sobra «now»'],
    [['--temporary', '--data-dir', 'x'], 'no van juntos'],
    [['--trust', '/nowhere.pem'], 'no existe'],
    [['--public-url', 'ecf.example.com'], 'http(s)://'],
    [['issue-certificate'], '--holder: falta'],
    [['issue-certificate', '--holder', '12', '--name', 'A'], '11 dígitos'],
    [['issue-certificate', ...PERSON, '--defect', 'expird'], '¿Quiso decir «expired»?'],
    [['issue-certificate', ...PERSON, '--days', '0'], '--days'],
  ])('%j is told', async (args, told) => {
    const { code, note } = await command(args);
    expect({ code, note }).toEqual({ code: 2, note: expect.stringContaining(told) as unknown });
  });

  it('what the machine does not allow ends with 78', async () => {
    writeFileSync(inDir('file'), 'no PEM here');
    const full = await command(['--port', '0', '--data-dir', inDir('file')]);
    const nobody = ['issue-certificate', ...PERSON, '--simulator', 'http://127.0.0.1:1'];
    expect([full.code, (await command(nobody)).code]).toEqual([78, 78]);
    const { note } = await command(['--trust', inDir('file')]);
    expect(note).toContain('BEGIN CERTIFICATE');
  });

  it('a taken port is told, and so are data that are in use', async () => {
    const data = ['--data-dir', inDir('busy')];
    await started(data, async ({ url }) => {
      const port = await command(['--temporary', '--port', new URL(url).port]);
      expect(port).toMatchObject({ code: 78, note: expect.stringContaining('--port') as unknown });
      const twice = await command(['--port', '0', ...data]);
      expect(twice).toMatchObject({ code: 78, note: expect.stringContaining(url) as unknown });
    });
    expect(await started(data, async () => undefined)).toBe(0);
  });
});

describe('issue-certificate', () => {
  it('writes a P12 the simulator of the same directory takes, and says where that is', async () => {
    const data = ['--data-dir', inDir('data')];
    const code = await started(data, async ({ url, rootUrl, rootFile }) => {
      const secret = inDir('password');
      const to = ['--out', inDir('ana.p12'), '--password-file', secret];
      const issued = await command(['issue-certificate', ...PERSON, ...data, ...to]);
      expect(issued).toMatchObject({ code: 0, note: '' });
      for (const place of [url, rootUrl, rootFile, secret]) expect(issued.out).toContain(place);
      const password = readFileSync(secret, 'utf8').trim();
      expect(issued.out).not.toContain(password);
      expect(statSync(inDir('ana.p12')).mode & 0o777).toBe(0o600);
      expect(statSync(secret).mode & 0o777).toBe(0o600);
      const { privateKey, certificateDer } = readP12(readFileSync(inDir('ana.p12')), password);
      expect(await tokenFor(url, createSigner(privateKey, certificateDer))).not.toBe('');
    });
    expect(code).toBe(0);
  });

  it('keeps what is there unless told otherwise, and reads a password it is given', async () => {
    const [out, secret] = [inDir('again.p12'), inDir('given')];
    writeFileSync(secret, 'una clave con espacios\n');
    const args = ['issue-certificate', ...PERSON, '--data-dir', inDir('data')];
    const to = ['--out', out, '--password-file', secret];
    expect((await command([...args, ...to])).code).toBe(0);
    expect(await command([...args, ...to])).toMatchObject({
      code: 2,
      note: expect.stringContaining('--force') as unknown,
    });
    expect((await command([...args, ...to, '--force'])).code).toBe(0);
    expect(readP12(readFileSync(out), 'una clave con espacios').facts.holder?.id).toBe(
      '00112345678',
    );
  });

  it('asks a running simulator, and tells programs everything once', async () => {
    await started(['--temporary'], async ({ url }) => {
      const args = ['--out', inDir('asked.p12'), '--simulator', `${url}/`, '--json'];
      const { code, out } = await command([
        'issue-certificate',
        ...PERSON,
        '--days',
        '30',
        ...args,
      ]);
      expect(code).toBe(0);
      const told = JSON.parse(out) as Record<string, string>;
      expect(told).toMatchObject({ url, rootUrl: `${url}/authority.pem`, rootFile: null });
      const { facts } = readP12(readFileSync(inDir('asked.p12')), told['password'] ?? '');
      expect(facts.notAfter.toISOString()).toBe(told['notAfter']);
    });
  });
});

describe('what DGII knows of taxpayers', () => {
  const file = (content: string): string => {
    writeFileSync(inDir('taxpayers.json'), content);
    return inDir('taxpayers.json');
  };

  it('comes from a file', async () => {
    const entry = { nombre: 'B', rnc: '131880681', urlRecepcion: 'https://b.example.com' };
    const directory = [{ ...entry, urlAceptacion: 'https://b.example.com' }];
    const path = file(JSON.stringify({ ecf: { strictDelegation: false, directory } }));
    await started(['--temporary', '--trust', 'any', '--taxpayers', path], async ({ url }) => {
      const client = new TestClient(url, 'ecf');
      await client.authenticate(testSigner());
      const answer = await client.get('consultadirectorio/api/consultas/listado', {});
      expect(await answer.json()).toEqual([{ ...directory[0], urlOpcional: null }]);
    });
  });

  it.each([
    ['{', 'JSON'],
    ['{"tesecf":{}}', 'tesecf'],
    ['{"ecf":{"delegats":{}}}', 'delegats'],
    ['{"ecf":{"inactiveIssuers":["1"]}}', 'ecf.inactiveIssuers[0]'],
  ])('%s is told', async (content, told) => {
    const { code, note } = await command(['--temporary', '--taxpayers', file(content)]);
    expect({ code, note }).toEqual({ code: 2, note: expect.stringContaining(told) as unknown });
  });
});

describe('trust of the command', () => {
  it('is its own authority and those it is given', async () => {
    const theirs = issueAuthority('OTRA AUTORIDAD');
    writeFileSync(inDir('theirs.pem'), theirs.certificatePem);
    await started(['--temporary', '--trust', inDir('theirs.pem')], async ({ url }, notes) => {
      expect(await tokenFor(url, testSigner({ authority: theirs }))).not.toBe('');
      expect(await tokenFor(url, testSigner())).toBe('');
      expect(notes()).toContain('--trust any');
    });
  });

  it('is anybody when told so', async () => {
    await started(['--temporary', '--trust', 'any'], async ({ url }) => {
      expect(await tokenFor(url, testSigner())).not.toBe('');
    });
  });
});
