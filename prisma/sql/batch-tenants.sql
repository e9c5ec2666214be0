-- Template: the tables group commits write. Role batch sees the tenants its transaction lists.
CREATE POLICY batch_tenants ON :table TO getupnet_batch
  USING (:column = ANY ((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[])::uuid[]))
  WITH CHECK (:column = ANY ((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[])::uuid[]));
