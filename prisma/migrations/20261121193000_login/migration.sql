-- Login. The old version neither reads nor writes these tables.

ALTER TABLE login_challenge
  -- Of a second factor that is being enrolled: it replaces the account's once a code has shown it.
  ADD COLUMN secret_sealed text;
CREATE INDEX login_challenge_user_id_idx ON login_challenge (user_id);
CREATE INDEX login_failure_window_started_at_idx ON login_failure (window_started_at);
CREATE INDEX password_reset_user_id_idx ON password_reset (user_id);

-- Texts for people, written in the transaction of what they tell; somebody delivers them afterwards.
CREATE TABLE message (
  id uuid NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  -- What it says may hold a token, hence sealed.
  sealed text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3),
  CONSTRAINT message_pkey PRIMARY KEY (id)
);
CREATE INDEX message_expires_at_idx ON message (expires_at);

-- prisma/sql/identity-only.sql
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_only ON message TO getupnet_identity USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON message TO getupnet_identity;
