-- First tables: tenants and keys, numbers and documents, bytes, audit entries, outbox, certificates.
-- Every table carries tenant_id first in its keys and is closed by row-level security; a role sees
-- what its grants and policies name and nothing else.

-- Roles by trust. The migration runner gives them passwords and LOGIN; here they only have to exist.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['app', 'batch', 'identity', 'relay', 'signer', 'audit_append',
    'platform_read', 'queue']
  LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', 'getupnet_' || role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- Roles belong to the whole cluster: another database's migrations made it.
    END;
  END LOOP;
END $$;

-- Equality of uuid, text and smallint inside an exclusion constraint. A trusted extension: the
-- database's owner may install it.
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TABLE tenant (
  id uuid NOT NULL,
  rnc text NOT NULL,
  name text NOT NULL,
  environment text NOT NULL DEFAULT 'testecf',
  production_enabled boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'ACTIVE',
  profile jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT tenant_pkey PRIMARY KEY (id),
  CONSTRAINT tenant_rnc_check CHECK (rnc ~ '^([0-9]{9}|[0-9]{11})$'),
  CONSTRAINT tenant_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT tenant_production_check CHECK (environment <> 'ecf' OR production_enabled),
  CONSTRAINT tenant_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  CONSTRAINT tenant_profile_check CHECK (jsonb_typeof(profile) = 'object')
);

CREATE TABLE api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  prefix text NOT NULL,
  permissions text[],
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT api_key_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_key_prefix_check CHECK (length(prefix) <= 12),
  CONSTRAINT api_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE api_key_hash (
  hash text NOT NULL,
  tenant_id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  CONSTRAINT api_key_hash_pkey PRIMARY KEY (hash),
  CONSTRAINT api_key_hash_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT api_key_hash_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT api_key_hash_tenant_id_api_key_id_fkey FOREIGN KEY (tenant_id, api_key_id)
    REFERENCES api_key (tenant_id, id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX api_key_hash_tenant_id_api_key_id_idx ON api_key_hash (tenant_id, api_key_id);

CREATE TABLE encf_range (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  environment text NOT NULL,
  tipo smallint NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  next bigint NOT NULL,
  expires_on date,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT encf_range_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT encf_range_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT encf_range_tipo_check CHECK (tipo IN (31, 32, 33, 34, 41, 43, 44, 45, 46, 47)),
  -- An e-NCF is E, two digits of type and ten of number.
  CONSTRAINT encf_range_bounds_check CHECK (first >= 1 AND last <= 9999999999),
  CONSTRAINT encf_range_next_check CHECK (first <= next AND next <= last + 1 AND first <= last),
  CONSTRAINT encf_range_overlap_excl EXCLUDE USING gist (
    tenant_id WITH =, environment WITH =, tipo WITH =, int8range(first, last, '[]') WITH &&),
  CONSTRAINT encf_range_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX encf_range_tenant_id_environment_tipo_first_key
  ON encf_range (tenant_id, environment, tipo, first);

CREATE TABLE document (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  environment text NOT NULL,
  tipo smallint NOT NULL,
  encf text NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  range_id uuid NOT NULL,
  state text NOT NULL,
  route text NOT NULL,
  idempotency_key text NOT NULL,
  body_sha256 text NOT NULL,
  external_ref text,
  branch text,
  corrects uuid,
  issuer_rnc text NOT NULL,
  buyer_rnc text,
  buyer_name text,
  monto_total numeric(20, 2) NOT NULL,
  fecha_emision date NOT NULL,
  fecha_hora_firma text NOT NULL,
  artefact_month date NOT NULL,
  held_by uuid,
  codigo_seguridad text,
  signed_sha256 text,
  findings jsonb NOT NULL DEFAULT '[]',
  track_id text,
  dgii_codigo text,
  dgii_estado text,
  dgii_mensajes jsonb,
  secuencia_utilizada boolean,
  dgii_fecha_recepcion text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  sending_since timestamptz(3),
  lease_epoch bigint NOT NULL DEFAULT 0,
  lease_until timestamptz(3),
  lease_owner text,
  parked_at timestamptz(3),
  last_error text,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT document_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT document_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf')),
  CONSTRAINT document_encf_check
    CHECK (encf ~ '^E[0-9]{12}$' AND substr(encf, 2, 2) = tipo::text),
  CONSTRAINT document_tipo_check CHECK (tipo IN (31, 32, 33, 34, 41, 43, 44, 45, 46, 47)),
  CONSTRAINT document_generation_check CHECK (generation >= 1),
  CONSTRAINT document_state_check CHECK (state IN ('QUEUED', 'SIGNED', 'SENDING', 'SUBMITTED',
    'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'UNKNOWN', 'CONTINGENCY', 'HELD', 'DEFERRED',
    'VOIDED')),
  CONSTRAINT document_route_check CHECK (route IN ('ecf', 'rfce')),
  CONSTRAINT document_idempotency_key_check CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  CONSTRAINT document_body_sha256_check CHECK (body_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT document_external_ref_check CHECK (length(external_ref) BETWEEN 1 AND 64),
  CONSTRAINT document_artefact_month_check CHECK (extract(day FROM artefact_month) = 1),
  CONSTRAINT document_tenant_id_range_id_fkey FOREIGN KEY (tenant_id, range_id)
    REFERENCES encf_range (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT document_tenant_id_corrects_fkey FOREIGN KEY (tenant_id, corrects)
    REFERENCES document (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The environment comes last in these keys: second, it would make every one of them look fit for every
-- look-up that names it, and the planner of a young database has no statistics to know better.
CREATE UNIQUE INDEX document_tenant_id_encf_generation_environment_key
  ON document (tenant_id, encf, generation, environment);
CREATE UNIQUE INDEX document_tenant_id_idempotency_key_key
  ON document (tenant_id, idempotency_key);
-- One living document a number: the others were rejected without using it, or voided.
CREATE UNIQUE INDEX document_living_encf_key
  ON document (tenant_id, encf, environment) WHERE state NOT IN ('REJECTED', 'VOIDED');
CREATE UNIQUE INDEX document_external_ref_key
  ON document (tenant_id, external_ref, environment) WHERE external_ref IS NOT NULL;
CREATE INDEX document_next_attempt_idx ON document (next_attempt_at)
  WHERE next_attempt_at IS NOT NULL;
CREATE INDEX document_held_by_idx ON document (tenant_id, held_by) WHERE held_by IS NOT NULL;

-- Bulk tables: partitioned by month from the start, the month being part of their keys. The runner
-- makes the monthly partitions; the default one catches what no month was made for.
CREATE TABLE artefact (
  tenant_id uuid NOT NULL,
  month date NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  sha256 text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT artefact_pkey PRIMARY KEY (tenant_id, month, document_id, kind),
  CONSTRAINT artefact_month_check CHECK (extract(day FROM month) = 1),
  CONSTRAINT artefact_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$')
) PARTITION BY RANGE (month);

CREATE TABLE audit_event (
  tenant_id uuid NOT NULL,
  month date NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  subject_id uuid,
  actor text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  occurred_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT audit_event_pkey PRIMARY KEY (tenant_id, month, id),
  CONSTRAINT audit_event_month_check CHECK (extract(day FROM month) = 1)
) PARTITION BY RANGE (month);
CREATE INDEX audit_event_tenant_id_subject_id_idx ON audit_event (tenant_id, subject_id);

-- Not every server is built with lz4; where it is, bodies cost a third of the time.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))
  THEN
    ALTER TABLE artefact ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE audit_event ALTER COLUMN payload SET COMPRESSION lz4;
  END IF;
END $$;

CREATE TABLE artefact_default PARTITION OF artefact DEFAULT;
CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  tenant_id uuid NOT NULL,
  topic text NOT NULL,
  key uuid NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

CREATE TABLE certificate (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  thumbprint text NOT NULL,
  subject text NOT NULL,
  holder_id text NOT NULL,
  issuer text NOT NULL,
  serial text NOT NULL,
  not_before timestamptz(3) NOT NULL,
  not_after timestamptz(3) NOT NULL,
  certificate_pem text NOT NULL,
  sealed text NOT NULL,
  status text NOT NULL DEFAULT 'ACTIVE',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT certificate_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT certificate_status_check CHECK (status IN ('ACTIVE', 'RETIRED')),
  CONSTRAINT certificate_thumbprint_check CHECK (thumbprint ~ '^[0-9a-f]{64}$'),
  CONSTRAINT certificate_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX certificate_active_key ON certificate (tenant_id) WHERE status = 'ACTIVE';

CREATE TABLE signing_journal (
  tenant_id uuid NOT NULL,
  document_id uuid NOT NULL,
  kind text NOT NULL,
  digest text NOT NULL,
  signed_sha256 text NOT NULL,
  signature_value text NOT NULL,
  certificate_id uuid NOT NULL,
  requester text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT signing_journal_pkey PRIMARY KEY (tenant_id, document_id, kind),
  CONSTRAINT signing_journal_digest_check
    CHECK (digest ~ '^[0-9a-f]{64}$' AND signed_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT signing_journal_tenant_id_certificate_id_fkey FOREIGN KEY (tenant_id, certificate_id)
    REFERENCES certificate (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE dgii_token (
  tenant_id uuid NOT NULL,
  environment text NOT NULL,
  thumbprint text NOT NULL,
  sealed text NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT dgii_token_pkey PRIMARY KEY (tenant_id, environment, thumbprint),
  CONSTRAINT dgii_token_environment_check CHECK (environment IN ('testecf', 'certecf', 'ecf'))
);


-- Row-level security: prisma/sql/tenant-isolation.sql, table by table.

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON api_key TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE api_key_hash ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key_hash FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON api_key_hash TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE encf_range ENABLE ROW LEVEL SECURITY;
ALTER TABLE encf_range FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON encf_range TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON document TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE artefact ENABLE ROW LEVEL SECURITY;
ALTER TABLE artefact FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON artefact TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_event TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON outbox TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON certificate TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE signing_journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_journal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON signing_journal TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

ALTER TABLE dgii_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE dgii_token FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dgii_token TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

-- Role batch: prisma/sql/batch-tenants.sql.

CREATE POLICY batch_tenants ON tenant TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), id) IS NOT NULL);

CREATE POLICY batch_tenants ON encf_range TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

CREATE POLICY batch_tenants ON document TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

CREATE POLICY batch_tenants ON artefact TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

CREATE POLICY batch_tenants ON audit_event TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

CREATE POLICY batch_tenants ON outbox TO getupnet_batch
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

-- The signer journals the signatures of several tenants in one commit, likewise listed.
CREATE POLICY batch_tenants ON signing_journal TO getupnet_signer
  USING (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL)
  WITH CHECK (array_position((SELECT string_to_array(nullif(current_setting('app.tenant_ids', true), ''), ',')::uuid[]), tenant_id) IS NOT NULL);

-- Partitions are reached through their parents only: closed, without policies or grants.
ALTER TABLE artefact_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE artefact_default FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_default FORCE ROW LEVEL SECURITY;

-- Roles that work before the tenant is known, or for all tenants: a policy and columns of their own.
CREATE POLICY identity_lookup ON tenant FOR SELECT TO getupnet_identity USING (true);
CREATE POLICY identity_lookup ON api_key FOR SELECT TO getupnet_identity USING (true);
CREATE POLICY identity_lookup ON api_key_hash FOR SELECT TO getupnet_identity USING (true);

CREATE POLICY relay_drain ON outbox TO getupnet_relay USING (true) WITH CHECK (false);
CREATE POLICY relay_drive ON document TO getupnet_relay
  USING (state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED'))
  WITH CHECK (state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED'));

CREATE POLICY audit_append_read ON audit_event FOR SELECT TO getupnet_audit_append USING (true);

CREATE POLICY platform_read ON tenant FOR SELECT TO getupnet_platform_read USING (true);
CREATE POLICY platform_read ON document FOR SELECT TO getupnet_platform_read USING (true);

-- Grants.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO getupnet_app, getupnet_batch, getupnet_identity, getupnet_relay,
  getupnet_signer, getupnet_audit_append, getupnet_platform_read, getupnet_queue;

GRANT SELECT ON tenant TO getupnet_app;
GRANT SELECT, INSERT, UPDATE (name, expires_at, revoked_at) ON api_key TO getupnet_app;
GRANT SELECT, INSERT, DELETE ON api_key_hash TO getupnet_app;
GRANT SELECT, INSERT, UPDATE ON encf_range, document TO getupnet_app;
GRANT SELECT, INSERT ON artefact, audit_event TO getupnet_app;
GRANT INSERT ON outbox TO getupnet_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON dgii_token TO getupnet_app;

GRANT SELECT ON tenant TO getupnet_batch;
GRANT SELECT, UPDATE (next) ON encf_range TO getupnet_batch;
GRANT SELECT, INSERT, UPDATE ON document TO getupnet_batch;
GRANT SELECT, INSERT ON artefact, audit_event TO getupnet_batch;
GRANT INSERT ON outbox TO getupnet_batch;

GRANT SELECT (id, rnc, name, environment, production_enabled, status) ON tenant
  TO getupnet_identity;
GRANT SELECT ON api_key, api_key_hash TO getupnet_identity;

-- SELECT … FOR UPDATE asks for UPDATE on some column; the identity column cannot be changed.
GRANT SELECT, DELETE, UPDATE (id) ON outbox TO getupnet_relay;
GRANT SELECT (tenant_id, id, environment, tipo, route, state, held_by, attempts, next_attempt_at,
  sending_since, lease_epoch, lease_until, lease_owner, parked_at, created_at),
  UPDATE (next_attempt_at) ON document TO getupnet_relay;

GRANT SELECT (id, rnc, name, status) ON tenant TO getupnet_signer;
GRANT SELECT, INSERT, UPDATE (sealed, status) ON certificate TO getupnet_signer;
GRANT SELECT, INSERT ON signing_journal, audit_event TO getupnet_signer;

GRANT SELECT ON audit_event TO getupnet_audit_append;

GRANT SELECT (id, rnc, name, environment, production_enabled, status, created_at) ON tenant
  TO getupnet_platform_read;
GRANT SELECT (tenant_id, id, environment, tipo, encf, generation, state, route, attempts,
  next_attempt_at, lease_until, parked_at, last_error, created_at, updated_at) ON document
  TO getupnet_platform_read;
