import { isoDateOf } from '@getupnet/kernel';
import type { CertificateFacts } from '@getupnet/xmldsig';
import { sequenceOf, type EnvironmentSettings } from '../options.js';
import { mayActFor } from './delegation.js';
import type { DocumentStore } from '../state/document-store.js';
import type { Verdict } from '../state/verdict.js';
import type { Hearing } from './judge.js';
import { REJECTIONS } from './rejections.data.js';

/** What decides whether a document may be looked at: who signed, for whom, with which number. */
export interface Petition {
  readonly tipo: string;
  readonly rnc: string;
  readonly encf: string;
  readonly fechaEmision: string;
  readonly fechaVencimientoSecuencia: string | undefined;
  /** Absent in an RFCE. */
  readonly fechaHoraFirma: string | undefined;
  readonly signer: CertificateFacts;
}

/** Clocks differ; DGII does not say by how much they may. */
const CLOCK_SKEW_MS = 60_000;
const NO_EXPIRY: ReadonlySet<string> = new Set(['32', '34']);

/** First reason not to look at the content, in DGII's order, or undefined. */
export function inadmissible(
  petition: Petition,
  hearing: Hearing,
  settings: EnvironmentSettings,
  store: DocumentStore,
): Verdict | undefined {
  const { rnc, encf } = petition;
  if (!mayActFor(rnc, petition.signer.holder?.id, settings)) return REJECTIONS.notDelegated;
  if (settings.unknownIssuers.has(rnc)) return REJECTIONS.unknownIssuer;
  if (settings.inactiveIssuers.has(rnc)) return REJECTIONS.inactiveIssuer;
  if (settings.notElectronicIssuers.has(rnc)) return REJECTIONS.notElectronic;
  if (!isAuthorised(petition, settings)) return REJECTIONS.notAuthorised;
  const expiry = expiryProblem(petition, hearing, settings);
  if (expiry !== undefined) return expiry;
  if (store.isUsed(hearing.environment, rnc, encf)) return REJECTIONS.alreadyUsed;
  if (store.isVoided(hearing.environment, rnc, encf)) return REJECTIONS.voided;
  if (isSignedInFuture(petition.fechaHoraFirma, hearing.now)) return REJECTIONS.signedInFuture;
  return isBeforeStart(petition, settings) ? REJECTIONS.issuedBeforeStart : undefined;
}

/** `E` + type + ten digits, inside the sequence of that type. */
function isAuthorised({ tipo, encf }: Petition, settings: EnvironmentSettings): boolean {
  const digits = /^E(\d{2})(\d{10})$/.exec(encf);
  if (digits === null || digits[1] !== tipo) return false;
  const sequence = sequenceOf(settings, tipo);
  const number = Number(digits[2]);
  return number >= sequence.first && number <= sequence.last;
}

/** Types 32 and 34 have no expiry (Formato e-CF V1.0, p. 7). */
function expiryProblem(
  { tipo, fechaVencimientoSecuencia: stated }: Petition,
  hearing: Hearing,
  settings: EnvironmentSettings,
): Verdict | undefined {
  if (NO_EXPIRY.has(tipo)) return undefined;
  const authorised = isoDateOf(settings.fechaVencimientoSecuencia);
  if (stated !== undefined && isoDateOf(stated.trim()) !== authorised) {
    return REJECTIONS.expiryDiffers;
  }
  const endsAtMs = Date.parse(`${authorised}T23:59:59.999-04:00`);
  return hearing.now.getTime() > endsAtMs ? REJECTIONS.expired : undefined;
}

/** FechaEmision is not before the issuer became an electronic one. */
function isBeforeStart({ rnc, fechaEmision }: Petition, settings: EnvironmentSettings): boolean {
  const { electronicSince } = settings;
  const since = Object.hasOwn(electronicSince, rnc) ? electronicSince[rnc] : undefined;
  return since !== undefined && isoDateOf(fechaEmision.trim()) < isoDateOf(since);
}

/** FechaHoraFirma may not lie ahead of DGII's clock (Formato e-CF V1.0, p. 59). */
function isSignedInFuture(fechaHoraFirma: string | undefined, now: Date): boolean {
  if (fechaHoraFirma === undefined) return false;
  const [date = '', time = ''] = fechaHoraFirma.trim().split(/\s+/);
  const signedAtMs = Date.parse(`${isoDateOf(date)}T${time.padStart(8, '0')}-04:00`);
  return signedAtMs > now.getTime() + CLOCK_SKEW_MS;
}
