/**
 * Documents under way with the bodies their state calls for: the unsigned one before signing, the
 * signed ones before sending. Several tenants' in one round trip.
 */
export const LOAD_EMISSION = `
WITH keys AS (
  SELECT * FROM json_to_recordset($1::json) AS x(ord int, tenant_id uuid, id uuid)
)
SELECT k.ord, d.tenant_id, d.id, d.environment, d.tipo, d.encf, d.generation, d.state, d.route,
  d.held_by, h.state AS held_by_state, d.issuer_rnc, d.buyer_rnc,
  to_char(d.artefact_month, 'YYYY-MM-DD') AS artefact_month, d.codigo_seguridad, d.track_id,
  d.attempts, d.lease_epoch, COALESCE(d.lease_until > now(), false) AND d.state = 'SENDING' AS leased,
  d.parked_at IS NOT NULL AS parked,
  extract(epoch FROM now() - d.sending_since) * 1000 AS sending_for_ms,
  (SELECT json_object_agg(a.kind, a.body) FROM artefact a
    WHERE a.tenant_id = d.tenant_id AND a.month = d.artefact_month AND a.document_id = d.id
      AND a.kind = ANY (CASE
        WHEN d.state IN ('QUEUED', 'HELD') THEN ARRAY['unsigned']
        WHEN d.state IN ('SIGNED', 'CONTINGENCY', 'DEFERRED', 'SENDING', 'UNKNOWN')
          THEN CASE d.route WHEN 'rfce' THEN ARRAY['rfce'] ELSE ARRAY['signed'] END
        ELSE ARRAY[]::text[] END)) AS bodies
FROM keys k
JOIN document d ON d.tenant_id = k.tenant_id AND d.id = k.id
LEFT JOIN document h ON h.tenant_id = d.tenant_id AND h.id = d.held_by`;
