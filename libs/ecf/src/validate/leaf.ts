import type { FormatNode } from '../catalogue/formats.js';
import type { SimpleType } from '../catalogue/simple-types.data.js';
import type { Findings } from '../findings/finding.js';
import { dayNumber } from '../rules/dates.js';
import { money } from '../money.js';
import { xsdPattern } from './pattern.js';
import { checkText, isPlainText } from './text.js';

/** The compiled check of one leaf. */
export interface LeafCheck {
  /** Whether the text is beyond doubt; if not, `explain` has the last word. */
  ok(text: string): boolean;
  explain(text: string, path: string, findings: Findings): void;
}

/** Compiles the simple type of a leaf. */
export function compileLeaf(node: FormatNode, type: SimpleType): LeafCheck {
  return type.base === 'string' ? textCheck(node, type) : numberCheck(node, type);
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function codeFault(node: FormatNode, codes: readonly string[], value: string) {
  const list = codes.slice(0, 12).join(', ') + (codes.length > 12 ? '…' : '');
  const table = node.typeName.slice(1);
  return { field: node.name, value: shown(value), table, codes: list };
}

/** Length as XML Schema counts it: characters, not UTF-16 code units. */
const lengthOf = (text: string): number =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;

const FORMS: Readonly<Record<string, string>> = {
  date: 'dd-MM-aaaa',
  date20: 'dd-MM-aaaa',
  dateSpaced: 'dd-MM-aaaa',
  dateTime: 'dd-MM-aaaa HH:mm:ss',
  dateTimeAny: 'dd-MM-aaaa HH:mm:ss',
  encf: '13 letras o dígitos, como E310000000001',
  ncf: '11, 13 o 19 caracteres',
  phone: '809-555-0000',
  email: 'nombre@dominio.com',
  term: '1 a 15 letras, dígitos o espacios',
  letters20: 'solo letras, comas y espacios',
  letters60: 'solo letras, comas y espacios',
  word3: '3 letras, como FOB',
  word35: 'letras, sin dígitos',
  word60: 'letras, sin dígitos',
  code6: '6 caracteres',
};

/** The schemas let 31-02 pass; the calendar does not. */
const isRealDay = (text: string): boolean =>
  /^(?:0[1-9]|1\d|2[0-8])-/.test(text) || dayNumber(text.trim().slice(0, 10)) !== undefined;

function textCheck(node: FormatNode, type: SimpleType): LeafCheck {
  const { codes, minLength = 0, maxLength = Infinity } = type;
  const pattern = type.pattern === undefined ? undefined : xsdPattern(type.pattern);
  const allowed = codes && new Set(codes);
  const form = FORMS[node.typeName] ?? `de ${minLength} a ${maxLength} caracteres`;
  const isDate = node.typeName.startsWith('date');
  const isRnc = node.typeName === 'rnc';
  const fits = (text: string): boolean => {
    const length = lengthOf(text);
    return length >= minLength && length <= maxLength && (pattern?.test(text) ?? true);
  };
  const fault = (text: string, path: string, findings: Findings): void => {
    const field = node.name;
    const value = shown(text);
    if (text === '') findings.add('ECF-FMT-04', path, { field });
    else if (codes && !allowed?.has(text)) {
      findings.add('ECF-FMT-07', path, codeFault(node, codes, text));
    } else if (lengthOf(text) > maxLength) {
      findings.add('ECF-FMT-06', path, { field, length: lengthOf(text), max: maxLength });
    } else if (!fits(text)) {
      if (isRnc) findings.add('ECF-RNC-01', path, { field, value });
      else findings.add(isDate ? 'ECF-FMT-10' : 'ECF-FMT-11', path, { field, value, form });
    } else if (isDate && !isRealDay(text)) {
      findings.add('ECF-FEC-01', path, { field, value });
    }
  };
  return {
    ok: allowed
      ? (text) => allowed.has(text)
      : isDate
        ? (text) => fits(text) && isRealDay(text)
        : (text) => text !== '' && fits(text) && isPlainText(text),
    explain(text, path, findings) {
      fault(text, path, findings);
      if (!allowed && text !== '') checkText(text, node.name, path, findings);
    },
  };
}

const LEXICAL = {
  integer: /^[+-]?\d+$/,
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  dateTime: /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/,
} as const;

const STAMP = /^-?(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|[+-](\d\d):(\d\d))?$/;

/** Whether a text of the form of `xs:dateTime` names a moment (XML Schema 1.0, part 2, §3.2.7). */
function isMoment(text: string): boolean {
  const [, year = '', month = '', day = '', ...time] = STAMP.exec(text) ?? [];
  const [hour = 0, minute = 0, second = 0, fraction = 0, zoneHour = 0, zoneMinute = 0] = time.map(
    (digits = '0') => Number(digits),
  );
  // Years count from 1; a longer one has no zeros in front. Leap years repeat every 400.
  if (/^0+$/.test(year) || (year.length > 4 && year.startsWith('0'))) return false;
  const near = String(2000 + (Number(year.slice(-4)) % 400));
  if (dayNumber(`${day}-${month}-${near}`) === undefined) return false;
  const endOfDay = hour === 24 && minute + second + fraction === 0;
  const zone = zoneHour * 60 + zoneMinute;
  const inZone = zoneMinute < 60 && zone <= 14 * 60;
  return (hour < 24 || endOfDay) && minute < 60 && second < 60 && inZone;
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';

/** Without the white space of XML at its ends; a regular expression would look for it from everywhere. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSpace(text[from])) from++;
  while (to > from && isSpace(text[to - 1])) to--;
  return text.slice(from, to);
}

/** Digits of a number's value: without sign, leading zeros, trailing decimal zeros. */
function digitsOf(text: string): { integers: string; decimals: string } {
  const [integers = '', decimals = ''] = text.replace(/^[+-]/, '').split('.');
  let end = decimals.length;
  while (end > 0 && decimals.endsWith('0', end)) end--;
  return { integers: integers.replace(/^0+/, ''), decimals: decimals.slice(0, end) };
}

/** One spelling for equal numbers, so that codes compare by value. */
function valueOf(text: string): string {
  const { integers, decimals } = digitsOf(text);
  const sign = text.startsWith('-') && integers + decimals !== '' ? '-' : '';
  return `${sign}${integers || '0'}${decimals && `.${decimals}`}`;
}

function numberCheck(node: FormatNode, type: SimpleType): LeafCheck {
  const lexical = LEXICAL[type.base === 'string' ? 'decimal' : type.base];
  const pattern = type.pattern === undefined ? undefined : xsdPattern(type.pattern);
  const allowed = type.codes && new Set(type.codes.map(valueOf));
  const inRange = rangeCheck(type);
  const total = type.totalDigits ?? Infinity;
  const fraction = type.fractionDigits ?? Infinity;
  const wellFormed = (text: string): boolean => {
    if (!lexical.test(text) || !(pattern?.test(text) ?? true)) return false;
    if (type.base === 'dateTime') return isMoment(text);
    // The patterns see to the decimals; only long texts can have too many digits.
    if (text.length <= total) return true;
    const { integers, decimals } = digitsOf(text);
    return integers.length + decimals.length <= total && decimals.length <= fraction;
  };
  const spelled = new Set(type.codes);
  const direct = type.codes !== undefined && type.pattern === undefined;
  return {
    ok: direct
      ? (text) => spelled.has(text)
      : (text) => wellFormed(text) && (allowed?.has(valueOf(text)) ?? true) && inRange(text),
    explain(written, path, findings) {
      // Numbers collapse white space before anything is checked; libxml2 keeps it in a dateTime.
      const text = type.base === 'dateTime' ? written : trimmed(written);
      if (text !== written) findings.add('ECF-TXT-03', path, { field: node.name });
      if (text === '') findings.add('ECF-FMT-04', path, { field: node.name });
      else if (!wellFormed(text)) malformed(node, type, text, path, findings);
      else if (allowed && !allowed.has(valueOf(text))) {
        findings.add('ECF-FMT-07', path, codeFault(node, type.codes ?? [], text));
      } else if (!inRange(text)) {
        findings.add('ECF-FMT-09', path, {
          field: node.name,
          value: shown(text),
          range: rangeText(type),
        });
      }
    },
  };
}

function malformed(
  node: FormatNode,
  type: SimpleType,
  text: string,
  path: string,
  findings: Findings,
): void {
  const field = node.name;
  const value = shown(text);
  if (node.typeName.startsWith('rnc')) findings.add('ECF-RNC-01', path, { field, value });
  else if (type.codes) findings.add('ECF-FMT-07', path, codeFault(node, type.codes, text));
  else if (type.base === 'dateTime') {
    findings.add('ECF-FMT-10', path, { field, value, form: 'aaaa-MM-ddTHH:mm:ss' });
  } else if (/^-[\d.]+$/.test(text)) findings.add('ECF-FMT-14', path, { field, value });
  else {
    const decimals = type.fractionDigits ?? 0;
    const integers = (type.totalDigits ?? 18) - decimals;
    findings.add('ECF-FMT-08', path, { field, value, integers, decimals });
  }
}

function rangeCheck(type: SimpleType): (text: string) => boolean {
  const { minExclusive, minInclusive, maxInclusive } = type;
  if (minExclusive === undefined && minInclusive === undefined && maxInclusive === undefined) {
    return () => true;
  }
  if (minExclusive === '0' && maxInclusive === undefined) {
    return (text) => /[1-9]/.test(text) && !text.startsWith('-');
  }
  const above = money(minExclusive);
  const least = money(minInclusive);
  const most = money(maxInclusive);
  return (text) => {
    // More digits than any amount has, which may all be zeros in front.
    const value = money(text) ?? money(valueOf(text));
    if (value === undefined) return false;
    if (above !== undefined && value <= above) return false;
    if (least !== undefined && value < least) return false;
    return most === undefined || value <= most;
  };
}

function rangeText(type: SimpleType): string {
  const parts = [
    type.minExclusive !== undefined && `mayor que ${type.minExclusive}`,
    type.minInclusive !== undefined && `desde ${type.minInclusive}`,
    type.maxInclusive !== undefined && `hasta ${type.maxInclusive}`,
  ];
  return parts.filter(Boolean).join(' ');
}
