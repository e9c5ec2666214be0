-- Rows of the audit itself, of no tenant: closed to every role but the one that appends to the chains.
ALTER TABLE :table ENABLE ROW LEVEL SECURITY;
ALTER TABLE :table FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_append_only ON :table TO getupnet_audit_append
  USING (true) WITH CHECK (true);
