import type { EnvironmentSettings } from '../options.js';

/** Cédula or RNC of who signed, or of who holds the token. */
export type Holder = string | null | undefined;

/**
 * Whether a person may act for a taxpayer: for itself always, else as its delegate. A taxpayer
 * without a list takes anybody, unless the environment is strict.
 */
export function mayActFor(rnc: string, holder: Holder, settings: EnvironmentSettings): boolean {
  if (holder === rnc) return true;
  const delegates = Object.hasOwn(settings.delegates, rnc) ? settings.delegates[rnc] : undefined;
  if (delegates === undefined) return !settings.strictDelegation;
  return typeof holder === 'string' && delegates.includes(holder);
}

/** Whether nobody ever delegated anything to a person; only a strict environment knows. */
export function actsForNobody(holder: string, settings: EnvironmentSettings): boolean {
  if (!settings.strictDelegation || Object.hasOwn(settings.delegates, holder)) return false;
  return !Object.values(settings.delegates).some((delegates) => delegates.includes(holder));
}

/** DGII's words in queries, approvals and voids (Descripción Técnica v1.6, pp. 26, 29, 32). */
export const notDelegatedFor = (rnc: string): string =>
  `El RNC del certificado no está delegado para ${rnc}.`;
