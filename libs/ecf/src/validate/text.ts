import type { Findings } from '../findings/finding.js';
import { illegalAt } from '../xml/text.js';

/** Plain Latin text without the letters that decoding faults leave behind needs no second look. */
const UNSUSPICIOUS = /^[!-~¡-ÁÄ-ÿ](?:[\t\n\r -~¡-ÁÄ-ÿ]*[!-~¡-ÁÄ-ÿ])?$/;

/** Characters that are right by themselves and suspicious among letters. */
const DOUBTFUL = /[?&¡-¥]/;

export const isPlainText = (text: string): boolean =>
  UNSUSPICIOUS.test(text) && !(DOUBTFUL.test(text) && (isMojibake(text) || ENTITY.test(text)));

/**
 * UTF-8 read as Windows-1252 shows Ã or Â before a character of the upper half; U+FFFD stands for
 * bytes that were no UTF-8 at all.
 */
const MOJIBAKE =
  /Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]|Â[\u0080-\u00bf]|\ufffd/;

/** CP437 read as Windows-1252 puts ¤ ¥ ¢ £ ¡ for ñ Ñ ó ú í; ASCII has a question mark for them all. */
const WRONG_LETTER = /\p{L}(?:[¡-¥\u0080-\u009f]|\?(?!\S*=))\p{L}/u;

const isMojibake = (text: string): boolean => MOJIBAKE.test(text) || WRONG_LETTER.test(text);

/** Text that was escaped for HTML or XML before it came here. */
const ENTITY =
  /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,6}|[a-z](?:acute|tilde|uml|grave|circ|cedil));/i;

/** What is wrong or strange about a text as such, whatever the field. */
export function checkText(text: string, field: string, path: string, findings: Findings): void {
  const illegal = illegalAt(text);
  if (illegal >= 0) {
    const code = text.charCodeAt(illegal).toString(16).toUpperCase().padStart(4, '0');
    findings.add('ECF-TXT-01', path, { field, character: `U+${code}`, position: illegal + 1 });
  }
  if (isMojibake(text)) {
    findings.add('ECF-TXT-02', path, { field, value: text.slice(0, 60) });
  }
  if (ENTITY.test(text)) findings.add('ECF-TXT-04', path, { field, value: text.slice(0, 60) });
  if (/^\s|\s$/.test(text)) findings.add('ECF-TXT-03', path, { field });
}
