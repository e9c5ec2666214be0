import type { TestSetRows } from '../sheets/workbook.js';
import type { Cell } from '../sheets/columns.js';
import type { Registration, ServiceUrls } from './registration.js';
import type { DataTestKind, PrintedKind, SimulationKind, Step } from './steps.data.js';

/** An own document that counts in step 4, and where its QR must lead. */
export interface SimulatedDocument {
  readonly kind: SimulationKind;
  readonly encf: string;
  readonly razonSocialEmisor: string;
  readonly qr: string | null;
}

/** What happens to a postulation; its state is what these add up to. */
export type PortalEvent =
  | { readonly type: 'created'; readonly registration: Registration; readonly xml: string }
  | { readonly type: 'registered'; readonly holder: string }
  | { readonly type: 'set'; readonly rows: TestSetRows }
  | { readonly type: 'passed'; readonly kind: DataTestKind; readonly encf: string }
  | { readonly type: 'restarted'; readonly reason: string }
  | { readonly type: 'approvals'; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'approved'; readonly encf: string }
  | { readonly type: 'simulated'; readonly document: SimulatedDocument }
  | { readonly type: 'printed'; readonly kind: PrintedKind; readonly bytes: number }
  | { readonly type: 'reviewed'; readonly problems: readonly string[] }
  | { readonly type: 'urls'; readonly phase: 'prueba' | 'produccion'; readonly urls: ServiceUrls }
  | { readonly type: 'sending'; readonly test: Exchange }
  | { readonly type: 'exchanged'; readonly test: Exchange; readonly log: readonly ExchangeLine[] }
  | { readonly type: 'declared'; readonly holder: string }
  | { readonly type: 'verified' }
  | { readonly type: 'noted'; readonly text: string }
  | { readonly type: 'moved'; readonly step: Step; readonly reason: string }
  | { readonly type: 'cancelled'; readonly reason: string };

export type Exchange = 'recepcion' | 'aprobaciones';

/** One document sent to the applicant, and how it answered. */
export interface ExchangeLine {
  readonly encf: string;
  /** Undefined when the answer was as it should be. */
  readonly problem?: string | undefined;
}

/** A line of the journal: whose, when, what; `cleared` forgets everybody. */
export type JournalLine =
  | { readonly time: string; readonly rnc: string; readonly event: PortalEvent }
  | { readonly time: string; readonly cleared: true };
