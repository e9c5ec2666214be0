-- People: accounts, what they may do where, sessions, second factors, invitations, the keys that sign
-- access tokens. The old version neither reads nor writes these tables.

-- Accounts belong to people, not to tenants: one address, one account, any number of memberships.
CREATE TABLE user_account (
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  password_changed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  status text NOT NULL DEFAULT 'ACTIVE',
  totp_sealed text,
  totp_enrolled_at timestamptz(3),
  -- The last time step a code was taken for: a step is accepted once.
  totp_last_step bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT user_account_pkey PRIMARY KEY (id),
  CONSTRAINT user_account_email_key UNIQUE (email),
  CONSTRAINT user_account_email_check CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  CONSTRAINT user_account_name_check CHECK (length(name) BETWEEN 1 AND 120),
  CONSTRAINT user_account_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  CONSTRAINT user_account_totp_check CHECK (totp_enrolled_at IS NULL OR totp_sealed IS NOT NULL)
);

CREATE TABLE recovery_code (
  user_id uuid NOT NULL,
  hash text NOT NULL,
  used_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, hash),
  CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE CASCADE ON UPDATE CASCADE
);

-- Roles a tenant makes for itself; those everybody has are in the code (contracts).
CREATE TABLE tenant_role (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT tenant_role_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tenant_role_name_key UNIQUE (tenant_id, name),
  CONSTRAINT tenant_role_name_check CHECK (length(name) BETWEEN 1 AND 60),
  CONSTRAINT tenant_role_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- What a person may do in a tenant: a role everybody has, or one of the tenant's own.
CREATE TABLE membership (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text,
  role_id uuid,
  status text NOT NULL DEFAULT 'ACTIVE',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT membership_pkey PRIMARY KEY (tenant_id, user_id),
  CONSTRAINT membership_role_check CHECK (num_nonnulls(role, role_id) = 1),
  CONSTRAINT membership_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED')),
  CONSTRAINT membership_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT membership_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id)
    REFERENCES tenant_role (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX membership_user_id_idx ON membership (user_id);

-- The operator's own people.
CREATE TABLE platform_member (
  user_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT platform_member_pkey PRIMARY KEY (user_id),
  CONSTRAINT platform_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- A login. Its refresh tokens are one family; it acts for one tenant, or for the platform.
CREATE TABLE user_session (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  tenant_id uuid,
  -- Set where an operator acts as a tenant: why, and only then may the session's user not be a member.
  impersonation_reason text,
  client text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  seen_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_because text,
  CONSTRAINT user_session_pkey PRIMARY KEY (id),
  CONSTRAINT user_session_impersonation_check
    CHECK (impersonation_reason IS NULL OR tenant_id IS NOT NULL),
  CONSTRAINT user_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT user_session_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX user_session_user_id_idx ON user_session (user_id);

CREATE TABLE refresh_token (
  hash text NOT NULL,
  session_id uuid NOT NULL,
  issued_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at timestamptz(3),
  -- The token given in exchange, sealed: a client that lost the answer gets the same one again.
  successor_sealed text,
  CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
  CONSTRAINT refresh_token_used_check CHECK ((used_at IS NULL) = (successor_sealed IS NULL)),
  CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES user_session (id)
    ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX refresh_token_session_id_idx ON refresh_token (session_id);

-- What stands between a password and a session: a second factor to show, or to enrol.
CREATE TABLE login_challenge (
  hash text NOT NULL,
  user_id uuid NOT NULL,
  purpose text NOT NULL,
  tenant_id uuid,
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT login_challenge_pkey PRIMARY KEY (hash),
  CONSTRAINT login_challenge_purpose_check CHECK (purpose IN ('VERIFY', 'ENROL')),
  CONSTRAINT login_challenge_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE CASCADE ON UPDATE CASCADE
);

-- Failed logins by account and by address, known accounts and others alike.
CREATE TABLE login_failure (
  subject text NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  window_started_at timestamptz(3) NOT NULL,
  locked_until timestamptz(3),
  CONSTRAINT login_failure_pkey PRIMARY KEY (subject)
);

CREATE TABLE invitation (
  id uuid NOT NULL,
  tenant_id uuid,
  email text NOT NULL,
  name text NOT NULL,
  role text,
  role_id uuid,
  hash text NOT NULL,
  invited_by uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3),
  revoked_at timestamptz(3),
  CONSTRAINT invitation_pkey PRIMARY KEY (id),
  CONSTRAINT invitation_hash_key UNIQUE (hash),
  CONSTRAINT invitation_role_check CHECK (num_nonnulls(role, role_id) = 1),
  CONSTRAINT invitation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT invitation_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id)
    REFERENCES tenant_role (tenant_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX invitation_tenant_id_idx ON invitation (tenant_id);

CREATE TABLE password_reset (
  hash text NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT password_reset_pkey PRIMARY KEY (hash),
  CONSTRAINT password_reset_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account (id)
    ON DELETE CASCADE ON UPDATE CASCADE
);

-- Keys that sign access tokens: one signs, those before it still verify, the next is known beforehand.
CREATE TABLE token_key (
  kid text NOT NULL,
  public_jwk jsonb NOT NULL,
  sealed text NOT NULL,
  signs_from timestamptz(3) NOT NULL,
  verifies_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT token_key_pkey PRIMARY KEY (kid)
);

-- Frozen: everything is readable, nothing is issued or changed.
ALTER TABLE tenant
  DROP CONSTRAINT tenant_status_check,
  ADD CONSTRAINT tenant_status_check CHECK (status IN ('ACTIVE', 'FROZEN', 'SUSPENDED'));

ALTER TABLE api_key
  -- Addresses that may use the key, as CIDR blocks; none: any.
  ADD COLUMN allowed_cidrs text[] NOT NULL DEFAULT '{}',
  ADD COLUMN last_used_at timestamptz(3),
  ADD COLUMN created_by uuid,
  -- The key that takes this one's place; until expires_at both work.
  ADD COLUMN replaced_by uuid;

-- Row-level security: prisma/sql/identity-only.sql, table by table.

ALTER TABLE user_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON user_account TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_code FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON recovery_code TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE platform_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_member FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON platform_member TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE user_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_session FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON user_session TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON refresh_token TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE login_challenge ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_challenge FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON login_challenge TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE login_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_failure FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON login_failure TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON invitation TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE password_reset ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_reset FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON password_reset TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE token_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE token_key FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON token_key TO getupnet_identity USING (true) WITH CHECK (true);

-- prisma/sql/tenant-isolation.sql, and role identity, which serves all tenants.

ALTER TABLE tenant_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_role FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant_role TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY identity_members ON tenant_role TO getupnet_identity USING (true) WITH CHECK (true);

ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON membership TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY identity_members ON membership TO getupnet_identity USING (true) WITH CHECK (true);

-- A tenant sees the people who are its members, and of them what it needs to know them by.
CREATE POLICY members_of_tenant ON user_account FOR SELECT TO getupnet_app
  USING (id IN (SELECT m.user_id FROM membership m));

-- Companies are made, suspended and frozen by the operator's people.
CREATE POLICY identity_manage ON tenant FOR INSERT TO getupnet_identity WITH CHECK (true);
CREATE POLICY identity_change ON tenant FOR UPDATE TO getupnet_identity
  USING (true) WITH CHECK (true);
CREATE POLICY identity_touch ON api_key FOR UPDATE TO getupnet_identity
  USING (true) WITH CHECK (true);
-- What the operator's people do is told to the tenant it concerns.
CREATE POLICY identity_report ON audit_event FOR INSERT TO getupnet_identity WITH CHECK (true);

-- Grants.
GRANT SELECT, INSERT, UPDATE ON user_account, membership, tenant_role, user_session, refresh_token,
  login_challenge, invitation, password_reset, token_key, recovery_code, platform_member
  TO getupnet_identity;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_failure TO getupnet_identity;
GRANT DELETE ON membership, tenant_role, recovery_code, platform_member, login_challenge
  TO getupnet_identity;
GRANT INSERT, UPDATE (rnc, name, environment, production_enabled, status, profile, updated_at),
  SELECT (profile, created_at, updated_at) ON tenant TO getupnet_identity;
GRANT UPDATE (last_used_at) ON api_key TO getupnet_identity;
GRANT INSERT ON audit_event TO getupnet_identity;

GRANT SELECT ON membership, tenant_role TO getupnet_app;
GRANT SELECT (id, email, name, status, totp_enrolled_at, created_at) ON user_account
  TO getupnet_app;
GRANT UPDATE (allowed_cidrs, replaced_by) ON api_key TO getupnet_app;
