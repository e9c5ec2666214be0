import type { EcfDraft, TipoEcf } from '@getupnet/ecf';
import type { Buyer } from './draft.js';
import type { Random } from './random.js';
import { CONSUMER_RECIPES } from './recipes-consumer.js';
import { CREDIT_RECIPES } from './recipes-credit.js';
import { NOTE_RECIPES } from './recipes-notes.js';
import { SPECIAL_RECIPES } from './recipes-special.js';

/** A document that was made already, for the notes that modify it. */
export interface Made {
  readonly encf: string;
  readonly document: EcfDraft;
}

export interface Ingredients {
  readonly random: Random;
  readonly buyer: Buyer;
  /** Documents made before this one, by the key of their recipe. */
  readonly made: ReadonlyMap<string, Made>;
}

/** How one case of the data test is made; `payments` are filled with what there is to pay. */
export interface Recipe {
  readonly key: string;
  readonly tipo: TipoEcf;
  /** FormaPago codes among which the total is divided; absent: the document names none. */
  readonly payments?: readonly string[];
  readonly draft: (ingredients: Ingredients) => EcfDraft;
}

/** The 25 cases: 31×4, 32×6 (two from 250,000 on), 33, 34×2, and two of every other type. */
export const RECIPES: readonly Recipe[] = [
  ...CREDIT_RECIPES,
  ...CONSUMER_RECIPES,
  ...SPECIAL_RECIPES,
  ...NOTE_RECIPES,
];
