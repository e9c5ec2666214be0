/**
 * Both statements walk from tenant to tenant in the index, so that one tenant's thousand rows are
 * never between the relay and another's single one, and take from each what there is room for.
 * $1 where to begin, $2 most tenants, $3 rooms of tenants with work outstanding, $4 most rows of one.
 */
const ROOMS = `
rooms AS (
  SELECT w.tenant_id, least(COALESCE(
    (SELECT r.rows FROM json_to_recordset($3::json) AS r(tenant_id uuid, rows int)
      WHERE r.tenant_id = w.tenant_id), $4::int), $4::int) AS most
  FROM waiting w WHERE w.tenant_id IS NOT NULL
)`;

/** How far the walk came, beside each row; alone when there is none. */
const WALK = `SELECT w.tenants AS walked, w.last AS "lastTenant"`;
const WALKED = `
walked AS (
  SELECT count(tenant_id)::int AS tenants, (array_agg(tenant_id ORDER BY place DESC)
    FILTER (WHERE tenant_id IS NOT NULL))[1] AS last
  FROM waiting
)`;

export const DRAIN = `
WITH RECURSIVE waiting AS (
  (SELECT o.tenant_id, 1 AS place FROM outbox o
    WHERE o.tenant_id >= $1::uuid AND o.topic = $5 ORDER BY o.tenant_id LIMIT 1)
  UNION ALL
  SELECT (SELECT o.tenant_id FROM outbox o
      WHERE o.tenant_id > w.tenant_id AND o.topic = $5 ORDER BY o.tenant_id LIMIT 1),
    w.place + 1
  FROM waiting w WHERE w.tenant_id IS NOT NULL AND w.place < $2
),
${ROOMS},
taken AS (
  SELECT o.row FROM rooms r
  CROSS JOIN LATERAL (SELECT i.ctid AS row FROM outbox i
    WHERE i.tenant_id = r.tenant_id AND i.topic = $5
    ORDER BY i.id LIMIT r.most FOR UPDATE SKIP LOCKED) o
),
gone AS (
  -- By their places: left to itself the planner compares each row of the topic with each taken one.
  DELETE FROM outbox o WHERE o.ctid = ANY (ARRAY(SELECT t.row FROM taken t))
  RETURNING o.tenant_id, o.id, o.key, o.payload
),
${WALKED}
${WALK},
  g.tenant_id AS "tenantId", g.key, g.payload
FROM walked w LEFT JOIN gone g ON true ORDER BY g.id`;

export const CLAIM_DUE = `
WITH RECURSIVE waiting AS (
  (SELECT d.tenant_id, 1 AS place FROM document d
    WHERE d.tenant_id >= $1::uuid AND d.next_attempt_at IS NOT NULL AND d.parked_at IS NULL
    ORDER BY d.tenant_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.tenant_id FROM document d
      WHERE d.tenant_id > w.tenant_id AND d.next_attempt_at IS NOT NULL AND d.parked_at IS NULL
      ORDER BY d.tenant_id LIMIT 1),
    w.place + 1
  FROM waiting w WHERE w.tenant_id IS NOT NULL AND w.place < $2
),
${ROOMS},
due AS (
  SELECT r.tenant_id, d.id, d.next_attempt_at FROM rooms r
  CROSS JOIN LATERAL (SELECT i.id, i.next_attempt_at FROM document i
    WHERE i.tenant_id = r.tenant_id AND i.next_attempt_at <= now() AND i.parked_at IS NULL
      AND i.state NOT IN ('ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')
    ORDER BY i.next_attempt_at LIMIT r.most FOR UPDATE SKIP LOCKED) d
),
claimed AS (
  UPDATE document d SET next_attempt_at = now() + make_interval(secs => $5::float8),
    hand_overs = least(d.hand_overs + 1, 30000)
  FROM due WHERE d.tenant_id = due.tenant_id AND d.id = due.id
  RETURNING d.tenant_id, d.id, due.next_attempt_at
),
${WALKED}
${WALK},
  c.tenant_id AS "tenantId", c.id AS "documentId"
FROM walked w LEFT JOIN claimed c ON true ORDER BY c.next_attempt_at`;

/** Of documents handed over some time ago, those that no worker has done anything about yet. */
export const STILL_OUT = `
SELECT d.tenant_id AS "tenantId", d.id AS "documentId"
FROM json_to_recordset($1::json) AS k(tenant_id uuid, id uuid, age_ms float8)
JOIN document d ON d.tenant_id = k.tenant_id AND d.id = k.id
WHERE d.parked_at IS NULL AND (d.updated_at <= now() - make_interval(secs => k.age_ms / 1000)
  OR (d.state = 'SENDING' AND d.lease_until > now()))`;

/** What the installation still has to do: bounded, so that a large backlog does not slow it down. */
export const OPEN_DOCUMENTS = `
SELECT state, count(*)::int AS documents, extract(epoch FROM now() - min(created_at)) AS "oldestS"
FROM (SELECT state, created_at FROM document
  WHERE next_attempt_at IS NOT NULL AND parked_at IS NULL LIMIT $1) d
GROUP BY state`;

export const DEAD_LETTERS = `
SELECT count(*)::int AS documents
FROM (SELECT FROM document WHERE parked_at IS NOT NULL LIMIT $1) d`;

export const FORGET_INBOX = `DELETE FROM inbox WHERE taken_at < now() - interval '30 days'`;
