import { Inject, Injectable, Logger } from '@nestjs/common';
import { isFinalState } from '@getupnet/contracts';
import { isAppError } from '@getupnet/kernel';
import { EmissionReader } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { AskStage } from './ask-stage.js';
import { DocumentSteps } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { HeldStage } from './held-stage.js';
import { PollStage } from './poll-stage.js';
import { SendStage } from './send-stage.js';
import { SignStage } from './sign-stage.js';

const DEPENDENCY_WAIT_MS = 2_000;
const FAULT_WAIT_MS = 60_000;

/** The stages of emission, in the order a document passes them. */
@Injectable()
export class Stages {
  constructor(
    readonly held: HeldStage,
    readonly sign: SignStage,
    readonly send: SendStage,
    readonly ask: AskStage,
    readonly poll: PollStage,
  ) {}
}

/**
 * Drives documents as far as they can go now, from whatever state the tables say they are in. Safe to
 * run twice, at once, or after a crash at any point: every step is fenced by state and epoch.
 */
@Injectable()
export class DriveDocuments {
  private readonly logger = new Logger(DriveDocuments.name);
  private readonly leaseMs: number;

  constructor(
    private readonly reader: EmissionReader,
    private readonly stages: Stages,
    private readonly steps: DocumentSteps,
    @Inject(Config) config: Config,
  ) {
    this.leaseMs = config.get(billingEnv).BILLING_LEASE_MS;
  }

  async run(tenantId: string, documentIds: readonly string[], actor: string): Promise<void> {
    const loaded = await Promise.all(
      documentIds.map((documentId) => this.reader.load({ tenantId, documentId })),
    );
    await this.advance(
      loaded.filter((item) => item !== null),
      actor,
    );
  }

  /** The same for documents already read; a stale one is fenced off like a late worker. */
  async advance(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    const open = documents.filter(
      (item) => !isFinalState(item.state) && !item.parked && !item.leased,
    );
    const released: EmissionDocument[] = [];
    await this.guarded(inState(open, 'HELD'), actor, async (docs) => {
      released.push(...(await this.stages.held.run(docs, actor)));
    });
    await Promise.all([
      this.guarded(inState(open, 'SUBMITTED'), actor, (docs) => this.stages.poll.run(docs, actor)),
      this.guarded([...inState(open, 'QUEUED'), ...released], actor, (docs) =>
        this.signAndSend(docs, actor),
      ),
      this.guarded(inState(open, 'SIGNED', 'CONTINGENCY', 'DEFERRED'), actor, (docs) =>
        this.send(docs, actor),
      ),
      this.guarded(inState(open, 'UNKNOWN', 'SENDING'), actor, (docs) =>
        this.askFirst(docs, actor),
      ),
    ]);
  }

  private async signAndSend(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    const intendedAt = performance.now();
    const closed = documents.filter((item) => this.stages.send.isClosedTo(item));
    const open = documents.filter((item) => !closed.includes(item));
    const [sending] = await Promise.all([
      this.stages.sign.run(open, actor, this.leaseMs),
      this.signOnly(closed, actor),
    ]);
    const overtaken = open.filter((item) => !sending.some(({ id }) => id === item.id));
    await Promise.all([
      this.stages.send.run(sending, actor, intendedAt),
      this.sendWhatAnotherSigned(overtaken, actor),
    ]);
  }

  /** Signed all the same, so that the buyer gets the document; it waits for its way to DGII. */
  private async signOnly(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    if (documents.length === 0) return;
    await this.send(await this.stages.sign.run(documents, actor), actor);
  }

  /** A request that waits for its verdict signs by itself and may be the faster one. */
  private async sendWhatAnotherSigned(
    documents: readonly EmissionDocument[],
    actor: string,
  ): Promise<void> {
    const now = await Promise.all(
      documents.map(({ tenantId, id }) => this.reader.load({ tenantId, documentId: id })),
    );
    await this.send(
      now.filter(
        (document) => document?.state === 'SIGNED' && !document.parked,
      ) as EmissionDocument[],
      actor,
    );
  }

  private async send(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    const intendedAt = performance.now();
    const sending = await this.stages.send.intend(documents, actor);
    await this.stages.send.run(sending, actor, intendedAt);
  }

  /** SENDING without a lease is a sender that died between its intent and the answer: UNKNOWN. */
  private async askFirst(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    const unknown = await Promise.all(
      documents.map((document) =>
        document.state === 'UNKNOWN'
          ? document
          : this.steps.apply(
              document,
              { through: ['UNKNOWN'], detail: { reason: 'sender stopped before an answer' } },
              actor,
            ),
      ),
    );
    const resend = await this.stages.ask.run(
      unknown.filter((document) => document !== null),
      actor,
    );
    await this.send(resend, actor);
  }

  /**
   * A service that is down, or a bug, makes documents wait and never fail; and one document's fault
   * is its own: the others of the batch are tried without it. Trying again is safe, for whatever was
   * already committed moved the document's state or epoch on.
   */
  private async guarded(
    documents: readonly EmissionDocument[],
    actor: string,
    stage: (documents: readonly EmissionDocument[]) => Promise<void>,
  ): Promise<void> {
    if (documents.length === 0) return;
    try {
      await stage(documents);
    } catch (error) {
      const down = isAppError(error) && error.code.startsWith('dependency.');
      if (!down && documents.length > 1) {
        for (const document of documents) await this.guarded([document], actor, stage);
        return;
      }
      this.logger.error({ err: error, documents: documents.length, msg: 'documents wait' });
      const reason = isAppError(error) ? error.code : 'internal';
      const waitMs = down ? DEPENDENCY_WAIT_MS : FAULT_WAIT_MS;
      await Promise.all(documents.map((document) => this.wait(document, reason, waitMs, actor)));
    }
  }

  private async wait(
    document: EmissionDocument,
    lastError: string,
    nextAttemptInMs: number,
    actor: string,
  ): Promise<void> {
    await this.steps.apply(
      document,
      { through: [document.state], patch: { lastError }, nextAttemptInMs },
      actor,
    );
  }
}

function inState(
  documents: readonly EmissionDocument[],
  ...states: readonly EmissionDocument['state'][]
): EmissionDocument[] {
  return documents.filter((document) => states.includes(document.state));
}
