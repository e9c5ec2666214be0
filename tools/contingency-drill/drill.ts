import { setTimeout as wait } from 'node:timers/promises';
import {
  isFinalState,
  type ContingencyResource,
  type DocumentResource,
  type DocumentState,
  type Environment,
} from '@getupnet/contracts';
import { LEGEND, arrivalFaults } from './checks.js';
import { DrillApi } from './drill-api.js';
import { Outage } from './outage.js';
import type { DrillTarget } from './target.js';

export interface DrillOptions {
  readonly environment: Environment;
  /** Issued once the outage has been noticed. */
  readonly documents: number;
  /** Longest wait for the contingency, and as long for the recovery. */
  readonly timeoutMs: number;
  /** Told of each step as it ends, and waited for. */
  readonly onStep?: (step: DrillStep) => void | Promise<void>;
  /** Nothing more is issued then, and DGII is brought back. */
  readonly signal?: AbortSignal;
}

export interface DrillStep {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly found: string;
  readonly durationMs: number;
}

export interface DrilledDocument {
  readonly id: string;
  readonly encf: string;
  /** As DGII was away. */
  readonly during: DocumentState;
  readonly afterwards: DocumentState;
}

export interface DrillReport {
  readonly ok: boolean;
  readonly steps: readonly DrillStep[];
  readonly documents: readonly DrilledDocument[];
}

const POLL_MS = 500;
/** The first ones leave before anybody notices the outage. */
const MOST_PAIRS = 20;
const WITHOUT_LINK: ReadonlySet<string> = new Set(['CONTINGENCY', 'UNKNOWN']);

/** A step that found something wrong; the message, in Spanish, says what. */
class DrillFault extends Error {
  override name = 'DrillFault';
}

/** Takes DGII away, issues, brings it back, and holds what happened against what must. */
export async function drill(target: DrillTarget, options: DrillOptions): Promise<DrillReport> {
  const run = new DrillRun(new DrillApi(target), options);
  const steps = await run.all();
  return { ok: steps.every(({ ok }) => ok), steps, documents: run.documents };
}

class DrillRun {
  private readonly steps: DrillStep[] = [];
  private issued: DocumentResource[] = [];
  private final: DocumentResource[] = [];
  private readonly outage: Outage;

  constructor(
    private readonly api: DrillApi,
    private readonly options: DrillOptions,
  ) {
    this.outage = new Outage(api);
  }

  get documents(): DrilledDocument[] {
    return this.issued.map(({ id, encf, state }, at) => ({
      id,
      encf,
      during: state,
      afterwards: this.final[at]?.state ?? state,
    }));
  }

  /** In their order; after a fault nothing more is tried but bringing DGII back. */
  async all(): Promise<DrillStep[]> {
    const steps = [
      ['ready', 'Plataforma y simulador', () => this.ready()],
      ['cut', 'Corte de la DGII', () => this.cut()],
      ['noticed', 'Advertencia del corte', () => this.notice()],
      ['issued', 'Emisión sin conexión', () => this.issue()],
      ['marked', 'Leyenda en la representación impresa', () => this.marked()],
      ['logged', 'Registro y aviso a la DGII', () => this.logged()],
      ['restored', 'Regreso de la DGII', () => this.restore()],
      ['accepted', 'Aceptación', () => this.accepted()],
      ['order', 'Orden y una sola vez', () => this.order()],
      ['closed', 'Cierre de la contingencia', () => this.closed()],
    ] as const;
    try {
      for (const [id, title, work] of steps) {
        if (!(await this.step(id, title, work))) break;
      }
    } finally {
      const { ok, found } = await settled(() => this.restore());
      const left = 'sigue cortada; quítela con DELETE /_control/faults, o reinicie el simulador';
      if (!ok) {
        await this.step('repaired', 'Regreso de la DGII', () =>
          Promise.reject(new DrillFault(`${left} (${found})`)),
        );
      }
    }
    return this.steps;
  }

  /** Does one step and tells of it; answers whether it went well. */
  private async step(id: string, title: string, work: () => Promise<string>): Promise<boolean> {
    const startedMs = performance.now();
    const { ok, found } = await settled(work);
    const durationMs = Math.round(performance.now() - startedMs);
    const step = { id, title, ok, found, durationMs };
    this.steps.push(step);
    await this.options.onStep?.(step);
    return ok;
  }

  private goOn(): void {
    if (this.options.signal?.aborted) throw new DrillFault('interrumpido');
  }

  private async ready(): Promise<string> {
    await this.api.simulatorState();
    const open = (await this.episodes()).find(({ endedAt }) => endedAt === null);
    if (open) throw new DrillFault(`ya hay una contingencia abierta: ${open.id}`);
    return 'responden';
  }

  private async cut(): Promise<string> {
    const { environment } = this.options;
    this.goOn();
    await this.outage.begin(environment);
    return `el simulador no atiende ${environment}`;
  }

  /**
   * Invoices and summaries go different ways, and each is noticed to be down by its own failures. What
   * left before that is in doubt, and is asked about; it is part of the drill too.
   */
  private async notice(): Promise<string> {
    const endsAtMs = performance.now() + this.options.timeoutMs;
    for (let pair = 0; pair < MOST_PAIRS; pair += 1) {
      await this.emit(2);
      await this.until(endsAtMs, ({ state }) => WITHOUT_LINK.has(state));
      const ways = new Set(this.marks.map(({ tipo }) => tipo));
      if (ways.size === 2) {
        const inDoubt = this.issued.length - this.marks.length;
        return `la plataforma lo advirtió; ${inDoubt} quedaron en duda`;
      }
    }
    throw new DrillFault('ninguno entró en contingencia');
  }

  private async issue(): Promise<string> {
    const { documents, timeoutMs } = this.options;
    const before = this.marks.length;
    await this.emit(documents);
    await this.until(performance.now() + timeoutMs, ({ state }) => WITHOUT_LINK.has(state));
    const marked = this.marks.length - before;
    if (marked < documents) throw new DrillFault(`${documents - marked} no quedaron marcados`);
    return `${marked} emitidos en contingencia`;
  }

  private async emit(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      this.goOn();
      this.issued.push(await this.api.emit(bodyOf(this.issued.length)));
    }
  }

  private async marked(): Promise<string> {
    for (const document of this.marks) {
      if (!(await this.api.page(document)).includes(LEGEND)) {
        throw new DrillFault(`${document.encf} no lleva la leyenda de 72 horas`);
      }
      if (document.codigoSeguridad === null) throw new DrillFault(`${document.encf} sin firma`);
    }
    return `${this.marks.length} con leyenda, firma y código de seguridad`;
  }

  private async logged(): Promise<string> {
    const { id, documents } = await this.episode(({ endedAt }) => endedAt === null);
    // Others of the company may issue meanwhile.
    if (documents.waiting < this.marks.length) {
      throw new DrillFault(`el registro cuenta ${documents.waiting} por remitir`);
    }
    const notice = await this.api.notice(await this.episode((one) => one.id === id));
    if (!notice.includes('INICIO DE CONTINGENCIA')) throw new DrillFault('el aviso no lo dice');
    return `contingencia ${id}, plazo ${documents.sendBy ?? 'sin fecha'}`;
  }

  private async restore(): Promise<string> {
    await this.outage.end();
    return 'el simulador atiende otra vez';
  }

  private async accepted(): Promise<string> {
    const endsAtMs = performance.now() + this.options.timeoutMs;
    this.final = await this.look(endsAtMs, ({ state }) => isFinalState(state));
    const bad = this.final.filter(({ state }) => !/ACCEPTED$/.test(state));
    if (bad.length > 0) {
      throw new DrillFault(bad.map(({ encf, state }) => `${encf} ${state}`).join(', '));
    }
    return `${this.final.length} aceptados`;
  }

  private async order(): Promise<string> {
    const [first] = this.issued;
    if (first === undefined) throw new DrillFault('no se emitió ninguno');
    const rnc = /<RNCEmisor>(\d+)</.exec(await this.api.xml(first))?.[1] ?? '';
    const faults = arrivalFaults(await this.api.uploads(rnc), this.marks, this.issued);
    if (faults.length > 0) throw new DrillFault(faults.join('; '));
    return 'cada uno una vez, en el orden de su emisión';
  }

  private async closed(): Promise<string> {
    const { documents, endedAt } = await this.episode(
      ({ endedAt: end, documents: counts }) => end !== null && counts.waiting === 0,
    );
    if (documents.received < this.marks.length) {
      throw new DrillFault(`el registro cuenta ${documents.received} recibidos`);
    }
    const [first] = this.marks;
    if (first !== undefined && !(await this.api.page(first)).includes(LEGEND)) {
      throw new DrillFault(`${first.encf} perdió la leyenda`);
    }
    return `cerrada ${endedAt ?? ''}, ${documents.received} recibidos`;
  }

  private get marks(): DocumentResource[] {
    return this.issued.filter(({ state }) => state === 'CONTINGENCY');
  }

  private episodes(): Promise<readonly ContingencyResource[]> {
    return this.api.episodes();
  }

  /** The newest episode that is so; waits for it. */
  private async episode(
    isSo: (episode: ContingencyResource) => boolean,
  ): Promise<ContingencyResource> {
    const endsAtMs = performance.now() + this.options.timeoutMs;
    for (;;) {
      this.goOn();
      const found = (await this.episodes()).find(isSo);
      if (found !== undefined) return found;
      if (performance.now() > endsAtMs) throw new DrillFault('no consta en el registro');
      await wait(POLL_MS);
    }
  }

  /** Waits until each document is so, and keeps what they are then. */
  private async until(endsAtMs: number, isSo: (document: DocumentResource) => boolean) {
    this.issued = await this.look(endsAtMs, isSo);
  }

  /** The documents as they are once each is so. */
  private async look(
    endsAtMs: number,
    isSo: (document: DocumentResource) => boolean,
  ): Promise<DocumentResource[]> {
    for (;;) {
      this.goOn();
      const now: DocumentResource[] = [];
      for (const { id } of this.issued) now.push(await this.api.document(id));
      if (now.every(isSo)) return now;
      if (performance.now() > endsAtMs) {
        const states = now.map(({ encf, state }) => `${encf} ${state}`).join(', ');
        throw new DrillFault(`se agotó el tiempo: ${states}`);
      }
      await wait(POLL_MS);
    }
  }
}

async function settled(work: () => Promise<string>): Promise<{ ok: boolean; found: string }> {
  try {
    return { ok: true, found: await work() };
  } catch (error) {
    return { ok: false, found: error instanceof Error ? error.message : String(error) };
  }
}

/** Invoices with a buyer and small consumer's ones in turn: both ways to DGII are drilled. */
function bodyOf(at: number): object {
  const line = { NombreItem: `Simulacro ${at + 1}`, CantidadItem: 1, PrecioUnitarioItem: '100.00' };
  const buyer = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente del simulacro' };
  const consumer = at % 2 === 1;
  return {
    ECF: {
      Encabezado: {
        IdDoc: { TipoeCF: consumer ? '32' : '31' },
        ...(consumer ? {} : { Comprador: buyer }),
      },
      DetallesItems: { Item: [{ ...line, IndicadorFacturacion: consumer ? 4 : 1 }] },
    },
  };
}
