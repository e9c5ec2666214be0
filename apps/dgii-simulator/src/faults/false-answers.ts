import { withValue, type Answer, type Value } from '../http/answer.js';
import { ESTADOS } from '../state/verdict.js';
import type { Fault } from './fault.js';

type Field = NonNullable<Extract<Fault, { kind: 'foreign' }>['field']>;

/** An RNC with right check digits that no taxpayer has. */
const FOREIGN_RNC = '999000063';

const FIELDS: Readonly<Record<string, Field>> = {
  rnc: 'rnc',
  rncemisor: 'rnc',
  encf: 'encf',
  ncfelectronico: 'encf',
  trackid: 'trackId',
};

const OTHERS: Readonly<Record<Field, (value: string) => string>> = {
  rnc: () => FOREIGN_RNC,
  encf: (value) => value.slice(0, -1) + String((Number(value.slice(-1)) + 1) % 10),
  trackId: (value) => (value.endsWith('0') ? `${value.slice(0, -1)}1` : `${value.slice(0, -1)}0`),
};

/** The answer with another taxpayer's or document's names; undefined when it names none. */
export function foreignAnswer(answer: Answer, field?: Field): Answer | undefined {
  return changed(answer, (key, value) => {
    const named = FIELDS[key.toLowerCase()];
    if (named === undefined || typeof value !== 'string') return undefined;
    return field === undefined || field === named ? OTHERS[named](value) : undefined;
  });
}

/** Final states that a query can tell, and what it tells instead. */
const FLIPPED: Readonly<Record<string, '1' | '2'>> = {
  aceptado: '2',
  'aceptado condicional': '2',
  rechazado: '1',
};

/** The answer with the other final state; undefined when it tells none. */
export function flippedAnswer(answer: Answer): Answer | undefined {
  const estado = estadoIn(answer.data?.value);
  const codigo = FLIPPED[estado.toLowerCase()];
  if (codigo === undefined) return undefined;
  return changed(answer, (key, value) => {
    if (key === 'estado') return ESTADOS[codigo];
    if (key === 'codigo') return typeof value === 'number' ? Number(codigo) : codigo;
    // The dangerous half of a change to Rechazado: "the number is free again".
    return key === 'secuenciaUtilizada' ? codigo === '1' : undefined;
  });
}

/** State of the answer itself, or of the first of a list; never of a message inside. */
function estadoIn(value: Value | undefined): string {
  const first = Array.isArray(value) ? (value as readonly Value[])[0] : value;
  return isRecord(first) && typeof first['estado'] === 'string' ? first['estado'] : '';
}

/** A reception with the trackId of another document, or each row of a list twice. */
export function repeatedTrackId(answer: Answer, before: string | undefined): Answer | undefined {
  const value = answer.data?.value;
  if (isList(value)) {
    return withValue(
      answer,
      value.flatMap((row) => [row, row]),
    );
  }
  if (before === undefined) return undefined;
  return changed(answer, (key) => (key === 'trackId' ? before : undefined));
}

/** Changes fields of the answer itself, or of each row of a list; undefined when none changed. */
function changed(
  answer: Answer,
  change: (key: string, value: Value) => Value | undefined,
): Answer | undefined {
  const value = answer.data?.value;
  let changes = 0;
  const row = (whole: Value): Value => {
    if (!isRecord(whole)) return whole;
    const members = Object.entries(whole).map(([key, item]) => {
      const other = change(key, item);
      if (other !== undefined) changes += 1;
      return [key, other ?? item];
    });
    return Object.fromEntries(members) as Value;
  };
  if (value === undefined) return undefined;
  const result = isList(value) ? value.map(row) : row(value);
  return changes === 0 ? undefined : withValue(answer, result);
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isRecord(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value?.constructor === Object;
}
