import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditVerify, type Verification } from './audit-verify.mjs';
import { Dice } from './testing/dice.js';
import { Ledger, randomLedger } from './testing/ledger.js';
import { TAMPERINGS } from './testing/tamper.js';

const PROGRAM = join(process.cwd(), 'tools/audit-verify/audit-verify.mjs');
const RUNS_OF_A_KIND = 26;
const CLEAN_RUNS = 100;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'audit-verify-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function verified(ledger: Ledger, more: object = {}, parts = 1): Promise<Verification> {
  const fresh = mkdtempSync(join(directory, 'run-'));
  const paths = ledger.write(fresh, parts);
  const checkpoints = join(fresh, 'checkpoints');
  return auditVerify({ paths, checkpoints, keys: [ledger.keys.publicKey], ...more });
}

const kindsOf = ({ findings }: Verification): readonly string[] => findings.map(({ kind }) => kind);

describe('what is in order', () => {
  it(`gives no alarm in ${CLEAN_RUNS} random installations`, async () => {
    for (let seed = 1; seed <= CLEAN_RUNS; seed += 1) {
      const ledger = randomLedger(new Dice(seed));
      const result = await verified(ledger, { known: ledger.known }, 1 + (seed % 3));
      expect({ seed, ok: result.ok, findings: result.findings }).toEqual({
        seed,
        ok: true,
        findings: [],
      });
      const counts = [...ledger.chains.values()].map((lines) => lines.length).sort();
      expect(result.chains.map(({ entries }) => entries).sort()).toEqual(counts);
    }
  });
});

describe.each(Object.entries(TAMPERINGS))('tampering: %s', (kind, tamper) => {
  it(`is found and located, ${RUNS_OF_A_KIND} times`, async () => {
    for (let run = 1; run <= RUNS_OF_A_KIND; run += 1) {
      const seed = run * 1_000 + kind.length;
      const dice = new Dice(seed);
      const ledger = randomLedger(dice);
      const { tenants, first, rehashed = false, vague, lender } = tamper(ledger, dice);
      const result = await verified(ledger);
      const suspects = result.chains.filter(({ firstBad }) => firstBad < Infinity);
      const names = suspects.map(({ tenant }) => tenant).filter((tenant) => tenant !== lender);
      expect({ seed, ok: result.ok, names }).toEqual({
        seed,
        ok: false,
        names: [...tenants].sort(),
      });
      const { proven, firstBad, findings } = suspects.find(({ tenant }) => tenant === tenants[0])!;
      const reach = Math.max(...findings.map(({ until }) => until!));
      // Whoever redoes the hash of what they change is told by the entry after it.
      const latest = vague ? reach : first + Number(rehashed);
      expect({
        seed,
        proven: proven < first,
        named: proven < firstBad && firstBad <= latest,
      }).toEqual({
        seed,
        proven: true,
        named: true,
      });
      expect({ seed, reaches: first <= reach }).toEqual({ seed, reaches: true });
    }
  });
});

describe('without an entry touched', () => {
  const ledgerOf = (seed = 7): Ledger => randomLedger(new Dice(seed));
  const withBody = (text: string, change: (body: string) => string): string => {
    const { body, signature } = JSON.parse(text) as { body: string; signature: string };
    return JSON.stringify({ body: change(body), signature });
  };

  it('an edited checkpoint is found', async () => {
    const ledger = ledgerOf();
    ledger.checkpoints[1] = withBody(ledger.checkpoints[1]!, (body) =>
      body.replace('2026', '2025'),
    );
    expect(kindsOf(await verified(ledger))).toEqual(['checkpoint.signature']);
  });

  it("a checkpoint signed with another's key is found", async () => {
    const ledger = ledgerOf();
    ledger.seal(generateKeyPairSync('ed25519').privateKey);
    expect(kindsOf(await verified(ledger))).toEqual(['checkpoint.signature']);
  });

  it('a checkpoint that is not one is found', async () => {
    const ledger = ledgerOf();
    ledger.checkpoints.push('{"body":', 'null');
    expect(kindsOf(await verified(ledger))).toEqual(Array(2).fill('checkpoint.signature'));
  });

  it('a missing checkpoint is found, and all of them missing', async () => {
    const ledger = ledgerOf();
    const paths = ledger.write(directory);
    const checkpoints = join(directory, 'checkpoints');
    const verify = (): Promise<Verification> =>
      auditVerify({ paths, checkpoints, keys: [ledger.keys.publicKey] });
    unlinkSync(join(checkpoints, '000000000002.json'));
    expect(kindsOf(await verify())).toContain('checkpoint.missing');
    rmSync(checkpoints, { recursive: true });
    ledger.checkpoints.splice(0);
    ledger.write(directory);
    expect(kindsOf(await verify())).toEqual(['checkpoint.missing']);
  });

  it('a checkpoint under the name of another is found', async () => {
    const ledger = ledgerOf();
    const [first, second] = ledger.checkpoints;
    ledger.checkpoints.splice(0, 2, second!, first!);
    const kinds = kindsOf(await verified(ledger));
    expect(kinds.filter((kind) => kind === 'checkpoint.signature')).toHaveLength(2);
  });

  it('a checkpoint of another store, signed with the same key, is found', async () => {
    const ledger = ledgerOf();
    const twin = ledgerOf();
    Object.assign(twin, { keys: ledger.keys });
    twin.checkpoints.splice(0);
    twin.chains.clear();
    for (const _ of ledger.checkpoints) twin.seal();
    ledger.checkpoints[1] = twin.checkpoints[1]!;
    const { findings } = await verified(ledger);
    expect(findings).toContainEqual({ kind: 'checkpoint.link', checkpoint: 2 });
  });

  it('an installation that went on from an older state says so', async () => {
    const ledger = ledgerOf();
    const [tenant, lines] = [...ledger.chains][0]!;
    ledger.seal();
    const before = lines.length;
    lines.splice(-4);
    ledger.append(tenant, 2);
    ledger.seal();
    const { findings } = await verified(ledger);
    expect(findings[0]).toEqual({
      ...{ kind: 'checkpoint.backwards', checkpoint: ledger.checkpoints.length },
      ...{ tenant, seq: before - 2, until: before },
    });
  });

  it('a store rolled back to an older checkpoint is found by who knows a later one', async () => {
    const ledger = ledgerOf();
    const { known } = ledger;
    ledger.checkpoints.pop();
    expect(kindsOf(await verified(ledger))).toEqual([]);
    expect(kindsOf(await verified(ledger, { known }))).toEqual(['checkpoint.known']);
  });

  it('other checkpoints under the same key are found by who knows one of them', async () => {
    const ledger = ledgerOf();
    const { known } = ledger;
    const other = new Ledger(new Dice(1));
    Object.assign(other, { keys: ledger.keys });
    other.append(ledger.dice.uuid(), 3);
    for (const _ of ledger.checkpoints) other.seal();
    expect(kindsOf(await verified(other, { known }))).toEqual(['checkpoint.known']);
  });

  it('a tenant without its export is missed, unless others are asked about', async () => {
    const ledger = ledgerOf();
    const [absent, ...rest] = ledger.chains.keys();
    ledger.chains.delete(absent!);
    const result = await verified(ledger);
    expect(result.findings).toEqual([
      expect.objectContaining({ kind: 'chain.short', tenant: absent, seq: 1 }),
    ]);
    expect((await verified(ledger, { tenants: rest })).ok).toBe(true);
    expect((await verified(ledger, { tenants: [absent!] })).ok).toBe(false);
  });

  it('an entry that is there twice is one finding, as is one of somebody else', async () => {
    const [ledger, other] = [ledgerOf(), ledgerOf(8)];
    const [tenant, lines] = [...ledger.chains][0]!;
    lines.splice(4, 0, lines[2]!);
    lines.splice(2, 0, [...other.chains.values()][0]![2]!);
    expect((await verified(ledger)).findings).toEqual([
      { kind: 'entry.foreign', tenant, seq: 3, until: 3 },
      { kind: 'entry.order', tenant, seq: 3, until: 5 },
    ]);
  });

  it('a line that is no entry is found where it is, also the first', async () => {
    const ledger = ledgerOf();
    const [tenant] = ledger.chains.keys();
    const paths = ledger.write(directory);
    const lines = readFileSync(paths[0]!, 'utf8').split('\n');
    lines.splice(4, 0, '{"entry":"{}","hash":"00"}');
    lines.unshift('nothing');
    writeFileSync(paths[0]!, lines.join('\n'));
    const checkpoints = join(directory, 'checkpoints');
    const result = await auditVerify({ paths, checkpoints, keys: [ledger.keys.publicKey] });
    expect(result.findings).toEqual([
      { kind: 'entry.foreign', tenant, seq: 1, until: 1 },
      { kind: 'entry.foreign', tenant, seq: 5, until: 5 },
    ]);
  });
});

it('the example of the format’s page holds', async () => {
  const page = readFileSync(join(process.cwd(), 'docs/reference/audit-format.md'), 'utf8');
  const block = (language: string): string =>
    new RegExp(`\\n\`\`\`${language}\\n([^\`]+)\`\`\``).exec(page)?.[1] ?? '';
  const paths = [join(directory, 'example.ndjson')];
  writeFileSync(paths[0]!, block('ndjson'));
  const checkpoints = join(directory, 'checkpoints');
  mkdirSync(checkpoints);
  writeFileSync(join(checkpoints, '000000000001.json'), block('json'));
  const pem = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/.exec(page)?.[0] ?? '';
  const result = await auditVerify({ paths, checkpoints, keys: [createPublicKey(pem)] });
  expect(result).toMatchObject({ ok: true, chains: [{ entries: 2, proven: 2 }] });
});

describe('the program', () => {
  const run = (...args: string[]): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  };

  function prepared(ledger: Ledger): { paths: string[]; seals: string[] } {
    const paths = ledger.write(directory);
    const key = join(directory, 'key.pub');
    writeFileSync(key, ledger.keys.publicKey.export({ type: 'spki', format: 'pem' }));
    return { paths, seals: ['--checkpoints', join(directory, 'checkpoints'), '--key', key] };
  }

  it('says that all is in order, and which checkpoint to remember', () => {
    const ledger = randomLedger(new Dice(3));
    const { paths, seals } = prepared(ledger);
    const { code, out } = run(...seals, ...paths);
    expect({ code, last: out.includes(`Último sello: ${ledger.known}`) }).toEqual({
      code: 0,
      last: true,
    });
    expect(out).toContain('Todo en orden.');
    expect(run(...seals, '--known', ledger.known, ...paths).code).toBe(0);
  });

  it('measures an export by the seals before it, when asked, and by no fewer', () => {
    const ledger = randomLedger(new Dice(7));
    const [tenant, lines] = [...ledger.chains][0]!;
    ledger.seal();
    const before = ledger.checkpoints.length;
    const { paths, seals } = prepared(ledger);
    const later = join(directory, 'later');
    ledger.append(tenant, 2);
    ledger.seal();
    ledger.write(later);
    const live = ['--checkpoints', join(later, 'checkpoints'), ...seals.slice(2)];
    const late = run(...live, ...paths);
    expect([late.code, late.out]).toEqual([1, expect.stringMatching(/--until\) \(chain.short\)/)]);
    expect(run(...live, '--until', `${before}`, ...paths).code).toBe(0);
    const absent = run(...live, '--until', `${before + 2}`, '--json', ...paths);
    expect(JSON.parse(absent.out)).toMatchObject({
      findings: [{ kind: 'checkpoint.missing', checkpoint: before + 2 }, { kind: 'chain.short' }],
    });
    lines.splice(-3);
    expect(run(...live, '--until', `${before}`, ...ledger.write(later)).code).toBe(1);
    const unfit = run(...live, '--until', 'ayer', ...paths);
    expect(unfit).toMatchObject({ code: 2, err: expect.stringContaining('--until quiere') });
  });

  it('names the first bad entry, for people and for programs', () => {
    const ledger = randomLedger(new Dice(4));
    const [tenant, lines] = [...ledger.chains][0]!;
    lines.splice(2, 1);
    const { paths, seals } = prepared(ledger);
    const told = run(...seals, ...paths);
    expect(told.code).toBe(1);
    expect(told.out).toMatch(
      new RegExp(`^${tenant} .* ALTERADA desde la entrada 3 \\(probada hasta la \\d+\\)$`, 'm'),
    );
    expect(told.out).toContain(`✗ ${tenant}, entrada 3: faltan entradas (entry.missing)`);
    const json = run(...seals, '--json', ...paths);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      ok: false,
      findings: [{ kind: 'entry.missing', tenant, seq: 3, until: 3 }],
    });
  });

  it('says what it cannot do', () => {
    const { paths, seals } = prepared(randomLedger(new Dice(5)));
    expect(run('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Uso: audit-verify'),
    });
    expect(run(...seals)).toMatchObject({ code: 2, err: expect.stringContaining('--help') });
    expect(run(...paths).code).toBe(2);
    expect(run('--no-checkpoints', ...paths).code).toBe(0);
    const told = (...args: string[]): string => {
      const { code, err } = run(...args);
      return `${code} ${err.replace('No se pudo comprobar: ', '')}`;
    };
    const absent = join(directory, 'absent.ndjson');
    expect(told(...seals, absent)).toBe(`2 no existe ${absent} (ENOENT)\n`);
    expect(told(...seals, directory)).toBe('2 no se puede leer una clave o exportación (EISDIR)\n');
    expect(told(...seals, '--key', paths[0]!, ...paths)).toMatch(/^2 no se puede leer una clave/);
    expect(told(...seals, '--unknown', ...paths)).toBe('2 la opción --unknown está mal usada\n');
    expect(told(...paths, '--key')).toBe('2 la opción --key está mal usada\n');
    expect(told(...seals, '--json=x', ...paths)).toBe('2 la opción --json está mal usada\n');
    const problem = join(directory, 'problem.json');
    writeFileSync(problem, '{"status":403}');
    expect(run(...seals, ...paths, problem)).toMatchObject({
      ...{ code: 2, err: `No se pudo comprobar: «${problem}» no es una exportación\n` },
    });
  });

  it('shares large exports out among threads, with the same result', () => {
    const ledger = new Ledger(new Dice(6));
    const tenants = [ledger.dice.uuid(), ledger.dice.uuid(), ledger.dice.uuid()].sort();
    for (const tenant of tenants) ledger.append(tenant, 4_000);
    ledger.seal();
    const lines = ledger.chains.get(tenants[1]!)!;
    lines[1_999] = {
      ...lines[1_999]!,
      entry: lines[1_998]!.entry.replace('"seq":1999', '"seq":2000'),
    };
    const { paths, seals } = prepared(ledger);
    expect(
      Number(execFileSync('du', ['-sb', directory], { encoding: 'utf8' }).split('\t')[0]),
    ).toBeGreaterThan(2 ** 23);
    const { code, out } = run(...seals, '--json', ...paths);
    expect(code).toBe(1);
    const { chains } = JSON.parse(out) as Verification;
    expect(chains.map(({ entries, firstBad }) => [entries, firstBad])).toEqual([
      [4_000, null],
      [4_000, 2_000],
      [4_000, null],
    ]);
  });

  it('runs alone: one file of 200 lines that imports Node and nothing else', () => {
    const text = readFileSync(PROGRAM, 'utf8');
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
    const imports = [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*'([^']+)'/g)];
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter(([, name]) => !name!.startsWith('node:'))).toEqual([]);
    const alone = join(directory, 'audit-verify');
    symlinkSync(PROGRAM, alone);
    expect(execFileSync(process.execPath, [alone, '--help'], { encoding: 'utf8' })).toContain(
      'Uso:',
    );
  });
});
