import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@getupnet/kernel';
import { AuditReader, PLATFORM_TENANT_ID, entryText, linkHash } from '@getupnet/persistence';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { AuditUnderTest } from '../../libs/features/audit/src/testing/audit-under-test.js';
import { auditVerify, type Verification } from '../audit-verify/audit-verify.mjs';
import { exportAudit } from './export-audit.js';

const EVENTS = 12;

describe('a kit of the real database', () => {
  let service: AuditUnderTest;
  let out: string;
  // Before the database goes, hence declared first.
  afterAll(async () => {
    await service.close();
    await rm(out, { recursive: true });
  });
  const database = useTestDatabase();
  beforeAll(async () => {
    service = await AuditUnderTest.start(database());
    out = await mkdtemp(join(tmpdir(), 'kits-'));
  });

  async function sealedTenant(): Promise<TestTenant> {
    const tenant = await createTestTenant(database());
    await service.write(tenant.id, ...Array.from({ length: EVENTS }, (_, at) => `a.number_${at}`));
    await service.sealed(tenant, EVENTS);
    return tenant;
  }

  async function run(...args: string[]): Promise<{ code: number; out: string; note: string }> {
    const [outs, notes]: [string[], string[]] = [[], []];
    const env = { DATABASE_URL: database().ownerUrl, WORM_DIRECTORY: service.dir };
    const code = await exportAudit(args, env, {
      out: (text) => void outs.push(text),
      note: (text) => void notes.push(text),
    });
    return { code, out: outs.join(''), note: notes.join('') };
  }

  /** Exports and verifies, all chains or some. */
  async function verified(...tenants: string[]): Promise<Verification> {
    const kit = await mkdtemp(join(out, 'kit-'));
    const result = await run('--out', kit, ...tenants.flatMap((id) => ['--tenant', id]));
    expect(result).toMatchObject({ code: 0, note: '' });
    const names = (await readdir(kit)).filter((name) => name.endsWith('.ndjson'));
    return auditVerify({
      paths: names.map((name) => join(kit, name)),
      checkpoints: join(kit, 'checkpoints'),
      keys: [service.publicKey],
      ...(tenants.length > 0 ? { tenants } : {}),
    });
  }

  it('proves itself as a whole, from the command to the exit code', async () => {
    const tenant = await sealedTenant();
    await service.write(PLATFORM_TENANT_ID, 'company.created');
    const kit = join(out, 'whole');
    const { code, out: told } = await run('--out', kit);
    expect(code).toBe(0);
    expect(told).toMatch(/^checkpoints\/ {2}[1-9]\d*$/m);
    expect(told).toMatch(new RegExp(`^${tenant.id}.ndjson {2}1[23]$`, 'm'));
    const file = join(kit, `${tenant.id}.ndjson`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const key = join(kit, 'key.pub');
    await writeFile(key, service.publicKey.export({ type: 'spki', format: 'pem' }));
    const program = join(process.cwd(), 'tools/audit-verify/audit-verify.mjs');
    const seals = ['--checkpoints', join(kit, 'checkpoints'), '--key', key];
    const chains = (await readdir(kit)).filter((name) => name.endsWith('.ndjson'));
    const args = [program, ...seals, ...chains.map((name) => join(kit, name))];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toContain('Todo en orden.');
    expect((await readFile(file, 'utf8')).split('\n')[0]).toContain('a.number_0');
  });

  /** Whoever holds the database can chain as well as we do. */
  async function rewritten(tenantId: string, from: number): Promise<string> {
    const links = await new AuditReader(database().pools).walk(tenantId, 0, EVENTS);
    let prev = links[from - 2]!.hash;
    return links
      .slice(from - 1)
      .map(({ seq, event }) => {
        const hash = linkHash(prev, entryText({ tenantId, seq, ...event!, actor: 'nobody' }));
        const [before, after] = [prev.toString('hex'), hash.toString('hex')];
        prev = hash;
        return `UPDATE audit_event SET actor = 'nobody' WHERE tenant_id = TENANT AND id = '${event!.id}';
          UPDATE audit_link SET prev = '\\x${before}', hash = '\\x${after}'
            WHERE tenant_id = TENANT AND seq = ${seq};`;
      })
      .join('');
  }

  it.each<[string, number, (tenantId: string, first: number) => string | Promise<string>]>([
    [
      'an edit',
      5,
      (_, first) => `UPDATE audit_event SET actor = 'nobody' WHERE tenant_id = TENANT AND id =
        (SELECT event_id FROM audit_link WHERE tenant_id = TENANT AND seq = ${first})`,
    ],
    ['a rewrite of all that follows', 3, rewritten],
    [
      'a cut end',
      9,
      (_, first) => `DELETE FROM audit_event WHERE tenant_id = TENANT AND id IN
          (SELECT event_id FROM audit_link WHERE tenant_id = TENANT AND seq >= ${first});
        DELETE FROM audit_link WHERE tenant_id = TENANT AND seq >= ${first}`,
    ],
  ])('%s in the tables is found and located', async (_, first, made) => {
    const tenant = await sealedTenant();
    const sql = await made(tenant.id, first);
    await service.tamper(sql.replaceAll('TENANT', `'${tenant.id}'`));
    const { ok, chains } = await verified(tenant.id);
    expect(ok).toBe(false);
    const [{ proven, firstBad, findings }] = chains as [Verification['chains'][0]];
    const reach = Math.max(...findings.map(({ until }) => until!));
    expect({ proven: proven < first, named: proven < firstBad, reach: first <= reach }).toEqual({
      proven: true,
      named: true,
      reach: true,
    });
    // A cut chain goes on with the export's own event, so only what lies behind it is missing.
    expect(firstBad).toBeLessThanOrEqual(first + 2);
  });

  it('goes on behind a kept kit: both together are the chain, the new one alone is not', async () => {
    const tenant = await sealedTenant();
    const [kept, next] = [join(out, 'kept'), join(out, 'next')];
    const only = ['--tenant', tenant.id];
    expect(await run('--out', kept, ...only)).toMatchObject({ code: 0 });
    await service.write(tenant.id, 'b.one', 'b.two');
    await service.sealed(tenant, EVENTS + 3);
    expect(await run('--out', next, '--behind', kept, ...only)).toMatchObject({ code: 0 });
    const parts = [kept, next].map((kit) => join(kit, `${tenant.id}.ndjson`));
    const check = (paths: readonly string[]): Promise<Verification> =>
      auditVerify({
        ...{ paths, checkpoints: join(next, 'checkpoints'), keys: [service.publicKey] },
        tenants: [tenant.id],
      });
    expect(await check(parts)).toMatchObject({ ok: true });
    expect(await check(parts.slice(1))).toMatchObject({ ok: false, chains: [{ firstBad: 1 }] });
    await writeFile(parts[0]!, 'no');
    expect(await run('--out', next, '--behind', kept, ...only)).toMatchObject({
      ...{ code: 2, note: expect.stringContaining('no termina en una entrada') },
    });
  });

  it('refuses whom it does not know, without beginning a chain of theirs', async () => {
    const stranger = newId();
    const kit = join(out, 'stranger');
    expect(await run('--out', kit, '--tenant', stranger)).toEqual({
      ...{ code: 2, out: '', note: expect.stringContaining(`${stranger} no tiene cadena`) },
    });
    await expect(stat(kit)).rejects.toThrow('ENOENT');
    const { rows } = await database().asOwner(async (client) => {
      await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [stranger]);
      return client.query('SELECT id FROM audit_event WHERE tenant_id = $1', [stranger]);
    });
    expect(rows).toEqual([]);
  });

  it('a directory that cannot be one is told in a line', async () => {
    const file = join(out, 'file');
    await writeFile(file, '');
    const { code, note } = await run('--out', file);
    expect([code, note]).toEqual([2, expect.stringMatching(/^No se pudo usar «.+directorio\.\n$/)]);
  });

  it('says what it cannot do', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, note: expect.stringContaining('--out') });
    expect(await run()).toMatchObject({ code: 2, note: expect.stringContaining('--out DIR') });
    expect(await run('--out', out, '--tenant', 'x')).toMatchObject({ code: 2 });
    expect(await run('--salida', out)).toMatchObject({ code: 2 });
    const notes: string[] = [];
    const io = { out: () => undefined, note: (text: string) => void notes.push(text) };
    expect(await exportAudit(['--out', out], {}, io)).toBe(78);
    expect(notes.join('')).toContain('WORM_DIRECTORY');
    expect(await exportAudit(['--out', out], { WORM_DIRECTORY: out }, io)).toBe(78);
    expect(notes.join('')).toContain('DATABASE_URL');
  });
});
