import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  FORMATS,
  TIPOS_ECF,
  acecf,
  anecf,
  arecf,
  parse,
  serializeAcecf,
  serializeAnecf,
  serializeArecf,
  serializeRfce,
  toRfce,
} from '@getupnet/ecf';
import { issueAuthority, issueCertificate } from '@getupnet/xmldsig';
import forge from 'node-forge';
import { COMMANDS, run } from './cli.js';
import { CliError, type Io } from '../cli/io.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PASSWORD = 'clave de prueba ñ';
const NOW = new Date('2026-03-10T15:04:05Z');
const BEFORE = new Date('2026-01-01T00:00:00Z');
const authority = issueAuthority('AUTORIDAD', { notBefore: BEFORE });
const person = {
  holderId: '00113918205',
  name: 'ANA PÉREZ',
  password: PASSWORD,
  authority,
  notBefore: BEFORE,
};
const certificate = issueCertificate(person);
const ISSUER = {
  RNCEmisor: '131880738',
  RazonSocialEmisor: 'FERRETERÍA EL YUNQUE SRL',
  DireccionEmisor: 'Calle Duarte 15',
};

/** Files that every run finds. */
const BASE: Readonly<Record<string, string | Uint8Array>> = {
  'ana.p12': certificate.p12,
  'ana.txt': `${PASSWORD}\n`,
  'wrong.txt': 'otra',
  'issuer.json': JSON.stringify(ISSUER),
  'ca.pem': authority.certificatePem,
  'other-ca.pem': issueAuthority('OTRA', { notBefore: BEFORE }).certificatePem,
};
const SIGN = ['--p12', 'ana.p12', '--password-file', 'ana.txt'];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** Runs the command on files in memory. */
async function ecf(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  typed: string | null = null,
): Promise<Ran> {
  const all: Record<string, string | Uint8Array> = { ...BASE, ...files };
  let out = '';
  let notes = '';
  const io: Io = {
    out: (text) => void (out += text),
    note: (text) => void (notes += text),
    readFile: async (path) => {
      const content = all[path];
      if (content === undefined) throw new CliError(`No se pudo leer «${path}»: no existe.`);
      return Buffer.from(content as string);
    },
    writeFile: async (path, text) => void (all[path] = text),
    readInput: async () => Buffer.from((all['-'] ?? '') as string),
    askSecret: async () => typed,
    now: NOW,
  };
  const code = await run(args, io);
  return { code, out, notes, files: all };
}

const examples = TIPOS_ECF.map((tipo) => {
  const folder = join(root, 'libs/ecf/examples', tipo);
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return [tipo, readFileSync(join(folder, file), 'utf8')] as const;
});
const MINIMAL = readFileSync(join(root, 'libs/ecf/examples/31/minimal.json'), 'utf8');
const numbered = (tipo: string): readonly string[] => [
  '--issuer',
  'issuer.json',
  '--encf',
  `E${tipo}0000000001`,
  ...(tipo === '32' || tipo === '34' ? [] : ['--expires', '31-12-2027']),
];

describe.each(examples)('a document of type %s', (tipo, text) => {
  test('is validated, completed, signed, verified and shown as QR', async () => {
    const validated = await ecf(['validate', 'in.json'], { 'in.json': text });
    expect([validated.code, validated.out]).toEqual([0, expect.stringContaining(': válido')]);

    const completed = await ecf(['complete', '-', ...numbered(tipo)], { '-': text });
    expect([completed.code, parse(completed.out).Encabezado.IdDoc.TipoeCF]).toEqual([0, tipo]);
    const files = { 'unsigned.xml': completed.out };
    expect(await ecf(['validate', 'unsigned.xml'], files)).toMatchObject({ code: 0 });

    const signed = await ecf(['sign', 'unsigned.xml', ...SIGN, '--out', 'signed.xml'], files);
    expect([signed.code, signed.out]).toEqual([0, '']);
    expect(signed.notes).toContain('ANA PÉREZ');

    const verified = await ecf(['verify', 'signed.xml', '--ca', 'ca.pem', '--json'], signed.files);
    expect(JSON.parse(verified.out)).toMatchObject({
      valid: true,
      document: `e-CF ${tipo}`,
      encf: `E${tipo}0000000001`,
      holder: { kind: 'cedula', id: '00113918205' },
      authorityChecked: true,
      validNow: true,
    });
    const qr = await ecf(['qr', 'signed.xml', '--env', 'testecf'], signed.files);
    expect(qr.out).toMatch(
      /^https:\/\/(ecf|fc)\.dgii\.gov\.do\/testecf\/ConsultaTimbre(FC)?\?\S+\n$/,
    );
    const printed = await ecf(
      ['ri', 'signed.xml', '--out', 'ri.pdf', '--env', 'testecf', '--json'],
      {
        ...signed.files,
      },
    );
    expect(JSON.parse(printed.out)).toMatchObject({
      encf: `E${tipo}0000000001`,
      format: 'letter',
      qrUrl: qr.out.trim(),
    });
    expect(Buffer.from(printed.files['ri.pdf'] ?? '').toString('latin1', 0, 5)).toBe('%PDF-');
  });
});

describe('the documents beside the e-CF', () => {
  const document = async (tipo: string) => {
    const text = examples.find(([one]) => one === tipo)?.[1] ?? '';
    const { out } = await ecf(['complete', 'in.json', ...numbered(tipo)], { 'in.json': text });
    return parse(out);
  };
  const others = {
    RFCE: async () => serializeRfce(toRfce(await document('32'), 'aB3/x+')),
    ANECF: async () =>
      serializeAnecf(anecf('131880738', [{ tipo: '31', first: 5n, last: 50n }], NOW)),
    ARECF: async () =>
      serializeArecf(
        arecf({
          rncEmisor: '131880738',
          rncComprador: '131880681',
          encf: 'E310000000001',
          refusal: 'duplicate',
          now: NOW,
        }),
      ),
    ACECF: async () => serializeAcecf(acecf(await document('31'), NOW)),
  };

  test.each(Object.entries(others))('%s', async (name, make) => {
    const files = { 'in.xml': await make() };
    const validated = await ecf(['validate', 'in.xml', '--json'], files);
    expect(JSON.parse(validated.out)).toMatchObject({ format: name, valid: true, findings: [] });
    const signed = await ecf(['sign', 'in.xml', ...SIGN], files);
    expect(signed.code).toBe(0);
    const verified = await ecf(['verify', '-'], { '-': signed.out });
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining(name)]);
    const qr = await ecf(['qr', '-'], { '-': signed.out });
    expect([qr.code, qr.notes]).toEqual([1, expect.stringContaining('QR es de los e-CF')]);
    const completed = await ecf(['complete', 'in.xml'], files);
    expect([completed.code, completed.notes]).toEqual([2, expect.stringContaining(name)]);
  });

  test('a semilla is signed as it comes', async () => {
    const semilla =
      '<?xml version="1.0" encoding="utf-8"?><SemillaModel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><valor>abc=</valor><fecha>2026-03-10T11:04:05.1234567-04:00</fecha></SemillaModel>';
    const signed = await ecf(['sign', '-', ...SIGN], { '-': semilla });
    expect([signed.code, signed.out]).toEqual([0, expect.stringContaining('xmlns:xsd=')]);
    expect(await ecf(['verify', '-'], { '-': signed.out })).toMatchObject({ code: 0 });
  });
});

describe('what is wrong with a document', () => {
  const with_ = (change: (text: string) => string) => ({ 'in.json': change(MINIMAL) });
  const signedXml = async () =>
    (await ecf(['sign', 'in.json', ...SIGN, ...numbered('31')], { 'in.json': MINIMAL })).out;

  test('findings: code, place, message, remedy; exit 1', async () => {
    const files = with_((text) => text.replace('"1000.00"', '"-1000.00"'));
    const { code, out } = await ecf(['validate', 'in.json'], files);
    expect(code).toBe(1);
    expect(out).toContain('no válido, 1 error');
    expect(out).toContain('ERROR  ECF-FMT-14  DetallesItems/Item/0/PrecioUnitarioItem');
    expect(out).toContain('→ Envíe el monto sin signo');
    const asJson = await ecf(['validate', 'in.json', '--json'], files);
    expect(JSON.parse(asJson.out)).toMatchObject({
      valid: false,
      findings: expect.arrayContaining([expect.objectContaining({ cause: expect.any(String) })]),
    });
  });

  test('it is neither completed to XML nor signed, unless forced', async () => {
    const files = with_((text) => text.replace('131880681', '13188068'));
    const completed = await ecf(['complete', 'in.json', ...numbered('31')], files);
    expect([completed.code, completed.out]).toEqual([1, '']);
    expect(completed.notes).toContain('ECF-RNC-01');
    const signed = await ecf(['sign', 'in.json', ...SIGN, ...numbered('31')], files);
    expect([signed.code, signed.out]).toEqual([1, '']);
    const forced = await ecf(['sign', 'in.json', ...SIGN, ...numbered('31'), '--force'], files);
    expect([forced.code, forced.out]).toEqual([0, expect.stringContaining('<Signature')]);
  });

  test('what the platform would put is not invented when completing', async () => {
    const { code, notes } = await ecf(['complete', 'in.json'], { 'in.json': MINIMAL });
    expect(code).toBe(1);
    for (const field of ['eNCF', 'RNCEmisor', 'FechaVencimientoSecuencia']) {
      expect(notes).toContain(field);
    }
  });

  test('a changed signed document, an unsigned one, an authority that did not issue', async () => {
    const xml = await signedXml();
    const changed = xml.replace('<MontoTotal>1180.00', '<MontoTotal>1080.00');
    expect(changed).not.toBe(xml);
    const cases = [
      [changed, [], 'se alteró después de firmarlo'],
      ['<ECF></ECF>', [], 'no está firmado'],
      [xml, ['--ca', 'other-ca.pem'], 'autoridad de confianza'],
      ['{"ECF": {"Encabezado": {"IdDoc": {"TipoeCF": 31}}}}', [], 'un JSON no lleva firma'],
    ] as const;
    for (const [text, options, told] of cases) {
      const { code, notes } = await ecf(['verify', '-', ...options], { '-': text });
      expect([code, notes]).toEqual([1, expect.stringContaining(told)]);
    }
    const asJson = await ecf(['verify', '-', '--json'], { '-': changed });
    expect([asJson.code, JSON.parse(asJson.out)]).toEqual([
      1,
      expect.objectContaining({ valid: false, fault: 'signature.digest' }),
    ]);
    const again = await ecf(['sign', '-', ...SIGN], { '-': xml });
    expect([again.code, again.notes]).toEqual([1, 'El documento ya está firmado.\n']);
  });

  test.each([
    ['empty', '', 'está vacío'],
    ['text', 'hola', 'no es XML ni JSON'],
    ['not UTF-8', Buffer.from('{"a": "Cañón"}', 'latin1'), 'no está en UTF-8'],
    ['broken JSON', '{"ECF": ', 'no es JSON válido'],
    ['JSON of something else', '{"a": 1}', 'falta Encabezado.IdDoc.TipoeCF'],
    ['a list', '[1]', 'no es un objeto JSON'],
    ['an unknown type', '{"ECF":{"Encabezado":{"IdDoc":{"TipoeCF":"39"}}}}', '«39» no es un tipo'],
    ['broken XML', '<ECF><a></ECF>', 'El XML no se pudo leer'],
    ['XML of something else', '<html></html>', 'no es un documento e-CF'],
    ['a DTD', '<!DOCTYPE a><ECF></ECF>', 'DOCTYPE'],
  ])('unreadable: %s', async (_name, content, told) => {
    const { code, notes } = await ecf(['validate', 'in'], { in: content });
    expect([code, notes]).toEqual([1, expect.stringContaining(told)]);
  });
});

describe('a note and what it modifies', () => {
  const make = async (tipo: string, change: (text: string) => string = (text) => text) => {
    const [, text = ''] = examples.find(([one]) => one === tipo) ?? [];
    const { out, notes } = await ecf(['complete', '-', ...numbered(tipo)], { '-': change(text) });
    return out === '' ? notes : out;
  };
  const noteOn = async (original: string) => {
    const { IdDoc, Emisor } = parse(original).Encabezado;
    return (text: string) =>
      text
        .replace(/("NCFModificado": ")[^"]*/, `$1${IdDoc.eNCF}`)
        .replace(/("FechaNCFModificado": ")[^"]*/, `$1${Emisor.FechaEmision}`)
        .replace(/("FechaEmision": ")[^"]*/, `$1${Emisor.FechaEmision}`);
  };

  test('the balance is looked at, and a note of too much is told', async () => {
    const original = await make('31');
    const note = await make('34', await noteOn(original));
    const files = { 'note.xml': note, 'invoice.xml': original, 'other.xml': note };
    const judge = async (...options: string[]) => {
      const { out } = await ecf(['validate', 'note.xml', '--json', ...options], files);
      const { findings } = JSON.parse(out) as { findings: { code: string }[] };
      return findings.map(({ code }) => code).filter((code) => code.startsWith('ECF-NOT'));
    };
    expect(await judge()).toEqual([]);
    const alone = await judge('--modifies', 'invoice.xml');
    const again = Array<string[]>(40).fill(['--after', 'other.xml']).flat();
    expect(alone).not.toContain('ECF-NOT-20');
    expect(await judge('--modifies', 'invoice.xml', ...again)).toContain('ECF-NOT-20');
  });

  test('--modifies is for notes, and wants a valid e-CF', async () => {
    const invoice = await make('31');
    const files = { 'a.xml': invoice, 'b.xml': '<ARECF></ARECF>', 'n.xml': await make('34') };
    expect(await ecf(['validate', 'a.xml', '--modifies', 'a.xml'], files)).toMatchObject({
      code: 2,
    });
    expect(await ecf(['validate', 'n.xml', '--modifies', 'b.xml'], files)).toMatchObject({
      code: 1,
    });
    expect(await ecf(['validate', 'n.xml', '--after', 'a.xml'], files)).toMatchObject({ code: 2 });
  });
});

describe('the printed representation', () => {
  const made = async () =>
    (await ecf(['sign', 'in.json', ...SIGN, ...numbered('31')], { 'in.json': MINIMAL })).out;

  test('is a page, a sheet or a ticket, and says what DGII said', async () => {
    const files = { 'a.xml': await made() };
    const page = await ecf(['ri', 'a.xml', '--out', 'a.html', '--state', 'rejected'], files);
    expect([page.code, page.notes]).toEqual([
      0,
      'Factura de Crédito Fiscal Electrónica E310000000001: a.html\n',
    ]);
    expect(page.files['a.html']).toContain('RECHAZADO POR DGII');
    const plain = await ecf(['ri', 'a.xml', '--out', 'a.html'], files);
    expect([plain.code, plain.notes]).toEqual([0, expect.stringContaining('--state')]);
    expect(plain.files['a.html']).toContain('PENDIENTE');
    const accepted = ['ri', 'a.xml', '--out', 'a.HTML', '--state', 'accepted'];
    const late = await ecf([...accepted, '--mode', 'contingency'], files);
    expect(late.files['a.HTML']).toMatch(/setenta y dos \(72\) horas/);
    const sizes = ['letter', 'ticket'].map(async (layout) => {
      const { files: all } = await ecf(
        ['ri', 'a.xml', '--out', 'a.pdf', '--layout', layout],
        files,
      );
      return /\/MediaBox \[0 0 (\d+)/.exec(Buffer.from(all['a.pdf'] ?? '').toString('latin1'))?.[1];
    });
    expect(await Promise.all(sizes)).toEqual(['612', '226']);
  });

  test('is made of nothing that was changed after signing', async () => {
    const changed = (await made()).replace('<MontoTotal>', '<MontoTotal>9');
    const { code, notes, files } = await ecf(['ri', 'a.xml', '--out', 'a.pdf'], {
      'a.xml': changed,
    });
    expect([code, notes]).toEqual([1, expect.stringContaining('se alteró')]);
    expect(files['a.pdf']).toBeUndefined();
  });
});

describe('misuse ends with 2 and says what to do', () => {
  const keyless = () => {
    const own = forge.pki.certificateFromPem(certificate.certificatePem);
    const pfx = forge.pkcs12.toPkcs12Asn1(null, [own], PASSWORD, {
      algorithm: '3des',
    });
    return Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'latin1');
  };
  const files = { 'in.json': MINIMAL, 'keyless.p12': keyless(), 'bad.json': '{' };
  const sign = (...options: string[]) => ['sign', 'in.json', ...numbered('31'), ...options];

  test.each([
    [['valdate', 'x'], '¿Quiso decir «validate»?'],
    [['validate'], 'Falta FILE'],
    [['validate', 'a', 'b'], 'Sobra «b»'],
    [['validate', 'absent.json'], 'no existe'],
    [['validate', 'in.json', '--jsn'], '¿Quiso decir «--json»?'],
    [['validate', 'in.json', '--issuer', 'bad.json'], 'es el emisor'],
    [['validate', 'in.json', '--issuer'], 'La opción --issuer está mal usada'],
    [['xsd', '30'], 'Hay: 31, 32'],
    [['xsd', 'RFCF'], '¿Quiso decir «RFCE»?'],
    [['explain', 'ECF-TOT-1'], '¿Quiso decir «ECF-TOT-01»?'],
    [['explain', 'tto-01'], '¿Quiso decir «ECF-TOT-01»?'],
    [['qr', 'in.json', '--env', 'testec'], '¿Quiso decir «testecf»?'],
    [['ri', 'in.json'], 'Falta --out'],
    [['ri', 'in.json', '--out', 'a.docx'], 'debe terminar en .pdf o en .html'],
    [['ri', 'in.json', '--out', 'a.pdf', '--layout', 'tiket'], '¿Quiso decir «ticket»?'],
    [['ri', 'in.json', '--out', 'a.html', '--layout', 'ticket'], 'El ticket es un PDF'],
    [['ri', 'in.json', '--out', 'a.pdf', '--state', 'x'], 'Hay: accepted, pending, rejected'],
    [['verify', 'in.json', '--ca', 'in.json'], 'no trae certificados PEM'],
    [sign(), 'Falta --p12'],
    [sign('--p12', 'ana.p12'), 'use --password-file'],
    [sign('--p12', 'ana.p12', '--password', 'x'), 'Opción desconocida: --password'],
    [sign('--p12', 'ana.p12', '--password-file', 'wrong.txt'), 'la contraseña no es correcta'],
    [sign('--p12', 'in.json', '--password-file', 'ana.txt'), 'no es un archivo P12'],
    [sign('--p12', 'keyless.p12', '--password-file', 'ana.txt'), 'no contiene una clave privada'],
  ])('ecf %j', async (args, told) => {
    const { code, out, notes } = await ecf(args, files);
    expect([code, out, notes]).toEqual([2, '', expect.stringContaining(told)]);
  });

  test('a certificate that is not valid today', async () => {
    const old = issueCertificate({
      ...person,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2023-01-01T00:00:00Z'),
    });
    const { code, notes } = await ecf(sign('--p12', 'old.p12', '--password-file', 'ana.txt'), {
      ...files,
      'old.p12': old.p12,
    });
    expect([code, notes]).toEqual([2, expect.stringContaining('del 2020-01-01 al 2023-01-01')]);
  });

  test('the password may be typed', async () => {
    const { code } = await ecf(sign('--p12', 'ana.p12'), files, PASSWORD);
    expect(code).toBe(0);
  });

  test('without a command the help is shown', async () => {
    const { code, out, notes } = await ecf([]);
    expect([code, out, notes]).toEqual([2, '', expect.stringContaining('ecf validate FILE')]);
  });
});

describe('reference', () => {
  test.each(FORMATS)('the schema of %s', async (format) => {
    const { code, out } = await ecf(['xsd', format.toLowerCase()]);
    expect([code, out]).toEqual([0, expect.stringContaining('<xs:schema')]);
  });

  test('a code, in short or in full, for people and for programs', async () => {
    const { code, out } = await ecf(['explain', 'tot-12']);
    expect(code).toBe(0);
    expect(out).toContain('ECF-TOT-12 — error');
    expect(out).toContain('rechaza el documento; el e-NCF se pierde');
    const asJson = await ecf(['explain', 'ECF-TOT-12', '--json']);
    expect(JSON.parse(asJson.out)).toMatchObject({ code: 'ECF-TOT-12', dgii: 'rejects' });
  });

  test.each(COMMANDS.map(({ name }) => name))('ecf %s --help', async (name) => {
    const { code, out } = await ecf([name, '--help']);
    expect([code, out]).toEqual([0, expect.stringContaining(`ecf ${name} `)]);
    expect((await ecf(['help', name])).out).toBe(out);
  });
});

test('the installed command answers from standard input', () => {
  const bin = join(root, 'tools/ecf/bin.mjs');
  const built = existsSync(join(root, 'dist/tools/ecf/main.js'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'validate', '-'], {
    input: MINIMAL,
    encoding: 'utf8',
  });
  if (built) expect([status, stdout]).toEqual([0, expect.stringContaining(': válido')]);
  else expect([status, stderr]).toEqual([2, expect.stringContaining('npm run build')]);
});
