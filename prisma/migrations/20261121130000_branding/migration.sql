-- How a tenant's printed representations look: at most one row a tenant, none until it says something.
-- The old version neither reads nor writes this table.

CREATE TABLE branding (
  tenant_id uuid NOT NULL,
  accent_color text,
  footer_text text,
  columns text[],
  logo bytea,
  logo_media_type text,
  logo_sha256 text,
  logo_width integer,
  logo_height integer,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT branding_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT branding_accent_color_check CHECK (accent_color ~ '^#[0-9A-F]{6}$'),
  CONSTRAINT branding_footer_text_check CHECK (length(footer_text) BETWEEN 1 AND 1000),
  CONSTRAINT branding_columns_check CHECK (cardinality(columns) <= 20),
  -- A logo is there with everything that is known of it, or not at all.
  CONSTRAINT branding_logo_check CHECK (
    num_nonnulls(logo, logo_media_type, logo_sha256, logo_width, logo_height) IN (0, 5)),
  CONSTRAINT branding_logo_size_check CHECK (octet_length(logo) BETWEEN 1 AND 524288),
  CONSTRAINT branding_logo_media_type_check
    CHECK (logo_media_type IN ('image/png', 'image/jpeg', 'image/svg+xml')),
  CONSTRAINT branding_logo_sha256_check CHECK (logo_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT branding_logo_pixels_check CHECK (logo_width >= 1 AND logo_height >= 1),
  CONSTRAINT branding_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Images are compressed already; trying again costs time and saves nothing.
ALTER TABLE branding ALTER COLUMN logo SET STORAGE EXTERNAL;

ALTER TABLE branding ENABLE ROW LEVEL SECURITY;
ALTER TABLE branding FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON branding TO getupnet_app, getupnet_signer, CURRENT_USER
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

GRANT SELECT, INSERT, UPDATE ON branding TO getupnet_app;
