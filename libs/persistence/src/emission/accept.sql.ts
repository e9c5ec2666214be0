/**
 * The accept statement: number, document, body, audit event and outbox row of up to 64 documents in
 * one round trip. Ranges are locked in a fixed order (otherwise 40P01), and a row that cannot be
 * accepted only yields its own outcome.
 *
 * A key or number taken by a transaction that commits while we wait for a range makes the plain
 * INSERT fail with 23505 instead of leaving a gap; the caller runs the rows again, one by one.
 */
const INPUT = `
input AS (
  SELECT * FROM json_to_recordset($1::json) AS x(
    ord int, tenant_id uuid, id uuid, environment text, tipo smallint, route text, state text,
    held_by uuid, idempotency_key text, body_sha256 text, external_ref text, branch text,
    corrects uuid, generation int, stated_encf text, stated_expiry date, issuer_rnc text,
    buyer_rnc text, buyer_name text, monto_total numeric, fecha_emision date,
    fecha_hora_firma text, artefact_month date, today date, xml_head text, xml_middle text,
    xml_tail text, findings jsonb, actor text, event_id uuid)
),
replayed AS (
  SELECT i.ord, d.id, d.body_sha256 FROM input i
  JOIN document d ON d.tenant_id = i.tenant_id AND d.idempotency_key = i.idempotency_key
),
duplicate_ref AS (
  SELECT i.ord FROM input i
  JOIN document d ON d.tenant_id = i.tenant_id AND d.environment = i.environment
    AND d.external_ref = i.external_ref
),
used AS (
  SELECT i.ord FROM input i
  JOIN document d ON d.tenant_id = i.tenant_id AND d.environment = i.environment
    AND d.encf = i.stated_encf AND (d.state NOT IN ('REJECTED', 'VOIDED') OR d.generation >= i.generation)
),
fresh AS (
  SELECT * FROM input i WHERE NOT EXISTS (SELECT 1 FROM replayed r WHERE r.ord = i.ord)
    AND NOT EXISTS (SELECT 1 FROM duplicate_ref r WHERE r.ord = i.ord)
    AND NOT EXISTS (SELECT 1 FROM used u WHERE u.ord = i.ord)
)`;

/** The next numbers of the oldest range that is neither used up nor expired. */
const NEXT_NUMBERS = `
ranges AS MATERIALIZED (
  SELECT r.tenant_id, r.environment, r.tipo, r.id, r.next, r.last, r.expires_on
  FROM encf_range r
  WHERE (r.tenant_id, r.id) IN (
    SELECT need.tenant_id, pick.id
    FROM (SELECT DISTINCT tenant_id, environment, tipo, today FROM fresh) need
    CROSS JOIN LATERAL (
      SELECT c.id FROM encf_range c
      WHERE c.tenant_id = need.tenant_id AND c.environment = need.environment
        AND c.tipo = need.tipo AND c.next <= c.last
        AND (c.expires_on IS NULL OR c.expires_on >= need.today)
      ORDER BY c.first LIMIT 1) pick)
  ORDER BY r.tenant_id, r.id
  FOR UPDATE
),
candidates AS (
  SELECT f.*, r.id AS range_id, r.expires_on, r.last,
    r.next - 1 + row_number() OVER (PARTITION BY r.id ORDER BY f.ord) AS number
  FROM fresh f
  JOIN ranges r ON r.tenant_id = f.tenant_id AND r.environment = f.environment AND r.tipo = f.tipo
  WHERE f.stated_expiry IS NULL OR f.stated_expiry = r.expires_on
)`;

/** Prescribed numbers: test sets, and corrections that take a freed number. */
const STATED_NUMBERS = `
ranges AS MATERIALIZED (
  SELECT r.tenant_id, r.environment, r.tipo, r.id, r.first, r.next, r.last, r.expires_on
  FROM encf_range r
  WHERE (r.tenant_id, r.id) IN (
    SELECT f.tenant_id, c.id FROM fresh f
    JOIN encf_range c ON c.tenant_id = f.tenant_id AND c.environment = f.environment
      AND c.tipo = f.tipo AND substr(f.stated_encf, 4)::bigint BETWEEN c.first AND c.last)
  ORDER BY r.tenant_id, r.id
  FOR UPDATE
),
candidates AS (
  SELECT f.*, r.id AS range_id, r.expires_on, r.last, substr(f.stated_encf, 4)::bigint AS number
  FROM fresh f
  JOIN ranges r ON r.tenant_id = f.tenant_id AND r.environment = f.environment AND r.tipo = f.tipo
    AND substr(f.stated_encf, 4)::bigint BETWEEN r.first AND r.last
  WHERE f.stated_expiry IS NULL OR f.stated_expiry = r.expires_on
)`;

const WRITE = `
granted AS (
  SELECT c.*, 'E' || lpad(c.tipo::text, 2, '0') || lpad(c.number::text, 10, '0') AS encf
  FROM candidates c WHERE c.number <= c.last
),
advanced AS (
  UPDATE encf_range r SET next = GREATEST(r.next, g.top + 1)
  FROM (SELECT tenant_id, range_id, max(number) AS top FROM granted GROUP BY 1, 2) g
  WHERE r.tenant_id = g.tenant_id AND r.id = g.range_id
),
documents AS (
  INSERT INTO document (tenant_id, id, environment, tipo, encf, generation, range_id, state, route,
    held_by, idempotency_key, body_sha256, external_ref, branch, corrects, issuer_rnc, buyer_rnc,
    buyer_name, monto_total, fecha_emision, fecha_hora_firma, artefact_month, findings,
    next_attempt_at)
  SELECT tenant_id, id, environment, tipo, encf, generation, range_id, state, route, held_by,
    idempotency_key, body_sha256, external_ref, branch, corrects, issuer_rnc, buyer_rnc,
    buyer_name, monto_total, fecha_emision, fecha_hora_firma, artefact_month, findings,
    now() + make_interval(secs => $2::float8)
  FROM granted ORDER BY tenant_id, idempotency_key
  RETURNING id, created_at
),
bodies AS (
  SELECT tenant_id, artefact_month, id, CASE
      WHEN xml_middle IS NULL THEN xml_head || encf || xml_tail
      ELSE xml_head || encf || xml_middle || to_char(expires_on, 'DD-MM-YYYY') || xml_tail
    END AS body
  FROM granted
),
artefacts AS (
  INSERT INTO artefact (tenant_id, month, document_id, kind, sha256, body)
  SELECT tenant_id, artefact_month, id, 'unsigned',
    encode(sha256(convert_to(body, 'UTF8')), 'hex'), body FROM bodies
),
events AS (
  INSERT INTO audit_event (tenant_id, month, id, type, subject_id, actor, payload)
  SELECT tenant_id, artefact_month, event_id,
    CASE state WHEN 'HELD' THEN 'document.held' ELSE 'document.queued' END, id, actor,
    jsonb_build_object('encf', encf, 'generation', generation, 'environment', environment,
      'montoTotal', monto_total::text, 'bodySha256', body_sha256)
  FROM granted
),
jobs AS (
  INSERT INTO outbox (tenant_id, topic, key, payload)
  SELECT tenant_id, 'documents', id, '{}'::jsonb FROM granted WHERE state = 'QUEUED'
)
SELECT i.ord, g.encf, d.created_at, r.id AS replayed_id, r.body_sha256 AS replayed_sha256,
  dr.ord IS NOT NULL AS duplicate_reference, u.ord IS NOT NULL AS encf_used,
  rg.tenant_id IS NOT NULL AS has_range, to_char(rg.expires_on, 'YYYY-MM-DD') AS range_expiry,
  rg.last < COALESCE(c.number, 0) AS range_used_up,
  (SELECT to_char(max(x.expires_on), 'YYYY-MM-DD') FROM encf_range x
    WHERE x.tenant_id = i.tenant_id AND x.environment = i.environment AND x.tipo = i.tipo
      AND x.next <= x.last AND x.expires_on < i.today) AS expired_on,
  CASE WHEN g.state = 'QUEUED' THEN pg_notify('outbox', '')::text END AS announced
FROM input i
LEFT JOIN granted g ON g.ord = i.ord
LEFT JOIN documents d ON d.id = g.id
LEFT JOIN replayed r ON r.ord = i.ord
LEFT JOIN duplicate_ref dr ON dr.ord = i.ord
LEFT JOIN used u ON u.ord = i.ord
LEFT JOIN candidates c ON c.ord = i.ord
LEFT JOIN ranges rg ON rg.tenant_id = i.tenant_id AND rg.environment = i.environment
  AND rg.tipo = i.tipo
ORDER BY i.ord`;

export const ACCEPT_NEXT = `WITH ${INPUT}, ${NEXT_NUMBERS}, ${WRITE}`;
export const ACCEPT_STATED = `WITH ${INPUT}, ${STATED_NUMBERS}, ${WRITE}`;
