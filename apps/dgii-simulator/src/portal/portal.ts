import type { TrustCheck } from '@getupnet/xmldsig';
import { join } from 'node:path';
import type { Hearing, Judge, Judged } from '../judge/judge.js';
import type { ReceivedFile } from '../services/call.js';
import { progressOf, type Progress } from './progress.js';
import { PostulationBook } from './state/postulation-book.js';
import type { Step } from './state/steps.data.js';
import { ApprovalsTest } from './steps/approvals-test.js';
import { Communication, type CommunicationParts } from './steps/communication.js';
import { DataTest, type Sent } from './steps/data-test.js';
import { Papers } from './steps/papers.js';
import { Simulation } from './steps/simulation.js';

export interface PortalParts extends Omit<CommunicationParts, 'book'> {
  /** Where the journal lives. */
  readonly path: string;
  readonly fsync: boolean;
  readonly trust: TrustCheck;
}

const ENVIRONMENT = 'certecf';

/** DGII's certification portal, for rehearsal (Proceso de Certificación, July 2025). */
export class Portal {
  private readonly book: PostulationBook;
  readonly papers: Papers;
  readonly dataTest: DataTest;
  readonly approvals: ApprovalsTest;
  readonly simulation: Simulation;
  readonly communication: Communication;

  constructor(parts: PortalParts) {
    const { path, fsync, settings, trust } = parts;
    this.book = new PostulationBook({ path, fsync, now: () => settings.clock.now() });
    const documents = { ...parts, book: this.book };
    this.papers = new Papers({ book: this.book, settings, trust });
    this.dataTest = new DataTest(documents);
    this.approvals = new ApprovalsTest(documents);
    this.simulation = new Simulation(documents, this.dataTest);
    this.communication = new Communication(documents);
  }

  progress(rnc: string): Progress {
    return progressOf(this.book.find(rnc));
  }

  all(): readonly Progress[] {
    return this.book.all().map(progressOf);
  }

  /** The unsigned paper of step 1. */
  postulationXml(rnc: string): string {
    return this.book.find(rnc).xml;
  }

  /** Goes to any step, for rehearsing a part; what is counted from there on starts anew. */
  move(rnc: string, step: Step, reason: string): void {
    this.book.at(rnc, this.book.find(rnc).step);
    this.book.emit(rnc, { type: 'moved', step, reason });
  }

  cancel(rnc: string, reason: string): void {
    this.book.at(rnc, this.book.find(rnc).step);
    this.book.emit(rnc, { type: 'cancelled', reason });
  }

  /** The judge with the portal's ear: what an applicant sends counts, or is held against its row. */
  listen(judge: Judge): Judge {
    return {
      ecf: (hearing, file) => this.hear('ecf', hearing, file, judge.ecf(hearing, file)),
      rfce: (hearing, file) => this.hear('rfce', hearing, file, judge.rfce(hearing, file)),
    };
  }

  /** For whoever does not rehearse this is one look-up. */
  private hear(
    sent: Sent,
    hearing: Hearing,
    file: ReceivedFile,
    judged: Judged | undefined,
  ): Judged | undefined {
    if (judged === undefined || hearing.environment !== ENVIRONMENT) return judged;
    const postulation = this.book.active(judged.rnc);
    if (postulation === undefined) return judged;
    if (postulation.step === 2) {
      return this.dataTest.hear(postulation, sent, { judged, file, hearing });
    }
    if (postulation.step === 4) this.simulation.hear(postulation, sent, judged);
    return judged;
  }

  clear(): void {
    this.book.clear();
  }

  close(): void {
    this.book.close();
  }
}

/** The portal of a data directory, with what its journal tells of earlier. */
export function openPortal(
  dataDir: string,
  fsync: boolean | undefined,
  parts: Omit<PortalParts, 'path' | 'fsync'>,
): Portal {
  return new Portal({ ...parts, path: join(dataDir, 'portal.jsonl'), fsync: fsync ?? false });
}
