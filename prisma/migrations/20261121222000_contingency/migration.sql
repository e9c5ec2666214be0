-- Contingency: episodes a taxpayer must tell DGII about, the documents issued in them, and the paper
-- numbers (series B) handed out while no e-CF could be issued. The old version neither reads nor
-- writes any of it; the new columns of document are empty for what is there already.

CREATE TABLE contingency (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  environment text NOT NULL,
  kind text NOT NULL,
  scope text NOT NULL DEFAULT 'TOTAL',
  branches text[] NOT NULL DEFAULT '{}',
  cause text NOT NULL,
  opened_by text NOT NULL,
  closed_by text,
  begun_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  drained_at timestamptz(3),
  next_try_at timestamptz(3),
  tries integer NOT NULL DEFAULT 0,
  notified_at timestamptz(3),
  notified_ref text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT contingency_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT contingency_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT contingency_kind_check CHECK (kind IN ('NO_CONNECTION', 'CANNOT_ISSUE')),
  CONSTRAINT contingency_scope_check CHECK (scope IN ('TOTAL', 'PARTIAL')),
  -- A link is down for all branches; what cannot be issued may be so in some of them.
  CONSTRAINT contingency_branches_check CHECK (
    CASE scope WHEN 'PARTIAL' THEN kind = 'CANNOT_ISSUE' AND cardinality(branches) BETWEEN 1 AND 100
      ELSE cardinality(branches) = 0 END),
  CONSTRAINT contingency_cause_check CHECK (length(cause) BETWEEN 1 AND 500),
  CONSTRAINT contingency_ended_check CHECK (ended_at >= begun_at),
  CONSTRAINT contingency_drained_check CHECK (drained_at IS NULL OR ended_at IS NOT NULL),
  CONSTRAINT contingency_notified_check CHECK (notified_ref IS NULL OR notified_at IS NOT NULL),
  CONSTRAINT contingency_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);
-- One at a time of those that concern the whole company.
CREATE UNIQUE INDEX contingency_open_key ON contingency (tenant_id, kind, environment)
  WHERE ended_at IS NULL AND scope = 'TOTAL';
CREATE INDEX contingency_next_try_at_idx ON contingency (next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TABLE contingency_paper (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  environment text NOT NULL,
  contingency_id uuid,
  ncf text NOT NULL,
  issued_on date,
  buyer_rnc text,
  buyer_name text,
  monto_total numeric(20,2),
  total_itbis numeric(20,2),
  branch text,
  replaced_by uuid,
  replacing_since timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT contingency_paper_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT contingency_paper_environment_check
    CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT contingency_paper_ncf_check
    CHECK (ncf ~ '^B(01|02|03|04|11|13|14|15|16|17)[0-9]{8}$'),
  CONSTRAINT contingency_paper_amounts_check CHECK (monto_total >= 0 AND total_itbis >= 0),
  CONSTRAINT contingency_paper_replaced_check
    CHECK ((replaced_by IS NULL) = (replacing_since IS NULL)),
  CONSTRAINT contingency_paper_contingency_fkey FOREIGN KEY (tenant_id, contingency_id)
    REFERENCES contingency (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX contingency_paper_ncf_key ON contingency_paper (tenant_id, ncf, environment);
CREATE INDEX contingency_paper_contingency_idx ON contingency_paper (tenant_id, contingency_id);

-- Set when a document enters CONTINGENCY, and never taken back: it was issued in that episode.
ALTER TABLE document
  ADD COLUMN contingency_id uuid,
  ADD COLUMN send_by timestamptz(3),
  ADD COLUMN deadline_level smallint NOT NULL DEFAULT 0,
  ADD CONSTRAINT document_contingency_fkey FOREIGN KEY (tenant_id, contingency_id)
    REFERENCES contingency (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX document_contingency_id_idx ON document (tenant_id, contingency_id)
  WHERE contingency_id IS NOT NULL;
-- The line of a tenant, first come first.
CREATE INDEX document_line_idx ON document (tenant_id, environment, route, created_at, encf)
  WHERE state = 'CONTINGENCY';
CREATE INDEX document_send_by_idx ON document (send_by)
  WHERE send_by IS NOT NULL
    AND state NOT IN ('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED');

-- Row-level security: prisma/sql/tenant-isolation.sql, table by table.
ALTER TABLE contingency ENABLE ROW LEVEL SECURITY;
ALTER TABLE contingency FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON contingency TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE contingency_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE contingency_paper FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON contingency_paper TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

-- The lines that wait are driven over all tenants, by ids.
CREATE POLICY relay_lines ON contingency TO getupnet_relay
  USING (next_try_at IS NOT NULL) WITH CHECK (next_try_at IS NOT NULL);

-- Grants.
GRANT SELECT, INSERT, UPDATE (closed_by, ended_at, drained_at, next_try_at, tries, notified_at,
  notified_ref) ON contingency TO getupnet_app;
GRANT SELECT, INSERT, DELETE, UPDATE (contingency_id, issued_on, buyer_rnc, buyer_name, monto_total,
  total_itbis, branch, replaced_by, replacing_since) ON contingency_paper TO getupnet_app;
GRANT SELECT (tenant_id, id, environment, kind, next_try_at, tries), UPDATE (next_try_at, tries)
  ON contingency TO getupnet_relay;
GRANT SELECT (encf, contingency_id, send_by, deadline_level) ON document TO getupnet_relay;
