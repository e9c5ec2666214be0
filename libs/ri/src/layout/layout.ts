import type { Representation, RiLayout } from '../model.js';
import type { Page } from './box.js';
import { letterPages } from './letter/letter.js';
import { ticketPages } from './ticket/ticket.js';

/** Where everything stands, before it is drawn. */
export function layoutPages(representation: Representation, layout: RiLayout): readonly Page[] {
  return layout === 'letter' ? letterPages(representation) : ticketPages(representation);
}
