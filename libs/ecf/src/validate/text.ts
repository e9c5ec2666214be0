import type { Findings } from '../findings/finding.js';
import { illegalAt } from '../xml/text.js';

/** Plain Latin text without the letters that decoding faults leave behind needs no second look. */
const UNSUSPICIOUS = /^[!-~¡-ÁÄ-ÿ](?:[\t\n\r -~¡-ÁÄ-ÿ]*[!-~¡-ÁÄ-ÿ])?$/;

export const isPlainText = (text: string): boolean => UNSUSPICIOUS.test(text);

/**
 * UTF-8 read as Windows-1252 shows Ã or Â before a character of the upper half; U+FFFD stands for
 * bytes that were no UTF-8 at all.
 */
const MOJIBAKE = /Ã[\u0080-\u00bf\u0192\u201a-\u2122]|Â[\u0080-\u00bf]|\ufffd/;

/** What is wrong or strange about a text as such, whatever the field. */
export function checkText(text: string, field: string, path: string, findings: Findings): void {
  const illegal = illegalAt(text);
  if (illegal >= 0) {
    const code = text.charCodeAt(illegal).toString(16).toUpperCase().padStart(4, '0');
    findings.add('ECF-TXT-01', path, { field, character: `U+${code}`, position: illegal + 1 });
  }
  if (MOJIBAKE.test(text)) {
    findings.add('ECF-TXT-02', path, { field, value: text.slice(0, 60) });
  }
  if (/^\s|\s$/.test(text)) findings.add('ECF-TXT-03', path, { field });
}
