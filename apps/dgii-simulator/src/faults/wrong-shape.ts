import { withValue, type Answer, type Value } from '../http/answer.js';
import type { Fault } from './fault.js';

type Shape = NonNullable<Extract<Fault, { kind: 'wrong-shape' }>['shape']>;

/** What a shape does to data, and to an answer that is markup. */
interface Reshaping {
  readonly value: (value: Value) => Value;
  readonly markup: (text: string) => string;
}

const DECLARATION = /^<\?xml[^>]*\?>|^<!DOCTYPE[^>]*>/;
/** Start of a start or end tag. */
const TAG = /<(\/?)(?=[A-Za-z])/g;
const TEXT = />[^<]+</g;

const RESHAPINGS: Readonly<Record<Shape, Reshaping>> = {
  array: {
    value: (value) => [value],
    markup: (text) => `<Lista>${text.replace(DECLARATION, '')}</Lista>`,
  },
  renamed: {
    value: renamed,
    markup: (text) => text.replace(TAG, '<$1campo'),
  },
  retyped: {
    value: retyped,
    markup: (text) => text.replace(TEXT, (found) => `>${2 - found.length}<`),
  },
  nested: {
    value: (value) => ({ data: value }),
    markup: (text) => `<data>${text.replace(DECLARATION, '')}</data>`,
  },
};

/** The answer with its content in a shape that no document of DGII describes. */
export function wronglyShaped(answer: Answer, shape: Shape = 'renamed'): Answer {
  const { value, markup } = RESHAPINGS[shape];
  if (answer.body.startsWith('<') && answer.data === undefined) {
    return { ...answer, body: markup(answer.body) };
  }
  return withValue(answer, value(valueOf(answer)));
}

/** Bare texts are JSON too; an empty answer counts as null. */
function valueOf({ data, body }: Answer): Value {
  if (data !== undefined) return data.value;
  return body === '' ? null : (JSON.parse(body) as Value);
}

function isRecord(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value?.constructor === Object;
}

function renamed(value: Value): Value {
  if (Array.isArray(value)) return value.map(renamed);
  if (!isRecord(value)) return { campo: value };
  const members = Object.entries(value).map(([key, item]) => [
    `campo${key}`,
    isRecord(item) || Array.isArray(item) ? renamed(item) : item,
  ]);
  return Object.fromEntries(members) as Value;
}

/** Numbers for texts, texts for numbers and flags; never by chance the right thing. */
function retyped(value: Value): Value {
  if (Array.isArray(value)) return value.map(retyped);
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, retyped(item)]));
  }
  return typeof value === 'string' ? -1 - value.length : 'x';
}
