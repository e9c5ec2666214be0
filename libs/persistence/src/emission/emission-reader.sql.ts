/** Documents under way, several tenants' in one round trip. */
export const LOAD_EMISSION = `
WITH keys AS (
  SELECT * FROM json_to_recordset($1::json) AS x(ord int, tenant_id uuid, id uuid)
)
SELECT k.ord, d.tenant_id, d.id, d.environment, d.tipo, d.encf, d.generation, d.state, d.route,
  d.held_by, h.state AS held_by_state, h.encf AS held_by_encf, d.issuer_rnc, d.buyer_rnc,
  to_char(d.artefact_month, 'YYYY-MM-DD') AS artefact_month, d.codigo_seguridad, d.track_id,
  d.contingency_id, d.attempts, d.lease_epoch,
  COALESCE(d.lease_until > now(), false) AND d.state = 'SENDING' AS leased,
  d.created_at, d.parked_at IS NOT NULL AS parked, d.hand_overs, d.faults, d.starts,
  extract(epoch FROM now() - d.sending_since) * 1000 AS sending_for_ms,
  CASE WHEN d.generation > 1 THEN (SELECT json_agg(p.track_id) FROM document p
    WHERE p.tenant_id = d.tenant_id AND p.encf = d.encf AND p.environment || '' = d.environment
      AND p.generation < d.generation AND p.track_id IS NOT NULL) END AS earlier_track_ids
FROM keys k
JOIN document d ON d.tenant_id = k.tenant_id AND d.id = k.id
LEFT JOIN document h ON h.tenant_id = d.tenant_id AND h.id = d.held_by`;

/** What the audit events, committed with each transition, tell of one document's unanswered sends. */
export const SENDING_HISTORY = `
SELECT count(*) > 0 AS unanswered, COALESCE(bool_or(payload ? 'echo'), false) AS echoed
FROM audit_event
WHERE tenant_id = $1 AND subject_id = $2 AND type = 'document.unknown'`;

/**
 * Bodies of documents of known months. The months stand in a parameter of their own, so that the
 * server opens only their partitions: opening all of them costs ten times what the look-up does.
 */
export const LOAD_BODIES = `
WITH keys AS (
  SELECT * FROM json_to_recordset($1::json) AS x(ord int, tenant_id uuid, id uuid, kind text)
)
SELECT k.ord, a.kind, a.body
FROM keys k
JOIN artefact a ON a.tenant_id = k.tenant_id AND a.month = ANY ($2::date[])
  AND a.document_id = k.id AND a.kind = k.kind`;
