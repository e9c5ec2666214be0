import { persistenceEnv } from '@getupnet/persistence';
import type { ServiceDefinition } from '@getupnet/platform';
import { serviceAccessEnv } from '@getupnet/rbac';
import { wormEnv } from '@getupnet/storage';
import { auditEnv } from './audit.env.js';
import { AuditHttpModule, AuditWorkerModule } from './audit.modules.js';

/** The chained audit log of all services: appends, checkpoints, reads, verifies. */
export function audit(): ServiceDefinition {
  return {
    name: 'audit',
    http: [AuditHttpModule],
    workers: [AuditWorkerModule],
    env: [persistenceEnv, serviceAccessEnv, wormEnv, auditEnv],
  };
}
