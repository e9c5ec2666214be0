import { isEnvironment, type Environment } from '@getupnet/contracts';
import { Injectable } from '@nestjs/common';
import { Pools } from '../db/pools.js';
import { DEADLINE_LEVEL, NOT_RECEIVED } from './deadlines.js';

/** Documents of one tenant that wait for the link to DGII, by the episode they were issued in. */
export interface ContingencyLine {
  readonly tenantId: string;
  readonly contingencyId: string;
  readonly environment: Environment;
  /** Tries in a row that came to nothing. */
  readonly tries: number;
  /** Whose the line is: who claims it later has another one. */
  readonly claim: string;
}

/** A tenant with documents whose term to reach DGII has gone further than was told. */
export interface LateTenant {
  readonly tenantId: string;
  readonly environment: Environment;
}

const DUE = `
SELECT DISTINCT environment FROM contingency WHERE next_try_at <= now()`;

/**
 * Of a tenant's episodes only the oldest is a line, and one that is driven stays its driver's, whoever
 * wakes it: two drivers would disturb the order.
 */
const CLAIM_LINES = `
UPDATE contingency c SET next_try_at = now() + make_interval(secs => $3::float8 / 1000),
  claimed_until = now() + make_interval(secs => $3::float8 / 1000)
FROM (
  SELECT tenant_id, id FROM contingency
  WHERE environment = $1 AND next_try_at <= now()
    AND (claimed_until IS NULL OR claimed_until <= now()) AND NOT EXISTS (
    SELECT FROM contingency older
    WHERE older.tenant_id = contingency.tenant_id AND older.environment = contingency.environment
      AND older.next_try_at IS NOT NULL AND older.id < contingency.id)
  ORDER BY next_try_at LIMIT $2 FOR UPDATE SKIP LOCKED
) due
WHERE c.tenant_id = due.tenant_id AND c.id = due.id
RETURNING c.tenant_id AS "tenantId", c.id AS "contingencyId", c.environment, c.tries,
  c.claimed_until::text AS claim`;

const PUT_OFF = `
UPDATE contingency SET next_try_at = now() + make_interval(secs => $3::float8 / 1000), tries = $4,
  claimed_until = NULL
WHERE tenant_id = $1 AND id = $2 AND next_try_at IS NOT NULL AND claimed_until = $5::timestamptz`;

const WAKE = `
UPDATE contingency SET next_try_at = now(), tries = 0
WHERE environment = $1 AND next_try_at > now()`;

/** A number is given after the one before it, so that of a type the order of creation is theirs. */
const HEAD = `
SELECT id FROM document
WHERE tenant_id = $1 AND environment = $2 AND route = $3 AND state = 'CONTINGENCY'
  AND parked_at IS NULL
ORDER BY created_at, encf LIMIT $4`;

const LATE = `
SELECT DISTINCT tenant_id AS "tenantId", environment FROM document
WHERE ${NOT_RECEIVED} AND deadline_level < ${DEADLINE_LEVEL} LIMIT $1`;

const WAITING = `
SELECT environment, count(*)::int AS documents,
  extract(epoch FROM min(send_by) - now())::float8 AS "leftS"
FROM document WHERE send_by IS NOT NULL
  AND state NOT IN ('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')
GROUP BY environment`;

/** What waits in an environment, and the seconds left to the one in the greatest hurry. */
export interface WaitingDocuments {
  readonly environment: string;
  readonly documents: number;
  readonly leftS: number;
}

/** Lines and terms over all tenants: ids, never documents (role `relay`). */
@Injectable()
export class ContingencyStore {
  constructor(private readonly pools: Pools) {}

  /** Environments in which a line's time has come. */
  async dueEnvironments(): Promise<string[]> {
    const { rows } = await this.pools.query<{ environment: string }>('relay', DUE);
    return rows.map(({ environment }) => environment);
  }

  /** Lines whose time has come, each for one driver for `leaseMs`. */
  async claimLines(
    environment: Environment,
    most: number,
    leaseMs: number,
  ): Promise<ContingencyLine[]> {
    const { rows } = await this.pools.query<ContingencyLine>('relay', CLAIM_LINES, [
      environment,
      most,
      leaseMs,
    ]);
    return rows;
  }

  /** Gives a claimed line back, for `inMs`; one that was drained, or somebody else's by now, stays so. */
  async putOff(line: ContingencyLine, inMs: number, tries: number): Promise<void> {
    const { tenantId, contingencyId, claim } = line;
    await this.pools.query('relay', PUT_OFF, [tenantId, contingencyId, inMs, tries, claim]);
  }

  /** DGII answers again: every line of the environment is looked at now. */
  async wake(environment: Environment): Promise<void> {
    await this.pools.query('relay', WAKE, [environment]);
  }

  /** The first of a line by one route, first come first. */
  async head(line: ContingencyLine, route: 'ecf' | 'rfce', most: number): Promise<string[]> {
    const { tenantId, environment } = line;
    const { rows } = await this.pools.query<{ id: string }>('relay', HEAD, [
      tenantId,
      environment,
      route,
      most,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Tenants to be told of a deadline. */
  async late(most: number): Promise<LateTenant[]> {
    const { rows } = await this.pools.query<LateTenant>('relay', LATE, [most]);
    return rows.filter(({ environment }) => isEnvironment(environment));
  }

  waiting(): Promise<readonly WaitingDocuments[]> {
    return this.pools.query<WaitingDocuments>('relay', WAITING).then(({ rows }) => rows);
  }
}
