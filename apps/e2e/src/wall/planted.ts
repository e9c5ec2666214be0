import { newId } from '@getupnet/kernel';
import type { TestDatabase } from '@getupnet/testkit';
import { insertOf, seedEveryTable } from '../../../../libs/persistence/src/testing/every-table.js';

type Row = Readonly<Record<string, unknown>>;
type Rows = readonly (readonly [table: string, row: Row])[];

/** A tenant with rows in every table, and a second row wherever a list can be paged. */
export interface PlantedTenant {
  readonly id: string;
}

const DIGITS = 9;
const FAR = '2099-01-01';

export async function plantTenant(database: TestDatabase, at: number): Promise<PlantedTenant> {
  const { id, rows } = await seedEveryTable(database, at);
  const rangeId = String(rows['encf_range']?.['id']);
  await asOwnerOf(database, id, businessOf(id, at, rangeId));
  for (const [table, row] of peopleOf(id, at, String(rows['user_account']?.['id']))) {
    await database.pools.query('identity', ...insertOf(table, row));
  }
  // Its seal is none: nobody signs with it.
  await database.asOwner(async (owner) => {
    await owner.query('BEGIN');
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [id]);
    await owner.query(`UPDATE certificate SET status = 'RETIRED'`);
    await owner.query('COMMIT');
  });
  // The row that stands for this table is no key: it must not be taken for the one that signs.
  const retire = `UPDATE token_key SET verifies_until = signs_from WHERE public_jwk = '{}'`;
  await database.pools.query('identity', retire);
  return { id };
}

/** Inserts rows that the owner may, as the tenant. */
export async function asOwnerOf(database: TestDatabase, id: string, rows: Rows): Promise<void> {
  await database.asOwner(async (owner) => {
    await owner.query('BEGIN');
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [id]);
    for (const [table, row] of rows) await owner.query(...insertOf(table, row));
    await owner.query('COMMIT');
  });
}

/** Texts that occur nowhere else, so that one of them in an answer says whose row it came from. */
function businessOf(tenant_id: string, at: number, range_id: string): Rows {
  const digest = `${at}b`.repeat(32);
  const text = (what: string): string => `${what}-de-la-empresa-${at}`;
  const documents = [1, 2].map((serial): Rows => {
    const id = newId();
    const event = newId();
    const encf = `E31${String(at).padStart(DIGITS, '7')}${serial}`;
    return [
      [
        'document',
        {
          ...{ tenant_id, id, environment: 'testecf', tipo: 31, encf, range_id, state: 'ACCEPTED' },
          ...{ route: 'ecf', idempotency_key: text(`clave-${serial}`), body_sha256: digest },
          ...{ issuer_rnc: `10100000${at}`, buyer_name: text(`comprador-${serial}`) },
          ...{ external_ref: text(`ref-${serial}`), monto_total: `${at}87654321.0${serial}` },
          ...{ fecha_emision: '2026-01-02', fecha_hora_firma: '02-01-2026 10:00:00' },
          ...{ artefact_month: '2026-01-01', track_id: text(`track-${serial}`) },
        },
      ],
      [
        'artefact',
        {
          ...{ tenant_id, month: '2026-01-01', document_id: id, kind: 'signed', sha256: digest },
          body: `<ECF>${text(`xml-${serial}`)}</ECF>`,
        },
      ],
      [
        'audit_event',
        {
          ...{ tenant_id, month: '2026-01-01', id: event, type: 'document.accepted' },
          ...{ subject_id: id, actor: text('actor'), payload: { note: text(`nota-${serial}`) } },
        },
      ],
      [
        'audit_link',
        {
          ...{ tenant_id, seq: serial + 1, event_month: '2026-01-01', event_id: event },
          ...{
            prev: Buffer.alloc(64, at * 9 + serial),
            hash: Buffer.alloc(64, at * 9 + serial + 1),
          },
        },
      ],
    ];
  });
  const more = [1, 2].map((serial): Rows => {
    const name = text(`llave-${serial}`);
    const range = { environment: 'testecf', first: serial * 1_000, last: serial * 1_000 + 9 };
    return [
      [
        'api_key',
        { tenant_id, id: newId(), name, prefix: `gk_${at}0${serial}abc`, permissions: ['X'] },
      ],
      ['encf_range', { tenant_id, id: newId(), tipo: 33, next: serial * 1_000, ...range }],
      [
        'encf_void',
        {
          ...{ tenant_id, id: newId(), environment: 'testecf', state: 'ACCEPTED', quantity: 1 },
          ...{ issuer_rnc: `10100000${at}`, requested_by: text(`persona-${serial}`) },
          ...{ reason: text(`motivo-${serial}`), idempotency_key: text(`anula-${serial}`) },
          ...{ body_sha256: digest, artefact_month: '2026-01-01' },
        },
      ],
      [
        'contingency',
        {
          ...{ tenant_id, id: newId(), environment: 'testecf', kind: 'CANNOT_ISSUE' },
          ...{ cause: text(`averia-${serial}`), opened_by: text('actor'), begun_at: '2026-01-01' },
          ended_at: '2026-01-02',
        },
      ],
      [
        'contingency_paper',
        {
          ...{ tenant_id, id: newId(), environment: 'testecf', ncf: `B02${at}654321${serial}` },
          ...{ buyer_name: text(`cliente-${serial}`), monto_total: `${at}7654321.0${serial}` },
        },
      ],
    ];
  });
  return [...documents, ...more].flat();
}

function peopleOf(tenant_id: string, at: number, invited_by: string): Rows {
  const text = (what: string): string => `${what} de la empresa ${at}`;
  return [1, 2].flatMap((serial): Rows => {
    const [user_id, role_id] = [newId(), newId()];
    const email = `persona-${serial}@empresa-${at}.example`;
    const permissions = ['TENANT_INVOICE_READ'];
    return [
      ['tenant_role', { tenant_id, id: role_id, name: text(`Rol ${serial}`), permissions }],
      [
        'user_account',
        {
          ...{ id: user_id, email, name: text(`Persona ${serial}`) },
          password_hash: text(`hash ${serial}`),
        },
      ],
      ['membership', { tenant_id, user_id, role_id }],
      ['user_session', { id: newId(), user_id, tenant_id, expires_at: FAR, client: text('nave') }],
      [
        'invitation',
        {
          ...{ id: newId(), tenant_id, email: `invitada-${serial}@empresa-${at}.example` },
          ...{ name: text(`Invitada ${serial}`), role: 'viewer', hash: text(`h${serial}`) },
          ...{ invited_by, expires_at: FAR },
        },
      ],
    ];
  });
}

const TABLES = `
  SELECT c.relname AS name FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     AND NOT c.relispartition AND c.relname <> '_prisma_migrations' ORDER BY 1`;

/** Moments at which a key or session was last used say nothing about whose it is. */
const MOMENTS = ['last_used_at', 'seen_at'];

/** Every row of a tenant in every table, as text: what its business and its people's role see. */
export async function rowsOf(database: TestDatabase, tenantId: string): Promise<readonly string[]> {
  return database.asOwner(async (owner) => {
    const { rows: tables } = await owner.query<{ name: string }>(TABLES);
    const found: string[] = [];
    await owner.query('BEGIN');
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
    for (const { name } of tables) {
      const text = `SELECT (to_jsonb(t) - $1::text[])::text AS row FROM ${name} t`;
      const seen = await owner.query<{ row: string }>(text, [MOMENTS]);
      found.push(...seen.rows.map(({ row }) => `${name} ${row}`));
    }
    await owner.query('ROLLBACK');
    const ids = [...new Set(found.flatMap(uuidsOf))];
    for (const { name } of await readableByIdentity(database)) {
      const text = `SELECT (to_jsonb(t) - $1::text[])::text AS row FROM ${name} t
        WHERE to_jsonb(t)::text LIKE ANY ($2)`;
      const like = ids.map((id) => `%${id}%`);
      const { rows } = await database.pools.query<{ row: string }>('identity', text, [
        MOMENTS,
        like,
      ]);
      found.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return [...new Set(found)].sort();
  });
}

/** Tables of which role identity may read every column, and the owner nothing. */
async function readableByIdentity(database: TestDatabase) {
  const { rows } = await database.pools.query<{ name: string }>(
    'identity',
    `SELECT p.tablename AS name FROM pg_policies p
      WHERE p.policyname = 'identity_only' AND has_table_privilege(p.tablename, 'SELECT')`,
  );
  return rows;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const MOMENT = /^\d{4}-\d{2}-\d{2}/;
const SHORTEST = 8;

export function uuidsOf(row: string): readonly string[] {
  return row.match(UUID) ?? [];
}

/** Texts and numbers that are in these rows and not in the others'. */
export function markersOf(rows: readonly string[], others: readonly string[]): readonly string[] {
  const foreign = new Set(others.flatMap(leavesOf));
  const own = rows.flatMap(leavesOf).filter((leaf) => !foreign.has(leaf));
  return [...new Set(own)].filter((leaf) => leaf.length >= SHORTEST && !MOMENT.test(leaf));
}

/** Of the markers, the first one in each column of each table: what is worth trying in a call. */
export function oneOfEachColumn(
  rows: readonly string[],
  markers: readonly string[] = rows.flatMap(leavesOf),
): readonly string[] {
  const known = new Set(markers);
  const found = new Map<string, string>();
  for (const row of rows) {
    const at = row.indexOf(' ');
    for (const [column, value] of Object.entries(JSON.parse(row.slice(at + 1)) as object)) {
      const place = `${row.slice(0, at)}.${column}`;
      if (known.has(String(value)) && !found.has(place)) found.set(place, String(value));
    }
  }
  return [...new Set(found.values())];
}

function leavesOf(row: string): readonly string[] {
  const leaves: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === 'object' && node !== null) Object.values(node).forEach(visit);
    else if (node !== null) leaves.push(String(node));
  };
  visit(JSON.parse(row.slice(row.indexOf(' ') + 1)));
  return leaves;
}
