-- Template: every tenant table, right after CREATE TABLE, with :table and :column replaced (:column is
-- tenant_id, or id on the table of tenants itself). The setting comes back as '' after a commit,
-- hence nullif; the sub-select is evaluated once a statement, not once a row. Without a tenant no row
-- exists. The owner is named too: the tables FORCE row security on it.
ALTER TABLE :table ENABLE ROW LEVEL SECURITY;
ALTER TABLE :table FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON :table TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (:column = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (:column = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
