-- Template: the tables group commits write. Role batch sees the tenants its transaction lists. Every
-- statement of batch names tenant and key itself, and the policy is written so that no index can serve
-- it: as `tenant_id = ANY (…)` its guessed selectivity multiplies with that of `tenant_id = $1`, one
-- tenant's documents look like a single row, and any index that begins with tenant_id like the right one.
CREATE POLICY batch_tenants ON :table TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), :column) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), :column) IS NOT NULL);
