-- Row-level security of a table that is needed before a tenant is known: only role identity reaches it.
ALTER TABLE :table ENABLE ROW LEVEL SECURITY;
ALTER TABLE :table FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON :table TO getupnet_identity USING (true) WITH CHECK (true);
