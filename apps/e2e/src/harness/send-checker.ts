import { isFinalState, type DocumentResource } from '@getupnet/contracts';
import type { LedgerEntry } from '@getupnet/dgii-simulator';

/** A document as the platform tells of it, and the digest of the bytes it says it sent. */
export interface Told {
  readonly rnc: string;
  readonly encf: string;
  readonly state: DocumentResource['state'];
  readonly sha256: string;
}

/** Numbers (`rnc encf`) with which something is wrong, by what it is. */
export interface Offences {
  /**
   * An upload of a number sent before, without DGII's word that it does not know it; in certification,
   * where it cannot be asked, before the in-flight window is over.
   */
  readonly blindResends: readonly string[];
  /** DGII accepted the number more than once. */
  readonly doubleAcceptances: readonly string[];
  /** DGII saw other bytes than those the platform holds. */
  readonly otherBytes: readonly string[];
  readonly notFinal: readonly string[];
  /** The platform tells another end than DGII decided. */
  readonly contradicted: readonly string[];
  /** Known to one of the two only. */
  readonly strangers: readonly string[];
}

/** How hard the run was. */
export interface Hardship {
  readonly documents: number;
  readonly uploads: number;
  readonly resends: number;
  readonly queries: number;
  /** Uploads by the fault that hit them; `none` for those that went well. */
  readonly byFault: Readonly<Record<string, number>>;
}

const RECEPTIONS: ReadonlySet<string> = new Set(['recepcion', 'recepcionfc']);
const QUERIES: ReadonlySet<string> = new Set([
  'consultatrackids',
  'consultaestado',
  'consultarfce',
]);
const ACCEPTING: ReadonlySet<string | null> = new Set(['1', '4']);
const UNAUTHORIZED = 401;
/** Clocks of the database and of the simulator, in whole milliseconds. */
const SLACK_MS = 5;

const arrival = (line: LedgerEntry): number => Date.parse(line.arrivedAt ?? line.time);
const isUpload = (line: LedgerEntry): boolean =>
  // A call without a good token is turned away at the door: nothing was uploaded.
  RECEPTIONS.has(line.service) && line.httpStatus !== UNAUTHORIZED;

/**
 * Holds what the platform says against DGII's ledger (INV-1, INV-3, INV-5). It knows nothing of how
 * the platform works: of each number it sees who arrived when, and what DGII answered.
 */
export function findOffences(
  lines: readonly LedgerEntry[],
  told: readonly Told[],
  windowMs: number,
): Offences {
  const byNumber = linesByNumber(lines);
  const ofTold = new Map(told.map((one) => [keyOf(one), one]));
  const numbers = [...byNumber].filter(([, own]) => own.some(isUpload));
  const named = (isOffence: (own: readonly LedgerEntry[], key: string) => boolean): string[] =>
    numbers.filter(([key, own]) => isOffence(own, key)).map(([key]) => key);
  return {
    blindResends: named((own) => isResentBlindly(own, windowMs)),
    doubleAcceptances: named((own) => accepted(own).length > 1),
    otherBytes: named((own, key) => {
      const ours = ofTold.get(key)?.sha256;
      return own.some((line) => isUpload(line) && line.sha256 !== ours);
    }),
    notFinal: told.filter(({ state }) => !isFinalState(state)).map(keyOf),
    contradicted: told.filter((one) => contradicts(one, byNumber.get(keyOf(one)) ?? [])).map(keyOf),
    strangers: [
      ...numbers.map(([key]) => key).filter((key) => !ofTold.has(key)),
      ...told.map(keyOf).filter((key) => !byNumber.has(key)),
    ],
  };
}

/** What the run went through, by the ledger alone. */
export function hardshipOf(lines: readonly LedgerEntry[]): Hardship {
  const uploads = lines.filter(isUpload);
  const byFault: Record<string, number> = {};
  for (const { fault } of uploads) byFault[fault ?? 'none'] = (byFault[fault ?? 'none'] ?? 0) + 1;
  const documents = new Set(uploads.map(keyOf)).size;
  return {
    documents,
    uploads: uploads.length,
    resends: uploads.length - documents,
    queries: lines.filter(({ service }) => QUERIES.has(service)).length,
    byFault,
  };
}

/** `own`: every line about one number, oldest first. */
function isResentBlindly(own: readonly LedgerEntry[], windowMs: number): boolean {
  const uploads = own.filter(isUpload).sort((a, b) => arrival(a) - arrival(b));
  return uploads.some((upload, at) => {
    const former = uploads[at - 1];
    if (!former) return false;
    if (upload.environment === 'certecf') {
      return arrival(upload) - arrival(former) < windowMs - SLACK_MS;
    }
    return !own.some(
      (line) =>
        QUERIES.has(line.service) &&
        arrival(line) >= arrival(former) &&
        Date.parse(line.time) <= arrival(upload) &&
        saysUnknown(line, own),
    );
  });
}

/** A query whose answer reached the caller, and was that DGII has nothing under the number. */
function saysUnknown(query: LedgerEntry, own: readonly LedgerEntry[]): boolean {
  const answered = query.processed && query.answer === 'delivered' && query.httpStatus === 200;
  const taken = own.filter((line) => isUpload(line) && line.processed && line.seq < query.seq);
  // The trackIds query lists what is not judged yet; the others show verdicts once they are visible.
  const shown = taken.filter(
    ({ visibleAt }) =>
      query.service === 'consultatrackids' || visibleAt === null || visibleAt <= query.time,
  );
  return answered && (query.fault === 'late' || shown.length === 0);
}

function contradicts({ state }: Told, own: readonly LedgerEntry[]): boolean {
  if (!isFinalState(state)) return false;
  const wasAccepted = accepted(own).length > 0;
  return (state === 'ACCEPTED' || state === 'CONDITIONALLY_ACCEPTED') !== wasAccepted;
}

function accepted(own: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return own.filter((line) => isUpload(line) && line.processed && ACCEPTING.has(line.codigo));
}

function linesByNumber(lines: readonly LedgerEntry[]): Map<string, LedgerEntry[]> {
  const byNumber = new Map<string, LedgerEntry[]>();
  for (const line of lines) {
    if (line.rnc === null || line.encf === null) continue;
    const key = keyOf(line);
    const own = byNumber.get(key);
    if (own) own.push(line);
    else byNumber.set(key, [line]);
  }
  return byNumber;
}

function keyOf({
  rnc,
  encf,
}: {
  readonly rnc: string | null;
  readonly encf: string | null;
}): string {
  return `${rnc} ${encf}`;
}
