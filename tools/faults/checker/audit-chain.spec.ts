import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareChains, type EntryRow } from './audit-chain.js';
import { logs } from './surroundings.js';

const TENANTS = ['01a00000-0000-7000-8000-00000000000a', '01a00000-0000-7000-8000-00000000000b'];
const sha512 = (bytes: Buffer | string): Buffer => createHash('sha512').update(bytes).digest();

type Row = EntryRow & { readonly text: string };

/** A chain as docs/reference/audit-format.md describes it. */
function chain(tenant: string, count: number): Row[] {
  const rows: Row[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const id = `${tenant.slice(0, -3)}${100 + seq}`;
    const text =
      `{"actor":"a","id":"${id}","occurredAt":"2026-11-21T12:00:0${seq}.000Z",` +
      `"payload":{"encf":"E31","n":${seq}},"seq":${seq},"subjectId":null,` +
      `"tenantId":"${tenant}","type":"document.queued"}`;
    const prev = rows.at(-1)?.hash ?? sha512(`getupnet-audit-1:${tenant}`);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    const hash = sha512(Buffer.concat([Buffer.from([1]), prev, length, Buffer.from(text)]));
    rows.push({
      ...{ tenant_id: tenant, seq: String(seq), prev, hash, id, type: 'document.queued', text },
      ...{ subject_id: null, actor: 'a', payload: { n: seq, encf: 'E31' } },
      occurred_at: new Date(`2026-11-21T12:00:0${seq}.000Z`),
    });
  }
  return rows;
}

interface Evidence {
  rows: Row[];
  links: number;
  /** Lines of each company's export. */
  exports: Map<string, Row[]>;
  checkpoints: { body: string; signature: string }[];
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519').privateKey;

function clean(): Evidence {
  const chains = TENANTS.map((tenant) => chain(tenant, 4));
  const checkpoints: Evidence['checkpoints'] = [];
  for (const seq of [2, 4]) {
    const heads = chains.map((rows): [string, object] => {
      const { tenant_id: tenant, hash } = rows[seq - 1] as Row;
      return [tenant, { seq, hash: hash?.toString('hex') }];
    });
    const last = checkpoints.at(-1)?.body;
    const previous = last === undefined ? '0'.repeat(128) : sha512(last).toString('hex');
    const number = checkpoints.length + 1;
    checkpoints.push(signed({ number, previous, heads: Object.fromEntries(heads) }));
  }
  const exports = new Map(chains.map((rows) => [rows[0]?.tenant_id ?? '', rows]));
  return { rows: chains.flat(), links: 8, exports, checkpoints };
}

function signed(body: object, key = privateKey): { body: string; signature: string } {
  const text = JSON.stringify(body);
  return { body: text, signature: sign(null, Buffer.from(text), key).toString('base64') };
}

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

describe('what the checker says of the audit', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'checker-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };

  async function broken({ rows, links, exports, checkpoints }: Evidence): Promise<string[]> {
    await put('checkpoint-key.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString());
    for (const [tenant, lines] of exports) {
      const entries = lines.map(({ text, hash }) => ({ entry: text, hash: hash?.toString('hex') }));
      const text = entries.map((line) => `${JSON.stringify(line)}\n`).join('');
      await put(`audit/${tenant}.ndjson`, text);
    }
    for (const [at, file] of checkpoints.entries()) {
      const name = `${String(at + 1).padStart(12, '0')}.json`;
      await put(`worm/checkpoints/${name}`, JSON.stringify(file));
    }
    const findings = await compareChains(dir, rows, links);
    return findings.filter(({ offences }) => offences.length > 0).map(({ rule }) => rule);
  }

  const CHAINS = 'every event is in its chain once, and every chain verifies';
  const EXPORTS = 'the exported chains are the chains';
  const SEALS = 'checkpoints are signed, linked, and beginnings of the chains';

  test('nothing where nothing is wrong', async () => {
    expect(await broken(clean())).toEqual([]);
  });

  const planted: readonly [string, (evidence: Evidence) => void, readonly string[]][] = [
    // What is not the chain that was sealed is not the one that was exported either.
    [
      'an edited event',
      ({ rows }) => Object.assign(rows[1] as Row, { actor: 'b' }),
      [CHAINS, EXPORTS, SEALS],
    ],
    [
      'an event that is in no chain',
      (it) => it.rows.push({ ...(it.rows[7] as Row), seq: null, prev: null, hash: null }),
      [CHAINS],
    ],
    ['a link without event', (it) => (it.links += 1), [CHAINS]],
    [
      'an entry of another company',
      ({ rows }) => Object.assign(rows[3] as Row, { tenant_id: TENANTS[1] }),
      [CHAINS, EXPORTS, SEALS],
    ],
    [
      'a chain without its end',
      (it) => Object.assign(it, { rows: without(it.rows, 7), links: 7 }),
      [EXPORTS, SEALS],
    ],
    [
      'an export that leaves an entry out',
      ({ exports }) => exports.set(TENANTS[0] ?? '', without(chain(TENANTS[0] ?? '', 4), 1)),
      [EXPORTS],
    ],
    ['an empty export', ({ exports }) => exports.set(TENANTS[0] ?? '', []), [EXPORTS]],
    [
      'a checkpoint of another key',
      ({ checkpoints }) =>
        checkpoints.splice(1, 1, signed(JSON.parse(checkpoints[1]?.body ?? '') as object, other)),
      [SEALS],
    ],
    ['a checkpoint that is gone', ({ checkpoints }) => checkpoints.shift(), [SEALS]],
    ['no checkpoint at all', ({ checkpoints }) => checkpoints.splice(0), [SEALS]],
    [
      'a checkpoint of another chain',
      ({ checkpoints }) => {
        const body = JSON.parse(checkpoints[1]?.body ?? '') as { heads: Record<string, object> };
        body.heads[TENANTS[0] ?? ''] = { seq: 4, hash: 'f'.repeat(128) };
        checkpoints.splice(1, 1, signed(body));
      },
      [SEALS],
    ],
  ];

  test.each(planted)('finds %s', async (_, plant, rules) => {
    const evidence = clean();
    plant(evidence);
    expect(await broken(evidence)).toEqual(rules);
  });

  test('finds a secret in a log', async () => {
    await put('logs/sign-1.log', '{"msg":"listening"}\n{"msg":"key k3y-0f-a-tenant"}\n');
    const { checked, offences } = await logs(dir, ['k3y-0f-a-tenant']);
    expect([checked, offences.length]).toEqual([2, 1]);
    expect((await logs(dir, ['another'])).offences).toEqual([]);
  });
});
