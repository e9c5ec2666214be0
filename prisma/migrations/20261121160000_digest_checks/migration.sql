-- The same rule in a form that costs 2 µs instead of 20: a counted repetition such as {64} makes the
-- server build a state for each repetition at every check, and a document is checked about eight times
-- on its way. Nothing else changes, so the rows that are there need not be looked at again (NOT VALID).

ALTER TABLE document
  DROP CONSTRAINT document_body_sha256_check,
  ADD CONSTRAINT document_body_sha256_check
    CHECK (length(body_sha256) = 64 AND body_sha256 !~ '[^0-9a-f]') NOT VALID;

ALTER TABLE artefact
  DROP CONSTRAINT artefact_sha256_check,
  ADD CONSTRAINT artefact_sha256_check
    CHECK (length(sha256) = 64 AND sha256 !~ '[^0-9a-f]') NOT VALID;

ALTER TABLE signing_journal
  DROP CONSTRAINT signing_journal_digest_check,
  ADD CONSTRAINT signing_journal_digest_check
    CHECK (length(digest) = 64 AND digest !~ '[^0-9a-f]'
      AND length(signed_sha256) = 64 AND signed_sha256 !~ '[^0-9a-f]') NOT VALID;
