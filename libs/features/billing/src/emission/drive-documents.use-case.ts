import { Inject, Injectable, Logger } from '@nestjs/common';
import { isFinalState } from '@getupnet/contracts';
import { isAppError, isDependencyAway } from '@getupnet/kernel';
import { EmissionReader } from '@getupnet/persistence';
import { Config, logFailure } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { AskStage } from './ask-stage.js';
import { backOffMs } from './back-off.js';
import { DocumentSteps, type Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { HeldStage } from './held-stage.js';
import { PollStage } from './poll-stage.js';
import { SendStage } from './send-stage.js';
import { SignStage } from './sign-stage.js';
import { Stints, type Stint } from './stint.js';
import { isSuspect } from './trouble.js';

const DEPENDENCY_WAIT_MS = 2_000;

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
    private readonly stints: Stints,
    @Inject(Config) config: Config,
  ) {
    this.leaseMs = config.get(billingEnv).BILLING_LEASE_MS;
  }

  async run(tenantId: string, documentIds: readonly string[], actor: string): Promise<void> {
    const stint = this.stints.begin(actor);
    const documents = (await this.load(tenantId, documentIds)).filter(isFree);
    const suspects = documents.filter(isSuspect);
    await this.drive(
      documents.filter((document) => !suspects.includes(document)),
      stint,
    );
    await this.oneByOne(suspects, actor);
  }

  /** The same for a document already read; a stale one is fenced off like a late worker. */
  async advance(documents: readonly EmissionDocument[], actor: string): Promise<void> {
    await this.drive(documents.filter(isFree), this.stints.begin(actor));
  }

  /** One that cannot be read is its own misfortune; without the database nobody can be. */
  private async load(tenantId: string, documentIds: readonly string[]) {
    const loaded = await Promise.allSettled(
      documentIds.map((documentId) => this.reader.load({ tenantId, documentId })),
    );
    const documents: EmissionDocument[] = [];
    for (const [index, result] of loaded.entries()) {
      if (result.status === 'rejected') {
        if (isDown(result.reason)) throw result.reason;
        const documentId = documentIds[index];
        this.logger.error({ message: 'document not readable', documentId, err: result.reason });
      } else if (result.value) documents.push(result.value);
    }
    return documents;
  }

  /**
   * Documents whose handling perhaps ended with its process: each alone, and its begin is committed
   * first. One that never gets beyond its begin becomes a dead letter; the others go on.
   */
  private async oneByOne(suspects: readonly EmissionDocument[], actor: string): Promise<void> {
    for (const suspect of suspects.toSorted((a, b) => a.starts - b.starts)) {
      const stint = this.stints.begin(actor);
      const begun = await this.steps.apply(
        suspect,
        {
          by: 'wait',
          through: [suspect.state],
          patch: { lastError: 'worker.lost' },
          trouble: 'start',
        },
        stint.actor,
      );
      if (!begun || begun.parked) continue;
      await this.drive([begun], stint);
      await this.survived(begun, actor);
    }
  }

  /** Its handling came to an end, if perhaps to nothing: whatever it is, its workers do not die of it. */
  private async survived(
    { tenantId, id: documentId }: EmissionDocument,
    actor: string,
  ): Promise<void> {
    const now = await this.reader.load({ tenantId, documentId });
    if (!now || now.starts === 0 || isFinalState(now.state)) return;
    await this.steps.apply(now, { by: 'wait', through: [now.state], trouble: 'none' }, actor);
  }

  private async drive(open: readonly EmissionDocument[], stint: Stint): Promise<void> {
    const released: EmissionDocument[] = [];
    await this.guarded(inState(open, 'HELD'), stint, async (docs) => {
      released.push(...(await this.stages.held.run(docs, stint)));
    });
    await Promise.all([
      this.guarded(inState(open, 'SUBMITTED'), stint, (docs) => this.stages.poll.run(docs, stint)),
      this.guarded([...inState(open, 'QUEUED'), ...released], stint, (docs) =>
        this.signAndSend(docs, stint),
      ),
      this.guarded(inState(open, 'SIGNED', 'DEFERRED'), stint, (docs) => this.send(docs, stint)),
      this.guarded(inState(open, 'CONTINGENCY'), stint, (docs) =>
        this.stages.send.leaveToLine(docs, stint),
      ),
      this.guarded(inState(open, 'UNKNOWN', 'SENDING'), stint, (docs) =>
        this.askFirst(docs, stint),
      ),
    ]);
  }

  private async signAndSend(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    const intended = stint.renewed();
    const closed = documents.filter((item) => this.stages.send.isClosedTo(item));
    const open = documents.filter((item) => !closed.includes(item));
    const [sending] = await Promise.all([
      this.stages.sign.run(open, stint, this.leaseMs),
      this.signOnly(closed, stint),
    ]);
    const overtaken = open.filter((item) => !sending.some(({ id }) => id === item.id));
    await Promise.all([
      this.stages.send.run(inState(sending, 'SENDING'), intended),
      this.sendWhatAnotherSigned(overtaken, stint),
    ]);
  }

  /** Signed all the same, so that the buyer gets the document; it waits for its way to DGII. */
  private async signOnly(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    if (documents.length === 0) return;
    const signed = await this.stages.sign.run(documents, stint);
    await this.send(inState(signed, 'SIGNED'), stint);
  }

  /** A request that waits for its verdict signs by itself and may be the faster one. */
  private async sendWhatAnotherSigned(
    documents: readonly EmissionDocument[],
    stint: Stint,
  ): Promise<void> {
    const now = await Promise.all(
      documents.map(({ tenantId, id }) => this.reader.load({ tenantId, documentId: id })),
    );
    await this.send(
      now.filter(
        (document) => document?.state === 'SIGNED' && !document.parked,
      ) as EmissionDocument[],
      stint,
    );
  }

  private async send(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    if (stint.isOver) return;
    const intended = stint.renewed();
    const sending = await this.stages.send.intend(documents, intended);
    await this.stages.send.run(sending, intended);
  }

  /** SENDING without a lease is a sender that died between its intent and the answer: UNKNOWN. */
  private async askFirst(documents: readonly EmissionDocument[], stint: Stint): Promise<void> {
    const unknown = await Promise.all(
      documents.map((document) =>
        document.state === 'UNKNOWN'
          ? document
          : this.steps.apply(
              document,
              {
                by: 'ask',
                through: ['UNKNOWN'],
                detail: { reason: 'sender stopped before an answer' },
              },
              stint.actor,
            ),
      ),
    );
    const resend = await this.stages.ask.run(
      unknown.filter((document) => document !== null),
      stint,
    );
    await this.send(resend, stint);
  }

  /**
   * A service that is down makes documents wait and never fail. A bug, or a document like no other, is
   * counted: after too many in a row it is a dead letter. One document's fault is its own: the others
   * of the batch are tried without it. Trying again is safe, for whatever was already committed moved
   * the document's state or epoch on.
   */
  private async guarded(
    documents: readonly EmissionDocument[],
    stint: Stint,
    stage: (documents: readonly EmissionDocument[]) => Promise<void>,
  ): Promise<void> {
    if (documents.length === 0) return;
    try {
      await stage(documents);
    } catch (error) {
      const down = isDown(error);
      if (!down && documents.length > 1) {
        for (const document of documents) await this.guarded([document], stint, stage);
        return;
      }
      logFailure(this.logger, error, { documents: documents.length, msg: 'documents wait' });
      const reason = isAppError(error) ? error.code : 'internal';
      await Promise.all(
        documents.map((document) =>
          down
            ? this.wait(document, reason, 'none', stint.actor)
            : this.wait(document, reason, 'fault', stint.actor),
        ),
      );
    }
  }

  /** What the failed stage had already moved on is read anew, so that its faults count too. */
  private async wait(
    document: EmissionDocument,
    lastError: string,
    trouble: 'fault' | 'none',
    actor: string,
  ): Promise<void> {
    const stepOf = ({ state, faults, leased }: EmissionDocument): Step => ({
      by: 'wait',
      through: [state],
      patch: { lastError },
      trouble,
      nextAttemptInMs: leased
        ? this.leaseMs
        : trouble === 'fault'
          ? backOffMs(faults + 1)
          : DEPENDENCY_WAIT_MS,
    });
    const put = await this.steps.apply(document, stepOf(document), actor);
    if (put !== null || trouble === 'none') return;
    const { tenantId, id: documentId } = document;
    const now = await this.reader.load({ tenantId, documentId });
    if (now && !isFinalState(now.state) && !now.parked) {
      await this.steps.apply(now, stepOf(now), actor);
    }
  }
}

/** Nobody else is at it, and nobody waits for a person. */
function isFree(document: EmissionDocument): boolean {
  return !isFinalState(document.state) && !document.parked && !document.leased;
}

/** A service is away, or there is no room to write: everybody’s trouble, and it passes. */
function isDown(error: unknown): boolean {
  return isDependencyAway(error) || isAppError(error, 'storage.full');
}

function inState(
  documents: readonly EmissionDocument[],
  ...states: readonly EmissionDocument['state'][]
): EmissionDocument[] {
  return documents.filter((document) => states.includes(document.state));
}
