import { createHash } from 'node:crypto';
import type { DocumentResource } from '@getupnet/contracts';
import type { LedgerEntry } from '@getupnet/dgii-simulator';
import { IN_FLIGHT_WINDOW_MS, type Platform } from './platform.js';
import type { E2eTenant } from './tenants.js';

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What DGII's reception saw of a number (or of all of an issuer's), oldest first. */
export async function deliveries(
  platform: Platform,
  { rnc, encf }: { readonly rnc: string; readonly encf?: string },
): Promise<LedgerEntry[]> {
  const lines = await platform.simulator.control.ledger({
    rnc,
    ...(encf === undefined ? {} : { encf }),
  });
  return lines.filter(({ service }) => service === 'recepcion' || service === 'recepcionfc');
}

/** Deliveries that DGII processed and accepted. */
export function accepted(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return entries.filter(({ processed, codigo }) => processed && (codigo === '1' || codigo === '4'));
}

/** The bytes of ours that travel: the signed summary of a type 32 below the limit, else the e-CF. */
export async function sentBytes(
  platform: Platform,
  tenant: E2eTenant,
  document: DocumentResource,
): Promise<string> {
  const stored = await platform.database.tenantDb.run(tenant, (tx) =>
    tx.artefact.findMany({ where: { documentId: document.id } }),
  );
  const bodies = new Map(stored.map(({ kind, body }) => [kind, body]));
  const body = bodies.get('rfce') ?? bodies.get('signed');
  if (body === undefined) throw new Error(`${document.encf} has no signed bytes`);
  return body;
}

/** Exactly once: DGII accepted the number once, and never saw other bytes of this generation. */
export async function expectAcceptedOnce(
  platform: Platform,
  tenant: E2eTenant,
  document: DocumentResource,
): Promise<void> {
  const hash = sha256(await sentBytes(platform, tenant, document));
  const entries = accepted(await deliveries(platform, { rnc: tenant.rnc, encf: document.encf }));
  expect(entries.map((entry) => entry.sha256)).toEqual([hash]);
}

/** Queries that tell whether DGII knows a number. */
const QUERIES: ReadonlySet<string> = new Set(['consultatrackids', 'consultaestado']);

/** The window runs from the end of an attempt, which is after the upload that the ledger sees. */
const SHORTEST_PAUSE_MS = IN_FLIGHT_WINDOW_MS - 100;

/**
 * INV-5: before each upload but the first, the window passed and DGII said it knows nothing; in
 * certification, where it cannot be asked, the window alone.
 */
export function expectCarefulResends(lines: readonly LedgerEntry[], canAsk: boolean): void {
  let earlier: number | null = null;
  let asked = true;
  for (const line of lines) {
    if (QUERIES.has(line.service)) asked = true;
    if (line.service !== 'recepcion' && line.service !== 'recepcionfc') continue;
    const at = Date.parse(line.time);
    const tooEarly = earlier !== null && at - earlier < SHORTEST_PAUSE_MS;
    expect({ seq: line.seq, asked, tooEarly }).toEqual({
      seq: line.seq,
      asked: true,
      tooEarly: false,
    });
    earlier = at;
    asked = !canAsk;
  }
}
