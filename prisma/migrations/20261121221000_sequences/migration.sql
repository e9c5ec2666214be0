-- Branches' own ranges, numbers taken out of use and their ANECF, how fast ranges are used, what was
-- alerted. The old version issues from branches' ranges too, and finds the numbers taken out of use
-- either used up or refused by the keys below.

ALTER TABLE encf_range
  ADD COLUMN branch text,
  -- The void request that took these numbers out of use; such a range has no next number.
  ADD COLUMN void_id uuid,
  -- Which range it was cut from, and by which request.
  ADD COLUMN split_from uuid,
  ADD COLUMN request_key text,
  ADD COLUMN request_sha256 text,
  ADD CONSTRAINT encf_range_branch_check CHECK (length(branch) BETWEEN 1 AND 20),
  ADD CONSTRAINT encf_range_void_check CHECK (void_id IS NULL OR next = last + 1),
  ADD CONSTRAINT encf_range_request_key_check CHECK (length(request_key) BETWEEN 1 AND 255),
  ADD CONSTRAINT encf_range_request_sha256_check CHECK (request_sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT encf_range_tenant_id_split_from_fkey FOREIGN KEY (tenant_id, split_from)
    REFERENCES encf_range (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX encf_range_request_key_key
  ON encf_range (tenant_id, request_key) WHERE request_key IS NOT NULL;

-- A request to void numbers: one ANECF, its bytes kept as artefacts.
CREATE TABLE encf_void (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  environment text NOT NULL,
  state text NOT NULL,
  issuer_rnc text NOT NULL,
  reason text,
  requested_by text NOT NULL,
  idempotency_key text NOT NULL,
  body_sha256 text NOT NULL,
  quantity bigint NOT NULL,
  -- The earlier request whose unsettled numbers this one asks about again.
  retries uuid,
  artefact_month date NOT NULL,
  signed_sha256 text,
  -- A sending of ours was left without an answer: what DGII says later may speak of it.
  unanswered boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  lease_epoch bigint NOT NULL DEFAULT 0,
  lease_until timestamptz(3),
  dgii_codigo text,
  dgii_mensajes jsonb,
  dgii_raw text,
  last_error text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT encf_void_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT encf_void_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT encf_void_state_check CHECK (state IN ('QUEUED', 'SIGNED', 'SENDING', 'UNKNOWN',
    'ACCEPTED', 'PARTIALLY_ACCEPTED', 'REJECTED', 'REVIEW')),
  -- What is not settled is always found by the sweeper.
  CONSTRAINT encf_void_due_check CHECK (
    (state IN ('QUEUED', 'SIGNED', 'SENDING', 'UNKNOWN')) = (next_attempt_at IS NOT NULL)),
  CONSTRAINT encf_void_reason_check CHECK (length(reason) BETWEEN 1 AND 250),
  CONSTRAINT encf_void_idempotency_key_check CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  CONSTRAINT encf_void_body_sha256_check CHECK (body_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT encf_void_signed_sha256_check CHECK (signed_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT encf_void_quantity_check CHECK (quantity >= 1),
  CONSTRAINT encf_void_artefact_month_check CHECK (extract(day FROM artefact_month) = 1),
  CONSTRAINT encf_void_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT encf_void_tenant_id_retries_fkey FOREIGN KEY (tenant_id, retries)
    REFERENCES encf_void (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX encf_void_tenant_id_idempotency_key_key
  ON encf_void (tenant_id, idempotency_key);
CREATE INDEX encf_void_next_attempt_idx ON encf_void (next_attempt_at)
  WHERE next_attempt_at IS NOT NULL;

-- The numbers of such a request. Out of use whatever DGII says: no row is ever taken back.
CREATE TABLE encf_void_range (
  tenant_id uuid NOT NULL,
  void_id uuid NOT NULL,
  environment text NOT NULL,
  tipo smallint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  outcome text NOT NULL DEFAULT 'PENDING',
  CONSTRAINT encf_void_range_pkey PRIMARY KEY (tenant_id, void_id, tipo, first),
  CONSTRAINT encf_void_range_bounds_check
    CHECK (first >= 1 AND first <= last AND last <= 9999999999),
  CONSTRAINT encf_void_range_outcome_check
    CHECK (outcome IN ('PENDING', 'VOIDED', 'NOT_VOIDED', 'UNCLEAR')),
  -- A number is asked to be voided once at a time, and never again once it is.
  CONSTRAINT encf_void_range_overlap_excl EXCLUDE USING gist (
    tenant_id WITH =, environment WITH =, tipo WITH =, int8range(first, last, '[]') WITH &&)
    WHERE (outcome IN ('PENDING', 'VOIDED')),
  CONSTRAINT encf_void_range_tenant_id_void_id_fkey FOREIGN KEY (tenant_id, void_id)
    REFERENCES encf_void (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX encf_void_range_numbers_idx
  ON encf_void_range (tenant_id, environment, tipo, first);

ALTER TABLE encf_range
  ADD CONSTRAINT encf_range_tenant_id_void_id_fkey FOREIGN KEY (tenant_id, void_id)
    REFERENCES encf_void (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Where a range stood at the beginning of a day (Dominican); a row only when it had moved.
CREATE TABLE encf_usage (
  tenant_id uuid NOT NULL,
  range_id uuid NOT NULL,
  day date NOT NULL,
  next bigint NOT NULL,
  CONSTRAINT encf_usage_pkey PRIMARY KEY (tenant_id, range_id, day),
  CONSTRAINT encf_usage_tenant_id_range_id_fkey FOREIGN KEY (tenant_id, range_id)
    REFERENCES encf_range (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- What was said about a range, so that it is said once.
CREATE TABLE encf_alert (
  tenant_id uuid NOT NULL,
  range_id uuid NOT NULL,
  kind text NOT NULL,
  raised_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT encf_alert_pkey PRIMARY KEY (tenant_id, range_id, kind),
  CONSTRAINT encf_alert_kind_check CHECK (kind IN ('low', 'used_up', 'expiring')),
  CONSTRAINT encf_alert_tenant_id_range_id_fkey FOREIGN KEY (tenant_id, range_id)
    REFERENCES encf_range (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Numbers whose last document used none: few among many, and looked for by number.
CREATE INDEX document_freed_idx ON document (tenant_id, encf)
  WHERE state = 'VOIDED' OR (state = 'REJECTED' AND secuencia_utilizada IS NOT TRUE);

-- Row-level security: prisma/sql/tenant-isolation.sql, table by table.

ALTER TABLE encf_void ENABLE ROW LEVEL SECURITY;
ALTER TABLE encf_void FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON encf_void TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE encf_void_range ENABLE ROW LEVEL SECURITY;
ALTER TABLE encf_void_range FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON encf_void_range TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE encf_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE encf_usage FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON encf_usage TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE encf_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE encf_alert FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON encf_alert TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

-- Role batch looks whether a prescribed number was taken out of use: prisma/sql/batch-tenants.sql.
CREATE POLICY batch_tenants ON encf_void_range FOR SELECT TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

-- Role relay looks after all tenants: ids, times and counters, never bytes or words.
CREATE POLICY relay_drive ON encf_void TO getupnet_relay
  USING (next_attempt_at IS NOT NULL) WITH CHECK (next_attempt_at IS NOT NULL);
CREATE POLICY relay_watch ON tenant FOR SELECT TO getupnet_relay USING (true);
CREATE POLICY relay_watch ON encf_range FOR SELECT TO getupnet_relay USING (true);
CREATE POLICY relay_watch ON encf_alert FOR SELECT TO getupnet_relay USING (true);
CREATE POLICY relay_count ON encf_usage TO getupnet_relay USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE (state, signed_sha256, unanswered, attempts, next_attempt_at,
  lease_epoch, lease_until, dgii_codigo, dgii_mensajes, dgii_raw, last_error, updated_at)
  ON encf_void TO getupnet_app;
GRANT SELECT, INSERT, UPDATE (last, outcome) ON encf_void_range TO getupnet_app;
GRANT SELECT ON encf_usage TO getupnet_app;
GRANT SELECT, INSERT ON encf_alert TO getupnet_app;

GRANT SELECT (tenant_id, environment, tipo, first, last) ON encf_void_range TO getupnet_batch;

GRANT SELECT (tenant_id, id, next_attempt_at), UPDATE (next_attempt_at) ON encf_void
  TO getupnet_relay;
GRANT SELECT (id, environment, status) ON tenant TO getupnet_relay;
GRANT SELECT (tenant_id, id, environment, tipo, branch, first, last, next, expires_on, void_id,
  created_at) ON encf_range TO getupnet_relay;
GRANT SELECT ON encf_alert TO getupnet_relay;
GRANT SELECT, INSERT, DELETE ON encf_usage TO getupnet_relay;
