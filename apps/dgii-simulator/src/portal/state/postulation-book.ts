import { PortalProblem } from '../portal-problem.js';
import type { JournalLine, PortalEvent } from './events.js';
import { Journal } from './journal.js';
import { Postulation } from './postulation.js';
import { STEPS, type Step } from './steps.data.js';

interface BookParts {
  readonly path: string;
  readonly fsync: boolean;
  readonly now: () => Date;
}

/** Everybody who rehearses, by RNC; every change is an event in the journal. */
export class PostulationBook {
  private readonly byRnc = new Map<string, Postulation>();
  private readonly journal: Journal;

  constructor(private readonly parts: BookParts) {
    this.journal = Journal.open(parts.path, parts.fsync, (line) => {
      this.take(line);
    });
  }

  /** The postulation of an RNC that is under way; all that a document of anybody else costs. */
  active(rnc: string): Postulation | undefined {
    const postulation = this.byRnc.get(rnc);
    return postulation?.estado === 'en-proceso' ? postulation : undefined;
  }

  find(rnc: string): Postulation {
    const postulation = this.byRnc.get(rnc);
    if (postulation === undefined) throw new PortalProblem(`No hay postulación de ${rnc}.`, 404);
    return postulation;
  }

  has(rnc: string): boolean {
    return this.byRnc.has(rnc);
  }

  /** The same, when it is at one of these steps. */
  at(rnc: string, ...steps: readonly Step[]): Postulation {
    const postulation = this.find(rnc);
    if (postulation.estado !== 'en-proceso') {
      throw new PortalProblem(`La postulación de ${rnc} está ${postulation.estado}.`);
    }
    if (steps.includes(postulation.step)) return postulation;
    const { step } = postulation;
    throw new PortalProblem(`La postulación está en el paso ${step} (${STEPS[step]}).`);
  }

  all(): readonly Postulation[] {
    return [...this.byRnc.values()];
  }

  emit(rnc: string, event: PortalEvent): void {
    this.write({ time: this.parts.now().toISOString(), rnc, event });
  }

  /** Forgets everybody; the journal goes on. */
  clear(): void {
    if (this.byRnc.size > 0) this.write({ time: this.parts.now().toISOString(), cleared: true });
  }

  close(): void {
    this.journal.close();
  }

  private write(line: JournalLine): void {
    this.journal.append(line);
    this.take(line);
  }

  private take(line: JournalLine): void {
    if ('cleared' in line) {
      this.byRnc.clear();
      return;
    }
    const { rnc, event, time } = line;
    if (event.type === 'created') {
      this.byRnc.set(rnc, new Postulation(event.registration, event.xml));
    }
    this.find(rnc).apply(event, time);
  }
}
