/**
 * The accept statement: number, document, body, audit event and outbox row of up to 64 documents in
 * one round trip. Ranges are locked in a fixed order (otherwise 40P01), and a row that cannot be
 * accepted only yields its own outcome.
 *
 * A key or number taken by a transaction that commits while we wait for a range makes the plain
 * INSERT fail with 23505 instead of leaving a gap; the caller runs the rows again, one by one.
 *
 * Looked up row by row (LATERAL, fenced), and by the selective column alone (the environment is kept
 * from the planner): without statistics it would join by reading all of the tenants' documents, or
 * take any index that has tenant and environment for as good as the right one.
 */
const input = (voided: string): string => `
input AS (
  SELECT * FROM json_to_recordset($1::json) AS x(
    ord int, tenant_id uuid, id uuid, environment text, tipo smallint, route text, state text,
    held_by uuid, idempotency_key text, body_sha256 text, external_ref text, branch text,
    corrects uuid, generation int, stated_encf text, stated_expiry date, issuer_rnc text,
    buyer_rnc text, buyer_name text, monto_total numeric, fecha_emision date,
    fecha_hora_firma text, artefact_month date, today date, xml_head text, xml_middle text,
    xml_tail text, findings jsonb, actor text, event_id uuid,
    hand_over boolean, next_in_ms float8)
),
looked AS (
  SELECT i.*, r.id AS replayed_id, r.body_sha256 AS replayed_sha256,
    dr.found AS duplicate_reference, u.found AS encf_used, ${voided} AS encf_voided
  FROM input i
  LEFT JOIN LATERAL (
    SELECT d.id, d.body_sha256 FROM document d
    WHERE d.tenant_id = i.tenant_id AND d.idempotency_key = i.idempotency_key OFFSET 0) r ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(true) AS found FROM document d
    WHERE d.tenant_id = i.tenant_id AND d.external_ref = i.external_ref
      AND d.environment || '' = i.environment) dr ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(true) AS found FROM document d
    WHERE d.tenant_id = i.tenant_id AND d.encf = i.stated_encf
      AND d.environment || '' = i.environment
      AND (d.state NOT IN ('REJECTED', 'VOIDED') OR d.generation >= i.generation)) u ON true
),
fresh AS (
  SELECT * FROM looked
  WHERE replayed_id IS NULL AND duplicate_reference IS NULL AND encf_used IS NULL
    AND encf_voided IS NULL
)`;

/** Whether a prescribed number was taken out of use. Free numbers need not ask: their range ended. */
const VOIDED = `(
    SELECT bool_or(true) FROM encf_void_range v
    WHERE v.tenant_id = i.tenant_id AND v.environment = i.environment AND v.tipo = i.tipo
      AND substr(i.stated_encf, 4)::bigint BETWEEN v.first AND v.last)`;

/** Whether a row takes a number of the range it was joined with. */
const FITS = `(r.id IS NOT NULL AND l.replayed_id IS NULL AND l.duplicate_reference IS NULL
    AND l.encf_used IS NULL AND l.encf_voided IS NULL
    AND (l.stated_expiry IS NULL OR l.stated_expiry = r.expires_on))`;

/**
 * The next numbers of the oldest range that is neither used up nor expired: a branch's own ranges
 * first, then those of everybody; whoever names no branch never takes from a branch's.
 */
const NEXT_NUMBERS = `
picks AS MATERIALIZED (
  SELECT need.*, pick.id AS range_id
  FROM (SELECT DISTINCT tenant_id, environment, tipo, branch, today FROM fresh) need
  CROSS JOIN LATERAL (
    SELECT c.id FROM encf_range c
    WHERE c.tenant_id = need.tenant_id AND c.environment = need.environment
      AND c.tipo = need.tipo AND c.next <= c.last
      AND (c.branch IS NULL OR c.branch = need.branch)
      AND (c.expires_on IS NULL OR c.expires_on >= need.today)
    ORDER BY c.branch IS NULL, c.first LIMIT 1) pick
),
ranges AS MATERIALIZED (
  SELECT r.tenant_id, r.id, r.next, r.last, r.expires_on
  FROM encf_range r
  WHERE (r.tenant_id, r.id) IN (SELECT tenant_id, range_id FROM picks)
  ORDER BY r.tenant_id, r.id
  FOR UPDATE
),
candidates AS (
  SELECT l.*, r.id AS range_id, r.expires_on, r.last, CASE WHEN ${FITS} THEN
    r.next - 1 + row_number() OVER (PARTITION BY r.id, ${FITS} ORDER BY l.ord) END AS number
  FROM looked l
  LEFT JOIN picks p
    ON p.tenant_id = l.tenant_id AND p.environment = l.environment AND p.tipo = l.tipo
    AND p.branch IS NOT DISTINCT FROM l.branch AND p.today = l.today
  LEFT JOIN ranges r ON r.tenant_id = p.tenant_id AND r.id = p.range_id
)`;

/**
 * Locks the range of a prescribed number before the accept statement looks: what that one sees was
 * committed by whoever held the range before, a number taken out of use included.
 */
export const LOCK_STATED = `
SELECT FROM encf_range r
WHERE r.tenant_id = $1 AND r.environment = $2 AND r.tipo = $3
  AND $4::bigint BETWEEN r.first AND r.last
FOR UPDATE`;

/** Prescribed numbers: test sets, and corrections that take a freed number. */
const STATED_NUMBERS = `
ranges AS MATERIALIZED (
  SELECT r.tenant_id, r.environment, r.tipo, r.id, r.first, r.next, r.last, r.expires_on
  FROM encf_range r
  WHERE (r.tenant_id, r.id) IN (
    SELECT f.tenant_id, c.id FROM fresh f
    JOIN encf_range c ON c.tenant_id = f.tenant_id AND c.environment = f.environment
      AND c.tipo = f.tipo AND substr(f.stated_encf, 4)::bigint BETWEEN c.first AND c.last
      AND (c.expires_on IS NULL OR c.expires_on >= f.today))
  ORDER BY r.tenant_id, r.id
  FOR UPDATE
),
candidates AS (
  SELECT l.*, r.id AS range_id, r.expires_on, r.last,
    CASE WHEN ${FITS} THEN substr(l.stated_encf, 4)::bigint END AS number
  FROM looked l LEFT JOIN ranges r
    ON r.tenant_id = l.tenant_id AND r.environment = l.environment AND r.tipo = l.tipo
    AND substr(l.stated_encf, 4)::bigint BETWEEN r.first AND r.last
)`;

const WRITE = `
resolved AS (
  SELECT c.*, CASE WHEN c.number <= c.last THEN
    'E' || lpad(c.tipo::text, 2, '0') || lpad(c.number::text, 10, '0') END AS encf
  FROM candidates c
),
granted AS (
  SELECT * FROM resolved WHERE encf IS NOT NULL
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
    now() + make_interval(secs => next_in_ms / 1000)
  FROM granted ORDER BY tenant_id, idempotency_key
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
  SELECT tenant_id, 'documents', id, '{}'::jsonb FROM granted
  WHERE state = 'QUEUED' AND hand_over
)
SELECT c.ord, c.encf, CASE WHEN c.encf IS NOT NULL THEN now()::timestamptz(3) END AS created_at,
  c.replayed_id, c.replayed_sha256, c.duplicate_reference IS NOT NULL AS duplicate_reference,
  c.encf_used IS NOT NULL AS encf_used, c.encf_voided IS NOT NULL AS encf_voided,
  c.range_id IS NOT NULL AS has_range,
  to_char(c.expires_on, 'YYYY-MM-DD') AS range_expiry,
  c.last < COALESCE(c.number, 0) AS range_used_up,
  CASE WHEN c.range_id IS NULL THEN
    (SELECT to_char(max(x.expires_on), 'YYYY-MM-DD') FROM encf_range x
      WHERE x.tenant_id = c.tenant_id AND x.environment = c.environment AND x.tipo = c.tipo
        AND x.expires_on < c.today AND CASE WHEN c.stated_encf IS NULL
          THEN x.next <= x.last AND (x.branch IS NULL OR x.branch = c.branch)
          ELSE substr(c.stated_encf, 4)::bigint BETWEEN x.first AND x.last END) END AS expired_on,
  CASE WHEN c.encf IS NOT NULL AND c.state = 'QUEUED' AND c.hand_over
    THEN pg_notify('outbox', '')::text END AS announced
FROM resolved c
ORDER BY c.ord`;

export const ACCEPT_NEXT = `WITH ${input('NULL::boolean')}, ${NEXT_NUMBERS}, ${WRITE}`;
export const ACCEPT_STATED = `WITH ${input(VOIDED)}, ${STATED_NUMBERS}, ${WRITE}`;
