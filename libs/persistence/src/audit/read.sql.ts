const EVENT = `id, type, subject_id, actor, payload, occurred_at`;
const LINK = `l.seq, l.prev, l.hash, l.event_month`;

// LATERAL with LIMIT everywhere: a row's event by its key, whatever the planner believes of sizes.
const ITS_EVENT = `
LEFT JOIN LATERAL (SELECT ${EVENT} FROM audit_event
  WHERE tenant_id = l.tenant_id AND month = l.event_month AND id = l.event_id LIMIT 1) e ON true`;

export const WALK = `
SELECT ${LINK}, e.* FROM audit_link l ${ITS_EVENT}
WHERE l.tenant_id = $1 AND l.seq > $2 ORDER BY l.seq LIMIT $3`;

/** Entries below a seq and not below another one, by type, actor and time. */
export const LIST_ENTRIES = `
SELECT ${LINK}, e.* FROM audit_link l ${ITS_EVENT}
WHERE l.tenant_id = $1 AND l.seq < $2 AND l.seq >= $3
  AND ($4::text IS NULL OR e.type = $4 OR starts_with(e.type, $4 || '.'))
  AND ($5::text IS NULL OR e.actor = $5)
  AND ($6::timestamptz IS NULL OR (e.occurred_at >= $6
    AND l.event_month >= date_trunc('month', $6::timestamptz - interval '2 days')::date))
  AND ($7::timestamptz IS NULL OR (e.occurred_at < $7
    AND l.event_month <= ($7::timestamptz + interval '2 days')::date))
  AND e.id IS NOT NULL
ORDER BY l.seq DESC LIMIT $8`;

export const LIST_OF_SUBJECT = `
SELECT ${LINK}, e.id, e.type, e.subject_id, e.actor, e.payload, e.occurred_at
FROM audit_event e
CROSS JOIN LATERAL (SELECT seq, prev, hash, event_month FROM audit_link
  WHERE tenant_id = e.tenant_id AND event_id = e.id AND event_month = e.month LIMIT 1) l
WHERE e.tenant_id = $1 AND l.seq < $2 AND e.subject_id = $3
  AND ($4::text IS NULL OR e.type = $4 OR starts_with(e.type, $4 || '.'))
  AND ($5::text IS NULL OR e.actor = $5)
  AND ($6::timestamptz IS NULL OR e.occurred_at >= $6)
  AND ($7::timestamptz IS NULL OR e.occurred_at < $7)
ORDER BY l.seq DESC LIMIT $8`;

/**
 * What tells of a recovery and is in no link up to a seq: past the appender's horizon, by its index, or
 * in the first links after that seq.
 */
export const RECOVERIES_AFTER = `
SELECT payload FROM audit_event
WHERE tenant_id = $1 AND type = 'audit.recovery' AND txid >= $3::xid8
UNION ALL
SELECT e.payload FROM (SELECT * FROM audit_link WHERE tenant_id = $1 AND seq > $2
  ORDER BY seq LIMIT $4) l ${ITS_EVENT}
WHERE e.type = 'audit.recovery'`;

export const RAW_PAGE = `
WITH page AS MATERIALIZED (
  SELECT month, id, txid FROM audit_event
  WHERE tenant_id = $1 AND (month, id) > ($2::date, $3::uuid) ORDER BY month, id LIMIT $4
)
SELECT p.month, p.id, (p.txid, p.id) <= ($5::xid8, $6::uuid) AS due, l.linked IS NOT NULL AS linked
FROM page p LEFT JOIN LATERAL (SELECT true AS linked FROM audit_link
  WHERE tenant_id = $1 AND event_id = p.id AND event_month = p.month LIMIT 1) l ON true
ORDER BY p.month, p.id`;
