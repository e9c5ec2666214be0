import { nearest } from '@getupnet/kernel';

/** « ¿Quiso decir «X»?», or nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearest(written, known);
  return word === undefined ? '' : ` ¿Quiso decir «${word}»?`;
}
