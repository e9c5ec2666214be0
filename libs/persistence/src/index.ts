export { DATABASE_ROLES, roleName, type DatabaseRole } from './roles/roles.js';
export {
  roleUrl,
  roleUrls,
  statedRoles,
  type DatabaseUrls,
  type RoleUrls,
} from './roles/role-urls.js';
export { checkBoot, type Queryable } from './migrations/check-boot.js';
export { migrate, type MigrateOptions, type MigrateReport } from './migrations/migrate.js';
export { persistenceEnv } from './db/persistence-env.js';
export {
  isExclusionViolation,
  isUniqueViolation,
  mapDatabaseError,
  sqlState,
} from './db/database-errors.js';
export { Pools, type PoolsOptions } from './db/pools.js';
export { IdentityDb, SignerDb, TenantDb, type TenantScope, type Tx } from './db/tenant-db.js';
export { BatchDb, MAX_TENANTS, withTenants } from './db/batch-db.js';
export { GroupWriter, MAX_GROUP_ITEMS, type GroupWriterOptions } from './group/group-writer.js';
export { Inbox } from './inbox/inbox.js';
export { OUTBOX_CHANNEL, Outbox, type OutboxMessage } from './outbox/outbox.js';
export { AuditLog, PLATFORM_TENANT_ID, type AuditEntry, type KeptEntry } from './audit-log.js';
export { MONTHS_KEPT, archiveAuditMonths, type ArchivedMonths } from './audit/archive-months.js';
export { APPEND_BATCH, AuditChain, type AppendRound } from './audit/audit-chain.js';
export {
  AuditCheckpoints,
  type ChainHead,
  type ChainHeads,
  type SignedCheckpoint,
} from './audit/audit-checkpoints.js';
export { AuditLag } from './audit/audit-lag.js';
export {
  AuditReader,
  FIRST_RAW_KEY,
  type AuditHorizon,
  type LogFilter,
  type LogPage,
  type RawKey,
  type RawPage,
  type WalkedLink,
} from './audit/audit-reader.js';
export { entryText, genesisHash, linkHash, type ChainEntry } from './audit/chain.js';
export { Notifications, type Channel } from './notifications.js';
export { AcceptWriter } from './emission/accept-writer.js';
export type { AcceptOutcome, AcceptRow } from './emission/accept.types.js';
export { DocumentReader, type DocumentColumns } from './emission/document-reader.js';
export { EmissionReader } from './emission/emission-reader.js';
export type { EmissionKey, EmissionRow, SendingHistory } from './emission/emission-reader.types.js';
export {
  FIRST_TENANT,
  RelayStore,
  type OpenDocuments,
  type OutboxRow,
  type Portion,
  type RelayRow,
  type Taken,
} from './emission/relay-store.js';
export {
  SequenceWatchStore,
  type VoidKey,
  type WatchedRange,
} from './sequences/sequence-watch-store.js';
export { TransitionWriter } from './emission/transition-writer.js';
export type {
  Alert,
  DocumentPatch,
  TransitionEvent,
  TransitionOutcome,
  TransitionRow,
} from './emission/transition.types.js';
export {
  ContingencyStore,
  type ContingencyLine,
  type LateTenant,
  type WaitingDocuments,
} from './contingency/contingency-store.js';
export { deadlinesTold, type ToldDeadline } from './contingency/deadlines.js';
export { CursorCodec } from './cursors/cursor-codec.js';
export { PersistenceModule } from './persistence.module.js';
export { Prisma } from './generated/client.js';
export type {
  Artefact as ArtefactRecord,
  AuditEvent as AuditEventRecord,
  Branding as BrandingRecord,
  Certificate as CertificateRecord,
  Contingency as ContingencyRecord,
  ContingencyPaper as ContingencyPaperRecord,
  DgiiToken as DgiiTokenRecord,
  Document as DocumentRecord,
  EncfRange as EncfRangeRecord,
  EncfUsage as EncfUsageRecord,
  EncfVoid as EncfVoidRecord,
  EncfVoidRange as EncfVoidRangeRecord,
  SigningJournal as SigningJournalRecord,
  Tenant as TenantRecord,
} from './generated/client.js';
export {
  registerTenant,
  type NewTenant,
  type NewTenantApiKey,
  type NewTenantRange,
  type RegisteredTenant,
} from './tenants/register-tenant.js';
export { monthAt } from './migrations/partitions.js';
