const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
/** A lone surrogate, or a control character: HTML has no way to write it. */
const UNWRITABLE = /(?![\t\n])\p{Cc}|\p{Cs}/gu;

/** A text as HTML shows it, between tags and inside quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character);
}

/** Markup that is known to be safe: nothing but {@link markup} makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

export const NOTHING = new Markup('');

type Part = string | Markup | readonly Markup[] | undefined;

/** A template whose values are escaped, unless they are markup made here too. */
export function markup(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const written = values.map((value) => {
    if (value === undefined) return '';
    if (typeof value === 'string') return escapeHtml(value);
    return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
  });
  return new Markup(String.raw({ raw: texts }, ...written));
}
