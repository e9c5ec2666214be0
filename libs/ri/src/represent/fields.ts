import type { RiField } from '../model.js';
import { decimalText, plain } from './format.js';

export type Words = (text: string) => string;

/** How a value is written: as it stands, as an amount, or looked up in a code table. */
export const amount: Words = (text) => decimalText(text);
export const quantity: Words = (text) => decimalText(text, 0);

/** Collects fields, leaving out what the document does not have. */
export class Fields {
  readonly list: RiField[] = [];

  add(label: string, value: string | undefined, words: Words = plain): this {
    if (value !== undefined && value !== '') this.list.push({ label, value: words(value) });
    return this;
  }
}
