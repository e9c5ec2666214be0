import type { Refusal } from '@getupnet/ecf';
import type { VoidVerdict } from '../judge/void-judge.js';
import type { DocumentFacts } from '../state/verdict.js';
import {
  MAGIC_AMOUNTS,
  MAGIC_APPROVALS,
  MAGIC_BUYERS,
  MAGIC_RECEIPTS,
  MAGIC_VOIDS,
  type Magic,
} from './magic.data.js';

type Told = Pick<DocumentFacts, 'rncComprador' | 'montoTotal'>;

/** What buyer or total force of a document that DGII receives. */
export function magicOf({ rncComprador, montoTotal }: Told): Magic | undefined {
  const byBuyer = rncComprador === null ? undefined : MAGIC_BUYERS[rncComprador];
  return byBuyer ?? MAGIC_AMOUNTS[montoTotal];
}

const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  MAGIC_RECEIPTS.flatMap(({ buyer, amount, refusal }) => [
    [buyer, refusal] as const,
    [amount, refusal] as const,
  ]),
);

/** Why the emisor-receptor is to refuse a document. */
export function magicRefusal({ rncComprador, montoTotal }: Told): Refusal | undefined {
  return REFUSALS.get(rncComprador ?? '') ?? REFUSALS.get(montoTotal);
}

/** With which text DGII is to refuse an approval that it would take. */
export function magicApprovalProblem(montoTotal: string): string | undefined {
  return MAGIC_APPROVALS[montoTotal];
}

/** The refusal of voids that DGII would make, or the verdict as it is. */
export function magicVoid(verdict: VoidVerdict): VoidVerdict {
  const text = MAGIC_VOIDS[String(verdict.voided[0]?.first)];
  return text === undefined ? verdict : { codigo: '2', mensajes: [text], voided: [] };
}
