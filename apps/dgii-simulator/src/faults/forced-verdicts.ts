import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { z } from 'zod';
import type { ControlRecord } from '../state/control-record.js';
import type { LedgerEntry } from '../state/ledger.js';
import type { Verdict } from '../state/verdict.js';

/** A verdict given beforehand to a document that is in order; what the control API takes. */
export const forcedVerdictSchema = z.strictObject({
  encf: z.string().length(13),
  rnc: z.string().max(11).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  codigo: z.enum(['1', '2', '4']),
  /** Only for a rejection; default true. */
  secuenciaUtilizada: z.boolean().optional(),
  mensajes: z.array(z.strictObject({ codigo: z.string(), valor: z.string() })).optional(),
  /** How many deliveries it decides. Default 1. */
  times: z.int().min(1).optional(),
});
export type ForcedVerdict = z.infer<typeof forcedVerdictSchema>;

const FORCED_REJECTION = [
  { codigo: '0', valor: 'Rechazado por el simulador a petición del operador.' },
];
const NO_MESSAGE = [{ codigo: '0', valor: '' }];

interface Decree {
  readonly id: number;
  readonly rule: ForcedVerdict;
  left: number;
}

/** Verdicts given beforehand, in the order they were given. */
export class ForcedVerdicts {
  private forced: Decree[] = [];
  private nextId = 1;

  constructor(private readonly journal: (record: ControlRecord) => void = () => undefined) {}

  add(verdict: ForcedVerdict): void {
    const record = { action: 'verdict-set', id: this.nextId, verdict } as const;
    this.restore(record);
    this.journal(record);
  }

  clear(): void {
    if (this.forced.length === 0) return;
    this.forced = [];
    this.journal({ action: 'verdicts-cleared' });
  }

  list(): readonly ForcedVerdict[] {
    return this.forced.map(({ rule }) => rule);
  }

  /** Puts back what a line of the ledger says. */
  replay({ control }: LedgerEntry): void {
    if (control !== undefined) this.restore(control);
  }

  private restore(record: ControlRecord): void {
    if (record.action === 'verdicts-cleared') this.forced = [];
    if (record.action === 'verdict-used') this.use(record.id);
    if (record.action !== 'verdict-set') return;
    const { id, verdict } = record;
    this.nextId = id + 1;
    this.forced.push({ id, rule: verdict, left: verdict.times ?? 1 });
  }

  take(environment: Environment, rnc: string, encf: string): Verdict | undefined {
    if (this.forced.length === 0) return undefined;
    const found = this.forced.find(
      ({ rule }) =>
        rule.encf === encf &&
        (rule.rnc ?? rnc) === rnc &&
        (rule.environment ?? environment) === environment,
    );
    if (found === undefined) return undefined;
    this.use(found.id);
    this.journal({ action: 'verdict-used', id: found.id });
    const { codigo, mensajes, secuenciaUtilizada } = found.rule;
    return {
      codigo,
      mensajes: mensajes ?? (codigo === '2' ? FORCED_REJECTION : NO_MESSAGE),
      secuenciaUtilizada: codigo !== '2' || (secuenciaUtilizada ?? true),
    };
  }

  private use(id: number): void {
    for (const decree of this.forced) if (decree.id === id) decree.left -= 1;
    this.forced = this.forced.filter(({ left }) => left > 0);
  }
}
