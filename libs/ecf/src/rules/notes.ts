import { dayNumber } from './dates.js';

/** From this many days on a credit note gives no ITBIS back (Reglamento 293-11, arts. 8, 28). */
export const ITBIS_REFUND_DAYS = 30;

/**
 * IndicadorNotaCredito of a type 34: `0` when the modified document is at most 30 calendar days
 * older than the note, `1` when more (Formato e-CF V1.0, p. 8).
 */
export function creditNoteIndicator(
  issued: string | undefined,
  modifiedIssued: string | undefined,
): '0' | '1' | undefined {
  const note = dayNumber(issued);
  const modified = dayNumber(modifiedIssued);
  if (note === undefined || modified === undefined) return undefined;
  return note - modified <= ITBIS_REFUND_DAYS ? '0' : '1';
}
