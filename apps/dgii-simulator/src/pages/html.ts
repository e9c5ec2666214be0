import { escapeMarkup } from '../http/answer.js';

/** Markup that is safe to send: made by `html` alone, so every text in it was escaped. */
export class Markup {
  /** @internal */
  constructor(readonly text: string) {}
}

export type HtmlValue = Markup | string | number | null | undefined | readonly HtmlValue[];

/** Puts values into markup: texts escaped, markup as it is, lists joined, nothing for nothing. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  let text = literals[0] ?? '';
  values.forEach((value, index) => {
    text += rendered(value) + (literals[index + 1] ?? '');
  });
  return new Markup(text);
}

function rendered(value: HtmlValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  return value.map(rendered).join('');
}

/** An attribute without a value, when it applies. */
export const flag = (name: 'hidden' | 'disabled' | 'required' | 'selected', on: boolean): Markup =>
  new Markup(on ? ` ${name}` : '');
