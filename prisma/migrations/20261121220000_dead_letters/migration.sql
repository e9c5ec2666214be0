-- Documents nobody could finish, what has been done about an event, and tenants in turn.

-- What is known of a document's troubles. The relay counts hand-overs, every step starts anew.
ALTER TABLE document
  ADD COLUMN hand_overs smallint NOT NULL DEFAULT 0,
  ADD COLUMN faults smallint NOT NULL DEFAULT 0,
  ADD COLUMN starts smallint NOT NULL DEFAULT 0;

-- The relay looks tenant by tenant for what is due; dead letters are due to nobody.
CREATE INDEX document_due_idx ON document (tenant_id, next_attempt_at)
  WHERE next_attempt_at IS NOT NULL AND parked_at IS NULL;
DROP INDEX document_next_attempt_idx;
CREATE INDEX document_dead_letter_idx ON document (parked_at, id) WHERE parked_at IS NOT NULL;

-- Likewise what is in the outbox: one tenant's thousand rows are not in front of another's one.
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey,
  ADD CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, topic, id);

-- EMI-5: an event has its effect once for each consumer; the row commits with the effect.
CREATE TABLE inbox (
  tenant_id uuid NOT NULL,
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  taken_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT inbox_pkey PRIMARY KEY (tenant_id, consumer, event_id),
  CONSTRAINT inbox_consumer_check CHECK (length(consumer) BETWEEN 1 AND 64)
);
CREATE INDEX inbox_taken_at_idx ON inbox (taken_at);

ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON inbox TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
-- The relay forgets what is too old to come again.
CREATE POLICY relay_forget ON inbox TO getupnet_relay
  USING (taken_at < now() - interval '30 days') WITH CHECK (false);

GRANT SELECT, INSERT ON inbox TO getupnet_app;
GRANT SELECT (taken_at), DELETE ON inbox TO getupnet_relay;
GRANT SELECT (hand_overs, updated_at), UPDATE (hand_overs) ON document TO getupnet_relay;
GRANT SELECT (hand_overs, faults, starts) ON document TO getupnet_platform_read;
