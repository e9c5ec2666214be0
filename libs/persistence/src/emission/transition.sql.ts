/**
 * The transition statement: state, patch, bytes, audit events and outbox rows of up to 64 documents
 * of any tenants in one round trip. A row whose state or epoch is no longer the expected one is
 * left alone; the epoch moves on with each change, so that a state a document comes back to is not
 * taken for the one it left. Final documents are announced (ids only), and notes that wait for them
 * are woken.
 */
export const TRANSITION = `
WITH input AS (
  SELECT * FROM json_to_recordset($1::json) AS x(
    ord int, tenant_id uuid, id uuid, from_state text, to_state text, epoch bigint,
    lease_ms float8, next_in_ms float8, attempts int, faults smallint,
    starts smallint, parked boolean, patch jsonb,
    enqueue boolean, final boolean, month date, actor text)
),
applied AS (
  UPDATE document d SET
    state = i.to_state,
    lease_epoch = d.lease_epoch
      + CASE WHEN i.lease_ms IS NULL AND i.to_state = d.state THEN 0 ELSE 1 END,
    lease_until = CASE WHEN i.lease_ms IS NULL AND i.to_state = d.state THEN d.lease_until
      ELSE now() + make_interval(secs => i.lease_ms / 1000) END,
    sending_since = CASE WHEN i.to_state = 'SENDING' OR i.patch ? 'attemptEnded' THEN now()
      ELSE d.sending_since END,
    next_attempt_at = now() + make_interval(secs => i.next_in_ms / 1000),
    attempts = i.attempts,
    hand_overs = 0,
    faults = i.faults,
    starts = i.starts,
    parked_at = CASE WHEN i.parked THEN now() END,
    codigo_seguridad = COALESCE(i.patch->>'codigoSeguridad', d.codigo_seguridad),
    signed_sha256 = COALESCE(i.patch->>'signedSha256', d.signed_sha256),
    track_id = COALESCE(i.patch->>'trackId', d.track_id),
    dgii_codigo = COALESCE(i.patch->>'dgiiCodigo', d.dgii_codigo),
    dgii_estado = COALESCE(i.patch->>'dgiiEstado', d.dgii_estado),
    dgii_mensajes = COALESCE(i.patch->'dgiiMensajes', d.dgii_mensajes),
    secuencia_utilizada =
      COALESCE((i.patch->>'secuenciaUtilizada')::boolean, d.secuencia_utilizada),
    dgii_fecha_recepcion = COALESCE(i.patch->>'dgiiFechaRecepcion', d.dgii_fecha_recepcion),
    contingency_id = COALESCE((i.patch->>'contingencyId')::uuid, d.contingency_id),
    send_by = LEAST(d.send_by, d.created_at
      + make_interval(secs => (i.patch->>'sendWithinMs')::float8 / 1000)),
    findings = d.findings || COALESCE(i.patch->'findings', '[]'::jsonb),
    last_error = i.patch->>'lastError',
    updated_at = now()
  FROM input i
  WHERE d.tenant_id = i.tenant_id AND d.id = i.id AND d.state = i.from_state
    AND d.lease_epoch = i.epoch
  RETURNING i.ord, d.tenant_id, d.id, i.final, i.enqueue, i.month, i.actor
),
artefacts AS (
  INSERT INTO artefact (tenant_id, month, document_id, kind, sha256, body)
  SELECT a.tenant_id, a.month, a.id, x.kind, x.sha256, x.body
  FROM json_to_recordset($2::json) AS x(ord int, kind text, sha256 text, body text)
  JOIN applied a ON a.ord = x.ord
),
events AS (
  INSERT INTO audit_event (tenant_id, month, id, type, subject_id, actor, payload)
  SELECT a.tenant_id, date_trunc('month', now())::date, x.id, x.type, a.id, a.actor, x.payload
  FROM json_to_recordset($3::json) AS x(ord int, id uuid, type text, payload jsonb)
  JOIN applied a ON a.ord = x.ord
),
jobs AS (
  INSERT INTO outbox (tenant_id, topic, key, payload)
  SELECT a.tenant_id, 'documents', a.id, '{}'::jsonb FROM applied a WHERE a.enqueue
  UNION ALL
  SELECT a.tenant_id, 'alerts', x.id, x.alert
  FROM json_to_recordset($4::json) AS x(ord int, id uuid, alert jsonb)
  JOIN applied a ON a.ord = x.ord
),
woken AS (
  UPDATE document w SET next_attempt_at = now()
  FROM applied a
  WHERE a.final AND w.tenant_id = a.tenant_id AND w.held_by = a.id AND w.state = 'HELD'
)
SELECT a.ord,
  CASE WHEN a.final THEN pg_notify('document_final', a.id::text)::text END AS announced,
  CASE WHEN a.enqueue THEN pg_notify('outbox', '')::text END AS enqueued
FROM applied a`;
