import type { Cell } from '../sheets/columns.js';
import type { TestSetRows } from '../sheets/workbook.js';
import type { ExchangeLine, Exchange, PortalEvent, SimulatedDocument } from './events.js';
import { ExpectedRows } from './expected-rows.js';
import { logText } from './log-text.js';
import type { Registration, ServiceUrls } from './registration.js';
import {
  APPROVALS_GOAL,
  DATA_TEST_GOALS,
  PRINTED_KINDS,
  SIMULATION_GOALS,
  type DataTestKind,
  type PrintedKind,
  type Step,
} from './steps.data.js';

export type Estado = 'en-proceso' | 'autorizado' | 'anulado';

/** Lines of the log that are kept; the journal on the disk has all. */
const MAX_LOG_LINES = 200;

/** One applicant's way through the steps: what the events of its journal add up to. */
export class Postulation {
  step: Step = 1;
  estado: Estado = 'en-proceso';
  /** Data test that is being taken; undefined until it is downloaded, and after a reset. */
  set: ExpectedRows | undefined;
  attempts = 0;
  readonly passed: Record<DataTestKind, Set<string>> = {
    ecf: new Set(),
    rfce: new Set(),
    factura: new Set(),
  };
  approvals: ReadonlyMap<string, readonly Cell[]> | undefined;
  readonly approved = new Set<string>();
  readonly simulated = new Map<string, SimulatedDocument>();
  readonly printed = new Map<PrintedKind, number>();
  reviewProblems: readonly string[] = [];
  readonly urls: Partial<Record<'prueba' | 'produccion', ServiceUrls>> = {};
  readonly exchanges: Partial<Record<Exchange, readonly ExchangeLine[]>> = {};
  readonly log: { readonly time: string; readonly text: string }[] = [];
  /** Last number given out of each type, over all attempts. */
  readonly lastNumbers = new Map<string, number>();

  constructor(
    readonly registration: Registration,
    /** The unsigned paper of step 1. */
    readonly xml: string,
  ) {}

  get rnc(): string {
    return this.registration.rnc;
  }

  apply(event: PortalEvent, time: string): void {
    this.change(event);
    this.log.push({ time, text: logText(event) });
    if (this.log.length > MAX_LOG_LINES) this.log.shift();
    this.advance();
  }

  countOf(kind: keyof typeof SIMULATION_GOALS): number {
    return [...this.simulated.values()].filter((document) => document.kind === kind).length;
  }

  private change(event: PortalEvent): void {
    switch (event.type) {
      case 'registered':
        this.step = 2;
        break;
      case 'set':
        this.handOut(event.rows);
        break;
      case 'passed':
        this.passed[event.kind].add(event.encf);
        break;
      case 'restarted':
        this.set = undefined;
        for (const numbers of Object.values(this.passed)) numbers.clear();
        break;
      case 'approvals':
        this.approvals = new Map(event.rows.map((row) => [new Map(row).get('eNCF') ?? '', row]));
        break;
      case 'approved':
        this.approved.add(event.encf);
        break;
      case 'simulated':
        this.simulated.set(`${event.document.kind}|${event.document.encf}`, event.document);
        break;
      default:
        this.changeLater(event);
    }
  }

  /** Events of the steps after the documents. */
  private changeLater(event: PortalEvent): void {
    switch (event.type) {
      case 'printed':
        this.printed.set(event.kind, event.bytes);
        this.reviewProblems = [];
        break;
      case 'reviewed':
        this.reviewProblems = event.problems;
        this.step = event.problems.length === 0 ? 7 : 5;
        break;
      case 'urls':
        this.urls[event.phase] = event.urls;
        this.step = event.phase === 'prueba' ? 8 : 13;
        break;
      case 'sending':
        this.step = event.test === 'recepcion' ? 9 : 11;
        break;
      case 'exchanged':
        this.exchanged(event.test, event.log);
        break;
      case 'declared':
        this.step = 14;
        break;
      case 'verified':
        this.estado = 'autorizado';
        break;
      case 'moved':
        this.startAt(event.step);
        break;
      case 'cancelled':
        this.estado = 'anulado';
        break;
      default:
    }
  }

  private handOut(rows: TestSetRows): void {
    this.set = new ExpectedRows(rows);
    this.attempts += 1;
    for (const encf of this.set.encfs) {
      const tipo = encf.slice(1, 3);
      const number = Number(encf.slice(3));
      this.lastNumbers.set(tipo, Math.max(number, this.lastNumbers.get(tipo) ?? 0));
    }
  }

  /** What is counted from a step on is counted anew; its numbers are not given out again. */
  private startAt(step: Step): void {
    this.step = step;
    if (step <= 2) {
      this.set = undefined;
      for (const numbers of Object.values(this.passed)) numbers.clear();
    }
    if (step <= 3) {
      this.approvals = undefined;
      this.approved.clear();
    }
    if (step <= 4) this.simulated.clear();
    if (step <= 5) {
      this.printed.clear();
      this.reviewProblems = [];
    }
  }

  private exchanged(test: Exchange, log: readonly ExchangeLine[]): void {
    this.exchanges[test] = log;
    const ok = log.length > 0 && log.every(({ problem }) => problem === undefined);
    if (test === 'recepcion') this.step = ok ? 10 : 8;
    else this.step = ok ? 12 : 10;
  }

  /** Counters that are full end their step. */
  private advance(): void {
    const kinds = Object.keys(DATA_TEST_GOALS) as DataTestKind[];
    const isDataDone = kinds.every((kind) => this.passed[kind].size >= DATA_TEST_GOALS[kind]);
    if (this.step === 2 && isDataDone) this.step = 3;
    if (this.step === 3 && this.approved.size >= APPROVALS_GOAL) this.step = 4;
    const goals = Object.entries(SIMULATION_GOALS) as [keyof typeof SIMULATION_GOALS, number][];
    if (this.step === 4 && goals.every(([kind, goal]) => this.countOf(kind) >= goal)) {
      this.step = 5;
    }
    const isPrinted = PRINTED_KINDS.every((kind) => this.printed.has(kind));
    if (this.step === 5 && isPrinted && this.reviewProblems.length === 0) this.step = 6;
  }
}
