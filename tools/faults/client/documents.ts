import { ecf31, ecf32, ecf34 } from '@getupnet/testkit';
import type { Seeded } from '../seeded.js';
import type { FaultTenant } from '../world/tenants.js';

/** A document as posted before, for a note to refer to. */
export interface Posted {
  readonly encf: string;
  /** dd-MM-yyyy. */
  readonly fecha: string;
  readonly accepted: boolean;
}

/** What to post, and in which states it may end. */
export interface Order {
  readonly key: string;
  readonly tenant: FaultTenant;
  readonly tipo: string;
  readonly body: object;
  readonly expect: readonly string[];
  /** A rejected one whose number DGII frees: two corrections race for it. */
  readonly freesNumber: boolean;
  /** May later notes refer to it? */
  readonly base: boolean;
  readonly waitS: number;
  /** Posted as a batch of one line. */
  readonly asLine: boolean;
  /** Posted twice at once. */
  readonly twin: boolean;
  readonly race?: string;
}

/** Buyers with which the simulator's DGII decides as it is told to. */
const REJECTED_USED = '999000012';
const REJECTED_FREE = '999000022';
const CONDITIONAL = '999000039';
const SEEN_LATE = '999000055';
const ANSWER_LOST = '999000071';

/** In place of a state: the platform may say no. */
export const REFUSED = 'REFUSED';

const ACCEPTED = ['ACCEPTED'];
const NOTE_PRICE = '10.00';
const LARGE_PRICE = '260000.00';

interface Shape {
  readonly tipo: string;
  readonly body: object;
  readonly expect: readonly string[];
  readonly freesNumber?: boolean;
  readonly base?: boolean;
}

const toBuyer = (rnc: string, expect: readonly string[]): Shape => ({
  tipo: '31',
  body: ecf31().withHeader('Comprador', { RNCComprador: rnc }).body(),
  expect,
});

/** The n-th document of a run, always the same for the same seed and former documents. */
export function orderOf(
  at: number,
  tenant: FaultTenant,
  former: readonly Posted[],
  draw: Seeded,
): Order {
  const shape = shapeOf(draw, tenant, former);
  return {
    freesNumber: false,
    base: false,
    ...shape,
    key: `f-${at}`,
    tenant,
    waitS: draw.below(3),
    asLine: draw.below(6) === 0,
    twin: draw.below(20) === 0,
  };
}

/** Takes the number of a rejected document that DGII freed. */
export function correctionOf(order: Order, documentId: string, runner: number): Order {
  return {
    ...order,
    key: `${order.key}-c${runner}`,
    body: ecf31().with({ corrects: documentId }).body(),
    expect: ACCEPTED,
    freesNumber: false,
    twin: false,
    race: order.key,
  };
}

function shapeOf(draw: Seeded, tenant: FaultTenant, former: readonly Posted[]): Shape {
  const share = draw.below(100);
  // Where DGII cannot be asked, what the magic buyers do could not be told from our own echo.
  const magic = tenant.environment === 'testecf';
  if (magic && share < 4) return { ...toBuyer(REJECTED_FREE, ['REJECTED']), freesNumber: true };
  if (magic && share < 6) return toBuyer(REJECTED_USED, ['REJECTED']);
  if (magic && share < 8) return toBuyer(CONDITIONAL, ['CONDITIONALLY_ACCEPTED']);
  if (magic && share < 11) return toBuyer(SEEN_LATE, ACCEPTED);
  if (magic && share < 14) return toBuyer(ANSWER_LOST, ACCEPTED);
  if (share < 26 && former.length > 0) return noteOn(draw.pick(former));
  if (share < 56) return { tipo: '32', body: ecf32().body(), expect: ACCEPTED };
  if (share < 62) {
    const large = ecf32().withHeader('Comprador', BUYER).withLine({ price: LARGE_PRICE });
    return { tipo: '32', body: large.body(), expect: ACCEPTED };
  }
  return { tipo: '31', body: ecf31().body(), expect: ACCEPTED, base: true };
}

const BUYER = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente de Prueba SRL' };

function noteOn({ encf, fecha, accepted }: Posted): Shape {
  const note = ecf34({ encf, fecha }).withLine({ price: NOTE_PRICE });
  const body = note.body();
  // On a rejected document: voided if its verdict was still to come, else not taken at all; unless a
  // correction has its number meanwhile.
  return { tipo: '34', body, expect: accepted ? ACCEPTED : ['VOIDED', REFUSED, ...ACCEPTED] };
}
