import type { ClientBase } from 'pg';

/** What a check needs of a connection. */
export type Queryable = Pick<ClientBase, 'query'>;

/** Roles that work for tenants: every policy of theirs asks which tenant it is. */
const TENANTS = `ARRAY['getupnet_app', 'getupnet_signer', 'getupnet_batch']`;

/**
 * Unique without a tenant because it is looked up before one is known: an API key's hash (TEN-4).
 */
const GLOBAL_KEYS = `ARRAY['api_key_hash_pkey']`;

/** Tables whose rows belong to tenants: what is only role identity's has a policy of that name. */
const TENANT_TABLES = `
  SELECT c.oid, c.relname FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND EXISTS (SELECT FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
    AND NOT EXISTS (SELECT FROM pg_policy p
      WHERE p.polrelid = c.oid AND p.polname = 'identity_only')`;

/** Each answers the faults it finds, as lines. */
const CHECKS: readonly string[] = [
  // TEN-3: a policy of everybody is one of whoever gets a connection.
  `SELECT format('policy %s on %s is for every role', polname, polrelid::regclass) AS fault
   FROM pg_policy WHERE 0 = ANY (polroles)`,
  // TEN-3: what may be written is said, not derived from what may be seen.
  `SELECT format('policy %s on %s has no WITH CHECK', polname, polrelid::regclass) AS fault
   FROM pg_policy WHERE polcmd IN ('*', 'a', 'w') AND polwithcheck IS NULL`,
  // TEN-3: the condition asks for the tenant, or for its members.
  `SELECT format('policy %s on %s does not ask which tenant it is', p.polname,
     p.polrelid::regclass) AS fault
   FROM pg_policy p
   CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)),
     (pg_get_expr(p.polwithcheck, p.polrelid))) AS e (text)
   WHERE e.text IS NOT NULL AND e.text !~ 'app\\.tenant_ids?''|FROM membership'
     AND EXISTS (SELECT FROM pg_roles r
       WHERE r.oid = ANY (p.polroles) AND r.rolname = ANY (${TENANTS}))`,
  // TEN-4: a view looks with its owner's rights unless told otherwise; a stored one always did.
  `SELECT format('view %s is not security_invoker', c.oid::regclass) AS fault
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'v' AND n.nspname !~ '^(pg_|information_schema$)'
     AND NOT coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(c.reloptions) o
       WHERE o.option_name = 'security_invoker'), false)`,
  `SELECT format('materialised view %s keeps rows without row-level security', c.oid::regclass)
     AS fault
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'm' AND n.nspname !~ '^(pg_|information_schema$)'`,
  // TEN-4: such a function works with its owner's rights.
  `SELECT format('function %s is SECURITY DEFINER', p.oid::regprocedure) AS fault
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE p.prosecdef AND n.nspname !~ '^(pg_|information_schema$)'`,
  // TEN-4: a global key says whether somebody else has the value.
  `SELECT format('key %s of %s does not begin with tenant_id', i.indexrelid::regclass, t.relname)
     AS fault
   FROM (${TENANT_TABLES}) t JOIN pg_index i ON i.indrelid = t.oid
   WHERE (i.indisunique OR i.indisexclusion)
     AND i.indexrelid::regclass::text <> ALL (${GLOBAL_KEYS})
     AND i.indkey[0] <> (SELECT a.attnum FROM pg_attribute a
       WHERE a.attrelid = t.oid AND a.attname = 'tenant_id')`,
  // TEN-4: a reference without the tenant links to another's row.
  `SELECT format('reference %s of %s does not begin with tenant_id', k.conname, t.relname) AS fault
   FROM (${TENANT_TABLES}) t
   JOIN (${TENANT_TABLES}) other ON true
   JOIN pg_constraint k ON k.conrelid = t.oid AND k.confrelid = other.oid AND k.contype = 'f'
   JOIN pg_attribute mine ON mine.attrelid = t.oid AND mine.attnum = k.conkey[1]
   JOIN pg_attribute theirs ON theirs.attrelid = other.oid AND theirs.attnum = k.confkey[1]
   WHERE mine.attname <> 'tenant_id' OR theirs.attname <> 'tenant_id'`,
];

/** How the schema could show one tenant's rows to another, although each table has its policy. */
export async function schemaFaults(pool: Queryable): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const check of CHECKS) {
    const { rows } = await pool.query<{ fault: string }>(`${check} ORDER BY 1`);
    faults.push(...rows.map(({ fault }) => fault));
  }
  return [...new Set(faults)];
}

/** TEN-3: a default of the role or the database would be everybody's tenant. */
const SETTINGS = `
  SELECT name FROM unnest(ARRAY['app.tenant_id', 'app.tenant_ids']) AS name
  WHERE nullif(current_setting(name, true), '') IS NOT NULL`;

/** Another role's rights, inherited or taken with SET ROLE; the option's column is new in 16. */
const POWERS = `
  SELECT o.rolname AS name FROM pg_roles r
  JOIN pg_roles o ON o.oid <> r.oid
    AND (o.rolsuper OR o.rolbypassrls OR o.rolname LIKE 'getupnet\\_%' OR o.rolname LIKE 'pg\\_%\\_data')
  WHERE r.rolname = current_user AND NOT r.rolsuper
    AND (pg_has_role(r.oid, o.oid, 'USAGE') OR EXISTS (SELECT FROM pg_auth_members m
      WHERE m.member = r.oid AND m.roleid = o.oid
        AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)))
  ORDER BY 1`;

/** What a connection of the role could do that its own grants do not say. */
export async function connectionFaults(who: string, pool: Queryable): Promise<readonly string[]> {
  const settings = await pool.query<{ name: string }>(SETTINGS);
  const powers = await pool.query<{ name: string }>(POWERS);
  return [
    ...settings.rows.map(({ name }) => `${who} begins with ${name} set`),
    ...powers.rows.map(({ name }) => `${who} has the rights of role ${name}`),
  ];
}
