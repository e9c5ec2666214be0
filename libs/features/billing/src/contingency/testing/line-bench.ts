import { createHash, randomUUID } from 'node:crypto';
import type {
  DgiiGateway,
  DgiiSendItem,
  DgiiSendOutcome,
  DocumentState,
} from '@getupnet/contracts';
import { newId, type Clock } from '@getupnet/kernel';
import {
  AuditLog,
  ContingencyStore,
  EmissionReader,
  Outbox,
  TransitionWriter,
  type BatchDb,
  type Pools,
  type TenantDb,
} from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { DocumentSteps } from '../../emission/document-steps.js';
import { PollStage } from '../../emission/poll-stage.js';
import { SendStage } from '../../emission/send-stage.js';
import { Stints } from '../../emission/stint.js';
import { VerdictRecorder } from '../../emission/verdict-recorder.js';
import { DriveLine } from '../drive-line.use-case.js';
import { Episodes } from '../episodes.js';
import { LinkWatch } from '../link-watch.js';
import { WaitSteps } from '../wait-steps.js';

const SETTINGS = {
  BILLING_LEASE_MS: 45_000,
  BILLING_HAND_OVER_MS: 30_000,
  BILLING_IN_FLIGHT_WINDOW_MS: 60_000,
  BILLING_FIRST_POLL_MS: 1,
  BILLING_POLL_MS: 1_000,
  BILLING_CONTINGENCY_AFTER_MS: 60_000,
};
const config = { get: () => SETTINGS } as unknown as Config;
const ACCEPTED = {
  ...{ codigo: '1', estado: 'Aceptado', status: 'ACCEPTED', mensajes: [] },
  ...{ secuenciaUtilizada: true, fechaRecepcion: null },
} as const;

/** DGII as a test wants it: what it answers to a document, and what it was sent, in order. */
export class ScriptedDgii {
  readonly sent: string[] = [];
  answer: (item: DgiiSendItem) => DgiiSendOutcome = () => ({
    kind: 'received',
    trackId: 'track-1',
  });

  down(reason = 'maintenance'): void {
    this.answer = () => ({ kind: 'unavailable', reason, retryAfterMs: 60_000 });
  }

  up(): void {
    this.answer = () => ({ kind: 'received', trackId: randomUUID() });
  }

  readonly gateway = {
    send: (_party: unknown, items: readonly DgiiSendItem[]) => {
      this.sent.push(...items.map(({ encf }) => encf));
      return Promise.resolve(items.map((item) => this.answer(item)));
    },
    results: (_party: unknown, items: readonly unknown[]) =>
      Promise.resolve(items.map(() => ({ kind: 'verdict', verdict: ACCEPTED }))),
  } as unknown as DgiiGateway;
}

/** What a bench needs of a test's database. */
interface Databases {
  readonly pools: Pools;
  readonly batchDb: BatchDb;
  readonly tenantDb: TenantDb;
}

interface Taxpayer {
  readonly id: string;
  readonly tenantId: string;
  readonly rnc: string;
  readonly ranges: Readonly<Record<string, string>>;
}

/** The stages of emission that a line needs, on a real database and a scripted DGII. */
export class LineBench {
  readonly dgii = new ScriptedDgii();
  readonly store: ContingencyStore;
  readonly reader: EmissionReader;
  readonly links: LinkWatch;
  readonly episodes: Episodes;
  readonly send: SendStage;
  readonly stints: Stints;
  readonly lines: DriveLine;
  readonly #writer: TransitionWriter;

  constructor(
    private readonly database: Databases,
    private readonly clock: Clock,
  ) {
    const { pools, batchDb, tenantDb } = database;
    this.links = new LinkWatch(clock, config);
    this.stints = new Stints(clock, config);
    this.store = new ContingencyStore(pools);
    this.reader = new EmissionReader(batchDb);
    this.#writer = new TransitionWriter(batchDb);
    const steps = new DocumentSteps(this.#writer, config);
    const audit = new AuditLog(clock);
    this.episodes = new Episodes(tenantDb, audit, new Outbox(), clock);
    const verdicts = new VerdictRecorder(steps, this.reader);
    const polls = new PollStage(this.dgii.gateway, steps, verdicts, config);
    const waits = new WaitSteps(this.links, this.episodes, config);
    this.send = new SendStage(this.dgii.gateway, steps, polls, verdicts, waits);
    const { store, reader, send, episodes, stints } = this;
    this.lines = new DriveLine(store, reader, send, episodes, stints);
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.onApplicationShutdown(), this.reader.onApplicationShutdown()]);
  }

  /** A signed document of a tenant, as the stage before leaves it. */
  async signed(
    tenant: Taxpayer,
    number: number,
    { tipo = 31, route = 'ecf', state = 'SIGNED' as DocumentState } = {},
  ): Promise<string> {
    const id = newId();
    const body = `<ECF>${number}</ECF>`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    const encf = `E${tipo}${String(number).padStart(10, '0')}`;
    const artefactMonth = new Date('2026-03-01');
    const kinds = route === 'rfce' ? ['signed', 'rfce'] : ['signed'];
    await this.database.tenantDb.run(tenant, async (tx) => {
      await tx.document.createMany({
        data: [
          {
            ...{ tenantId: tenant.id, id, environment: 'testecf', tipo, encf, state, route },
            ...{ rangeId: tenant.ranges[String(tipo)] ?? '', idempotencyKey: randomUUID() },
            ...{ bodySha256: sha256, issuerRnc: tenant.rnc, montoTotal: '1.00', artefactMonth },
            ...{ fechaEmision: new Date('2026-03-10'), fechaHoraFirma: '-' },
            ...{ signedSha256: sha256, codigoSeguridad: 'abcdef', nextAttemptAt: this.clock.now() },
          },
        ],
      });
      await tx.artefact.createMany({
        data: kinds.map((kind) => ({
          ...{ tenantId: tenant.id, month: artefactMonth, documentId: id, kind, sha256, body },
        })),
      });
    });
    return id;
  }

  /** Tries to send documents, as the ordinary stage does. */
  async tryToSend(tenant: Taxpayer, ids: readonly string[]): Promise<void> {
    for (const documentId of ids) {
      const stint = this.stints.begin('test');
      const document = await this.reader.load({ tenantId: tenant.id, documentId });
      if (document === null) throw new Error(`${documentId} is not there`);
      await this.send.run(await this.send.intend([document], stint), stint);
    }
  }

  async states(tenant: Taxpayer, ids: readonly string[]): Promise<(DocumentState | undefined)[]> {
    const rows = await Promise.all(
      ids.map((documentId) => this.reader.load({ tenantId: tenant.id, documentId })),
    );
    return rows.map((row) => row?.state);
  }
}
