import type { Verdict } from '../state/verdict.js';

/** What a magic value does to a document that is in order otherwise. */
export interface Magic {
  readonly verdict?: Verdict;
  /** Result queries that answer En Proceso first. */
  readonly polls?: number;
}

const FORCED = 'Resultado forzado por el valor de prueba del simulador.';

const rejected = (secuenciaUtilizada: boolean): Magic => ({
  verdict: { codigo: '2', mensajes: [{ codigo: '0', valor: FORCED }], secuenciaUtilizada },
});
const conditional: Magic = {
  verdict: { codigo: '4', mensajes: [{ codigo: '0', valor: FORCED }], secuenciaUtilizada: true },
};
const slow: Magic = { polls: 5 };

/** RNCs that no taxpayer has; their check digits are right. */
export const MAGIC_BUYERS: Readonly<Record<string, Magic>> = {
  '999000012': rejected(true),
  '999000022': rejected(false),
  '999000039': conditional,
  '999000047': slow,
};

/** For types without a buyer: totals nobody meets by chance. */
export const MAGIC_AMOUNTS: Readonly<Record<string, Magic>> = {
  '222002.21': rejected(true),
  '222002.22': rejected(false),
  '222004.44': conditional,
  '222003.33': slow,
};

export function magicOf(rncComprador: string | null, montoTotal: string): Magic | undefined {
  const byBuyer = rncComprador === null ? undefined : MAGIC_BUYERS[rncComprador];
  return byBuyer ?? MAGIC_AMOUNTS[montoTotal];
}
