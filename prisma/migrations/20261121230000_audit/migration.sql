-- The audit chain. Business transactions still write raw events only; who appends to the chain finds
-- them by the transaction that wrote them: everything below the oldest running one is committed or
-- gone for good. Rows of before the chain get this migration's transaction.
ALTER TABLE audit_event ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_event_txid_id_idx ON audit_event (txid, id);

-- Unique over all time, hence not partitioned by month as the events are.
CREATE TABLE audit_link (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL,
  event_month date NOT NULL,
  event_id uuid NOT NULL,
  prev bytea NOT NULL,
  hash bytea NOT NULL,
  linked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT audit_link_pkey PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_link_tenant_id_prev_key UNIQUE (tenant_id, prev),
  CONSTRAINT audit_link_tenant_id_event_id_event_month_key
    UNIQUE (tenant_id, event_id, event_month),
  CONSTRAINT audit_link_seq_check CHECK (seq >= 1),
  CONSTRAINT audit_link_hash_check
    CHECK (octet_length(prev) = 64 AND octet_length(hash) = 64 AND prev <> hash)
) PARTITION BY HASH (tenant_id);
CREATE TABLE audit_link_0 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE audit_link_1 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE audit_link_2 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE audit_link_3 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE audit_link_4 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE audit_link_5 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE audit_link_6 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE audit_link_7 PARTITION OF audit_link FOR VALUES WITH (MODULUS 8, REMAINDER 7);

-- How far the chain has come: all events up to (horizon, horizon_id) are in it. One row, locked by who
-- works. The cluster's identifier tells a restored dump, whose transactions are another cluster's.
CREATE TABLE audit_cursor (
  id smallint NOT NULL,
  horizon xid8 NOT NULL,
  horizon_id uuid NOT NULL,
  system_id text NOT NULL,
  -- Keys of the last event looked at, while every event is looked at.
  sweep_after jsonb,
  links bigint NOT NULL DEFAULT 0,
  linked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT audit_cursor_pkey PRIMARY KEY (id)
);

-- Copies of the signed checkpoints; the originals are in the write-once store.
CREATE TABLE audit_checkpoint (
  number bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  is_full boolean NOT NULL,
  body text NOT NULL,
  signature text NOT NULL,
  CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (number),
  CONSTRAINT audit_checkpoint_number_check CHECK (number >= 1)
);

-- Row-level security: prisma/sql/tenant-isolation.sql.
ALTER TABLE audit_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_link FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_link TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('ALTER TABLE audit_link_%s ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE audit_link_%s FORCE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;

-- One role appends to all chains. Nobody changes or removes an event, a link or a checkpoint.
CREATE POLICY audit_append_chain ON audit_link FOR SELECT TO getupnet_audit_append USING (true);
CREATE POLICY audit_append_link ON audit_link FOR INSERT TO getupnet_audit_append WITH CHECK (true);
CREATE POLICY audit_append_recovery ON audit_event FOR INSERT TO getupnet_audit_append
  WITH CHECK (type = 'audit.recovery');

ALTER TABLE audit_cursor ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_cursor FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_append_only ON audit_cursor TO getupnet_audit_append
  USING (true) WITH CHECK (true);
ALTER TABLE audit_checkpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_append_only ON audit_checkpoint TO getupnet_audit_append
  USING (true) WITH CHECK (true);

-- Who accepts documents looks how far behind the chain is.
CREATE POLICY platform_read ON audit_event FOR SELECT TO getupnet_platform_read USING (true);
CREATE POLICY platform_read ON audit_cursor FOR SELECT TO getupnet_platform_read USING (true);

-- Grants. Nobody states the transaction of an event: it could lie outside of what is looked at.
REVOKE INSERT ON audit_event FROM getupnet_app, getupnet_batch, getupnet_signer, getupnet_identity;
GRANT INSERT (tenant_id, month, id, type, subject_id, actor, payload, occurred_at) ON audit_event
  TO getupnet_app, getupnet_batch, getupnet_signer, getupnet_identity, getupnet_audit_append;
GRANT SELECT ON audit_link TO getupnet_app;
GRANT SELECT, INSERT ON audit_link, audit_cursor, audit_checkpoint TO getupnet_audit_append;
GRANT UPDATE (horizon, horizon_id, system_id, sweep_after, links, linked_at) ON audit_cursor
  TO getupnet_audit_append;
GRANT SELECT (txid, id) ON audit_event TO getupnet_platform_read;
GRANT SELECT ON audit_cursor TO getupnet_platform_read;
