import type { z } from 'zod';
import { flag, html, type Markup } from '../html.js';
import { formShape, type FormField, type FormVariant } from './form-fields.js';
import { CHOICE_TEXTS, FAULT_TEXTS, FIELD_HINTS, FIELD_TEXTS } from './texts.data.js';

interface FormOf {
  readonly id: string;
  /** Where the script posts what was filled in, as JSON. */
  readonly target: string;
  readonly button: string;
  readonly schema: z.ZodType;
}

/**
 * A form for what a route of the control API takes, made from the route's own schema. The API takes
 * JSON only, so a script sends it; only the fields of the chosen variant are shown and sent.
 */
export function schemaForm({ id, target, button, schema }: FormOf): Markup {
  const { key, variants, common } = formShape(schema);
  return html`<form id="${id}" data-post="${target}">
    ${key === undefined ? null : variantChoice(key, variants)}
    ${variants.map(
      (variant, index) =>
        html`<fieldset
          class="fields"
          data-variant="${variant.kind}"
          ${flag('hidden', index > 0)}
          ${flag('disabled', index > 0)}
        >
          <legend>${FAULT_TEXTS[variant.kind] ?? variant.hint ?? variant.kind}</legend>
          ${variant.fields.map((field) => input(id, field))}
        </fieldset>`,
    )}
    ${commonFields(id, common, variants.length > 0)}
    <p class="actions">
      <button>${button}</button>
      <output role="status"></output>
    </p>
    <noscript><p>Para cambiar algo desde aquí hace falta JavaScript.</p></noscript>
  </form>`;
}

function variantChoice(key: string, variants: readonly FormVariant[]): Markup {
  return html`<label>
    ${FIELD_TEXTS[key] ?? key}
    <select name="${key}" data-type="text" data-chooses required>
      ${variants.map(({ kind }) => html`<option>${kind}</option>`)}
    </select>
  </label>`;
}

function commonFields(id: string, fields: readonly FormField[], isScope: boolean): Markup | null {
  if (fields.length === 0) return null;
  const required = fields.filter((field) => field.required);
  const optional = fields.filter((field) => !field.required);
  return html`<fieldset class="fields">
    <legend>${isScope ? 'A qué llamadas' : 'Documento'}</legend>
    ${[...required, ...optional].map((field) => input(id, field))}
  </fieldset>`;
}

const MUST = html`<span class="must" aria-hidden="true"> *</span>`;

function input(form: string, field: FormField): Markup {
  const id = `${form}-${field.name}`;
  const label = FIELD_TEXTS[field.name] ?? field.name;
  const { name, type, required } = field;
  const hint = FIELD_HINTS[name] ?? field.hint;
  const title = html`<span>${label}${required ? MUST : null}</span>`;
  const note = hint === undefined ? null : html`<small>${hint}</small>`;
  if (type === 'flag' || type === 'choice') {
    return html`<label>${title} ${choice(field)} ${note}</label>`;
  }
  if (type === 'choices') {
    return html`<label>
      ${title}
      <select name="${name}" data-type="choices" multiple size="4">
        ${field.choices.map((value) => html`<option>${value}</option>`)}
      </select>
      ${note}
    </label>`;
  }
  if (type === 'json') {
    return html`<label class="long" for="${id}-json">
      ${title}
      <textarea
        id="${id}-json"
        name="${name}"
        data-type="json"
        rows="2"
        ${flag('required', required)}
      ></textarea>
      ${note}
    </label>`;
  }
  return html`<label>${title} ${textInput(field)} ${note}</label>`;
}

function choice({ name, type, choices, required }: FormField): Markup {
  const words = CHOICE_TEXTS[name];
  const options: readonly (readonly [string, string])[] =
    type === 'flag'
      ? [
          ['true', 'Sí'],
          ['false', 'No'],
        ]
      : choices.map((value) => [value, words?.[value] ?? value]);
  return html`<select
    name="${name}"
    data-type="${type === 'flag' ? 'flag' : 'text'}"
    ${flag('required', required)}
  >
    ${required ? null : html`<option value=""></option>`}
    ${options.map(([value, word]) => html`<option value="${value}">${word}</option>`)}
  </select>`;
}

function textInput(field: FormField): Markup {
  const { name, type, required, min, max, maxLength, pattern } = field;
  if (type === 'integer' || type === 'number') {
    return html`<input
      name="${name}"
      type="number"
      data-type="number"
      step="${type === 'integer' ? '1' : 'any'}"
      ${min === undefined ? null : html`min="${min}"`}
      ${max === undefined ? null : html`max="${max}"`}
      ${flag('required', required)}
    />`;
  }
  return html`<input
    name="${name}"
    data-type="${type}"
    autocomplete="off"
    ${maxLength === undefined ? null : html`maxlength="${maxLength}"`}
    ${pattern === undefined ? null : html`pattern="${pattern}"`}
    ${flag('required', required)}
  />`;
}
