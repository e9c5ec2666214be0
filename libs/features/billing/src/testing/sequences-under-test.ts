import { randomUUID } from 'node:crypto';
import type { DgiiVoidOutcome, SignRequest, SignResult } from '@getupnet/contracts';
import { DgiiGateway, Sign, TENANT_PERMISSIONS } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import {
  AcceptWriter,
  AuditLog,
  CursorCodec,
  Outbox,
  SequenceWatchStore,
  type AcceptOutcome,
  type AcceptRow,
} from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import { FakeClock, type TestDatabase, type TestTenant } from '@getupnet/testkit';
import { ForecastRepository } from '../sequences/forecast/forecast.repository.js';
import { ForecastService } from '../sequences/forecast/forecast.service.js';
import { SequenceTeller } from '../sequences/forecast/sequence-teller.js';
import { SequenceWatch } from '../sequences/forecast/sequence-watch.worker.js';
import { GapsRepository } from '../sequences/gaps/gaps.repository.js';
import { GapsService } from '../sequences/gaps/gaps.service.js';
import { SequencesRepository } from '../sequences/sequences.repository.js';
import { SequencesService } from '../sequences/sequences.service.js';
import { CreateVoidRequest } from '../sequences/voids/create-void.use-case.js';
import { DriveVoid } from '../sequences/voids/drive-void.use-case.js';
import { VoidNumbersRepository } from '../sequences/voids/void-numbers.repository.js';
import { VoidSteps } from '../sequences/voids/void-steps.js';
import { VoidsRepository } from '../sequences/voids/voids.repository.js';
import { VoidsService } from '../sequences/voids/voids.service.js';

export const NOW = '2026-03-10T15:00:00Z';
export const TODAY = '2026-03-10';
const LEASE_MS = 60_000;
const MONTH = '2026-03-01';

const config = {
  get: () => ({
    ...{ BILLING_LEASE_MS: LEASE_MS, BILLING_IN_FLIGHT_WINDOW_MS: 1 },
    ...{ BILLING_SEQUENCE_EXPIRY_DAYS: 30, BILLING_SEQUENCE_WATCH_MS: LEASE_MS },
  }),
} as unknown as Config;

export const contextOf = (tenant: TestTenant): TenantContext => ({
  ...{ tenantId: tenant.id, environment: tenant.environment, productionEnabled: false },
  ...{
    rnc: tenant.rnc,
    tenantName: tenant.name,
    profile: {},
    permissions: new Set(TENANT_PERMISSIONS),
  },
  requestId: 'prueba',
  actor: { kind: 'api-key', id: tenant.apiKeyId, name: 'prueba' },
});

/** Asked by nobody before. */
export const request = (sha256 = 'ab'.repeat(32)) => ({ key: randomUUID(), sha256 });

/** A signer that answers the same bytes for the same document, or what it is told. */
export class FakeSign extends Sign {
  readonly requests: SignRequest[] = [];
  fails: string | null = null;

  override async sign(asked: SignRequest): Promise<readonly SignResult[]> {
    this.requests.push(asked);
    return asked.items.map(({ documentId, kind, xml }): SignResult => {
      if (this.fails !== null) return { ok: false, documentId, kind, code: this.fails };
      const signed = { xml: `<!--${documentId}-->${xml}`, sha256: 'cd'.repeat(32) };
      return {
        ok: true,
        documentId,
        kind,
        ...signed,
        codigoSeguridad: 'abc',
        certificateId: newId(),
      };
    });
  }

  override async activeThumbprint(): Promise<string> {
    return 'ef'.repeat(32);
  }
}

/** DGII as far as voids go: answers what it is told, and keeps what it was sent. */
export class FakeDgii {
  readonly sent: string[] = [];
  answers: (DgiiVoidOutcome | Error | Promise<DgiiVoidOutcome>)[] = [];

  async sendVoids(_party: unknown, items: readonly { readonly xml: string }[]) {
    this.sent.push(...items.map(({ xml }) => xml));
    const answer = this.answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('not told');
    return [await answer];
  }
}

export function sequencesUnderTest(database: TestDatabase) {
  const { tenantDb, batchDb, pools } = database;
  const clock = new FakeClock(NOW);
  const audit = new AuditLog(clock);
  const cursors = new CursorCodec(pools);
  const voids = new VoidsRepository();
  const store = new SequenceWatchStore(pools);
  const create = new CreateVoidRequest(tenantDb, voids, new VoidNumbersRepository(), audit, clock);
  const sign = new FakeSign();
  const dgii = new FakeDgii();
  const writer = new AcceptWriter(batchDb);
  const teller = new SequenceTeller(tenantDb, audit, new Outbox());
  return {
    clock,
    sign,
    dgii,
    store,
    writer,
    sequences: new SequencesService(tenantDb, new SequencesRepository(), audit, cursors),
    gaps: new GapsService(tenantDb, new GapsRepository(), cursors, clock),
    forecast: new ForecastService(tenantDb, new ForecastRepository(), clock, config),
    watch: () => new SequenceWatch(store, teller, clock, config),
    voids: new VoidsService(tenantDb, voids, create, audit, cursors),
    drive: new DriveVoid(
      new VoidSteps(tenantDb, voids, audit, new Outbox()),
      sign,
      dgii as unknown as DgiiGateway,
      config,
    ),
  };
}

/** Types of the alerts that wait to be told of a tenant, oldest first. */
export async function alertsOf(database: TestDatabase, { id }: TestTenant): Promise<string[]> {
  const { rows } = await database.pools.query<{ type: string }>(
    'relay',
    `SELECT payload ->> 'type' AS type FROM outbox WHERE topic = 'alerts' AND tenant_id = $1
     ORDER BY id`,
    [id],
  );
  return rows.map(({ type }) => type);
}

export function row(tenant: TestTenant, overrides: Partial<AcceptRow> = {}): AcceptRow {
  return {
    ...{ tenantId: tenant.id, id: newId(), environment: tenant.environment, tipo: 31 },
    ...{ route: 'ecf', state: 'QUEUED', heldBy: null, idempotencyKey: randomUUID() },
    ...{ externalRef: null, bodySha256: 'ab'.repeat(32), branch: null, corrects: null },
    ...{ generation: 1, statedEncf: null, statedExpiry: null, issuerRnc: tenant.rnc },
    ...{ buyerRnc: null, buyerName: null, montoTotal: '1180.00', fechaEmision: TODAY },
    ...{ fechaHoraFirma: '10-03-2026 10:00:00', artefactMonth: MONTH, today: TODAY },
    ...{ xmlHead: '<a>', xmlMiddle: '<b>', xmlTail: '<c>', findings: [], actor: 'test' },
    ...{ eventId: newId(), handOver: true, nextAttemptInMs: 30_000 },
    ...overrides,
  };
}

export const shown = (outcome: AcceptOutcome | undefined): string =>
  outcome?.kind === 'accepted' ? outcome.encf : (outcome?.kind ?? 'nothing');

/** Leaves documents of these numbers as DGII's verdict or a void would. */
export async function become(
  database: TestDatabase,
  tenant: TestTenant,
  encfs: readonly string[],
  data: { readonly state: string; readonly secuenciaUtilizada?: boolean | null },
): Promise<void> {
  await database.tenantDb.run(tenant, (tx) =>
    tx.document.updateMany({
      where: { encf: { in: [...encfs] } },
      data: { nextAttemptAt: null, ...data },
    }),
  );
}
