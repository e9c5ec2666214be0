-- Requests that open an episode or take a paper number are known by their keys. The old version writes
-- none: its episodes and claims are as before.

ALTER TABLE contingency
  ADD COLUMN request_key text,
  ADD COLUMN request_sha256 text,
  ADD CONSTRAINT contingency_request_key_check CHECK (length(request_key) BETWEEN 1 AND 255),
  ADD CONSTRAINT contingency_request_sha256_check CHECK (request_sha256 ~ '^[0-9a-f]{64}$');
CREATE UNIQUE INDEX contingency_request_key_key
  ON contingency (tenant_id, request_key) WHERE request_key IS NOT NULL;

-- The Idempotency-Key the number was last taken under; once its document exists, that one's key counts.
ALTER TABLE contingency_paper
  ADD COLUMN replacing_key text,
  ADD CONSTRAINT contingency_paper_replacing_key_check
    CHECK (length(replacing_key) BETWEEN 1 AND 255);

GRANT UPDATE (replacing_key) ON contingency_paper TO getupnet_app;
