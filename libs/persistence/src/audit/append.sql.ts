/** Columns of an event that its entry tells, and whether a link has it already. */
const COLUMNS = `e.tenant_id, e.month, e.id, e.type, e.subject_id, e.actor, e.payload, e.occurred_at`;

// LATERAL with LIMIT: as EXISTS the planner may read every link there is.
const WITH_LINK = `
SELECT e.*, l.linked IS NOT NULL AS linked
FROM page e LEFT JOIN LATERAL (
  SELECT true AS linked FROM audit_link
  WHERE tenant_id = e.tenant_id AND event_id = e.id AND event_month = e.month LIMIT 1) l ON true`;

/** Whether there may be anything to do; a question that writes nothing, as locking the cursor would. */
export const IS_DUE = `
SELECT c.id IS NULL OR c.system_id <> $1 OR c.sweep_after IS NOT NULL OR EXISTS (SELECT FROM audit_event e
  WHERE e.txid >= c.horizon AND (e.txid > c.horizon OR e.id > c.horizon_id)) AS due
FROM (SELECT) one LEFT JOIN audit_cursor c ON c.id = 1`;

/** Whoever works holds this row; a second appender finds nothing. */
export const LOCK_CURSOR = `
SELECT horizon::text AS horizon, horizon_id, system_id, sweep_after FROM audit_cursor
WHERE id = 1 FOR UPDATE SKIP LOCKED`;

/**
 * An absent cursor begins by looking at every event, and goes on from what was still running then.
 * The first key is below every event's.
 */
export const MAKE_CURSOR = `
INSERT INTO audit_cursor (id, horizon, horizon_id, system_id, sweep_after)
VALUES (1, pg_snapshot_xmin(pg_current_snapshot()), '00000000-0000-0000-0000-000000000000', $1, $2)
ON CONFLICT DO NOTHING`;

export const BEGIN_SWEEP = `
UPDATE audit_cursor SET horizon = pg_snapshot_xmin(pg_current_snapshot()),
  horizon_id = '00000000-0000-0000-0000-000000000000', system_id = $1, sweep_after = $2
WHERE id = 1`;

/**
 * Events that came after the cursor. What a transaction below the oldest running one wrote is visible,
 * or was undone: nothing can still appear before the last row of a page.
 */
export const NEXT_PAGE = `
WITH page AS MATERIALIZED (
  SELECT ${COLUMNS}, e.txid FROM audit_event e
  WHERE e.txid >= $1::xid8 AND (e.txid > $1::xid8 OR e.id > $2)
    AND e.txid < (SELECT pg_snapshot_xmin(pg_current_snapshot()))
  ORDER BY e.txid, e.id LIMIT $3
)${WITH_LINK} ORDER BY e.txid, e.id`;

/** Every event by its key, whatever transaction it says it is of. */
export const SWEEP_PAGE = `
WITH page AS MATERIALIZED (
  SELECT ${COLUMNS}, e.txid FROM audit_event e
  WHERE (e.tenant_id, e.month, e.id) > ($1, $2, $3)
  ORDER BY e.tenant_id, e.month, e.id LIMIT $4
)${WITH_LINK} ORDER BY e.tenant_id, e.month, e.id`;

/** A statement of its own: the next one has to see what was committed before the locks were ours. */
export const LOCK_TENANTS = `
SELECT count(pg_advisory_xact_lock($2, hashtext(t.id::text)))
FROM (SELECT unnest($1::uuid[]) AS id ORDER BY 1) t`;

export const HEADS_OF = `
SELECT t.id AS tenant_id, h.seq, h.hash
FROM unnest($1::uuid[]) AS t (id)
CROSS JOIN LATERAL (SELECT seq, hash FROM audit_link
  WHERE tenant_id = t.id ORDER BY seq DESC LIMIT 1) h`;

export const INSERT_LINKS = `
INSERT INTO audit_link (tenant_id, seq, event_month, event_id, prev, hash)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::uuid[], $5::bytea[], $6::bytea[])`;

export const MOVE_CURSOR = `
UPDATE audit_cursor SET horizon = $1::xid8, horizon_id = $2, sweep_after = $3, links = links + $4,
  linked_at = clock_timestamp()
WHERE id = 1`;

export const REPORT_RECOVERY = `
INSERT INTO audit_event (tenant_id, month, id, type, actor, payload)
SELECT t.id, date_trunc('month', now())::date, gen_random_uuid(), 'audit.recovery', 'audit', $2
FROM unnest($1::uuid[]) AS t (id)`;

/** Last link of every chain, of one snapshot; two look-ups for each tenant. */
export const ALL_HEADS = `
WITH RECURSIVE tenants AS (
  (SELECT tenant_id FROM audit_link ORDER BY tenant_id LIMIT 1)
  UNION ALL
  SELECT (SELECT l.tenant_id FROM audit_link l WHERE l.tenant_id > t.tenant_id
    ORDER BY l.tenant_id LIMIT 1)
  FROM tenants t WHERE t.tenant_id IS NOT NULL
)
SELECT t.tenant_id, h.seq, h.hash FROM tenants t
CROSS JOIN LATERAL (SELECT seq, hash FROM audit_link
  WHERE tenant_id = t.tenant_id ORDER BY seq DESC LIMIT 1) h
WHERE t.tenant_id IS NOT NULL`;

/** The lowest of as many checkpoints below a number as a window has; none if there are fewer. */
export const WINDOW_FLOOR = `
SELECT number AS floor FROM audit_checkpoint WHERE number < $1 ORDER BY number DESC
OFFSET $2::int - 1 LIMIT 1`;

/**
 * A body is parsed only if it has the tenant's id somewhere, and no more of them than it takes: read in
 * the index's order, they need no sort.
 */
export const OF_TENANT = `
SELECT number, at, head ->> 'seq' AS seq, head ->> 'hash' AS hash,
  encode(sha512(convert_to(body, 'UTF8')), 'hex') AS body_sha512
FROM (
  SELECT number, at, body, CASE WHEN strpos(body, $3::text) > 0
    THEN body::json -> 'heads' -> $3::text END AS head
  FROM audit_checkpoint WHERE number < $1 AND number >= $2 ORDER BY number DESC OFFSET 0
) stated
WHERE head IS NOT NULL ORDER BY number DESC LIMIT $4`;
