import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { z } from 'zod';
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

export class ForcedVerdicts {
  private forced: { readonly rule: ForcedVerdict; left: number }[] = [];

  add(rule: ForcedVerdict): void {
    this.forced.push({ rule, left: rule.times ?? 1 });
  }

  clear(): void {
    this.forced = [];
  }

  list(): readonly ForcedVerdict[] {
    return this.forced.map(({ rule }) => rule);
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
    found.left -= 1;
    if (found.left === 0) this.forced = this.forced.filter((other) => other !== found);
    const { codigo, mensajes, secuenciaUtilizada } = found.rule;
    return {
      codigo,
      mensajes: mensajes ?? (codigo === '2' ? FORCED_REJECTION : NO_MESSAGE),
      secuenciaUtilizada: codigo !== '2' || (secuenciaUtilizada ?? true),
    };
  }
}
