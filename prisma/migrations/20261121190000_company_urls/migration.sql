-- Where a company says DGII's directory finds it; absent members are this installation's own addresses.
ALTER TABLE tenant
  ADD COLUMN urls jsonb NOT NULL DEFAULT '{}',
  ADD CONSTRAINT tenant_urls_check CHECK (jsonb_typeof(urls) = 'object');

GRANT SELECT (urls), UPDATE (urls) ON tenant TO getupnet_identity;
