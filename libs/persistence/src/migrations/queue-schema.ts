import type { Client } from 'pg';
import { roleName } from '../roles/roles.js';

export const QUEUE_SCHEMA = 'bullmq';

/**
 * Tables and functions of the queues. The one role of all queue connections may also create:
 * BullMQ makes a sequence for each queue at run time, and it belongs to its maker.
 */
export async function migrateQueueSchema(owner: Client): Promise<void> {
  // Loaded here: whoever only wants the tables' runner need not load the queue's library.
  const { runMigrations } = await import('bullmq');
  await runMigrations(owner, QUEUE_SCHEMA);
  const role = roleName('queue');
  await owner.query(
    `GRANT USAGE, CREATE ON SCHEMA ${QUEUE_SCHEMA} TO ${role};
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${role};
     GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO ${role};
     DO $$
     DECLARE
       name regclass;
     BEGIN
       -- Not ALL SEQUENCES: those the role made itself are not the owner's to grant.
       FOR name IN SELECT c.oid FROM pg_class c
         WHERE c.relkind = 'S' AND c.relnamespace = '${QUEUE_SCHEMA}'::regnamespace
           AND c.relowner = (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)
       LOOP
         EXECUTE format('GRANT USAGE, SELECT, UPDATE ON SEQUENCE %s TO ${role}', name);
       END LOOP;
     END $$`,
  );
}
