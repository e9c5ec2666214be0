// Only for this lib's specs.
import { randomUUID } from 'node:crypto';
import { newId } from '@getupnet/kernel';
import type { AcceptRow } from '../accept.types.js';

/** An invoice of the tenant, ready to be numbered. */
export function acceptRow(
  tenant: { readonly tenantId: string; readonly rnc: string },
  overrides: Partial<AcceptRow> = {},
): AcceptRow {
  return {
    tenantId: tenant.tenantId,
    id: newId(),
    environment: 'testecf',
    tipo: 31,
    route: 'ecf',
    state: 'QUEUED',
    heldBy: null,
    idempotencyKey: randomUUID(),
    bodySha256: 'a'.repeat(64),
    externalRef: null,
    branch: null,
    corrects: null,
    generation: 1,
    statedEncf: null,
    statedExpiry: null,
    issuerRnc: tenant.rnc,
    buyerRnc: null,
    buyerName: null,
    montoTotal: '1180.00',
    fechaEmision: '2026-06-15',
    fechaHoraFirma: '15-06-2026 10:30:45',
    artefactMonth: '2026-06-01',
    today: '2026-06-15',
    xmlHead: '<ECF><eNCF>',
    xmlMiddle: '</eNCF><FechaVencimientoSecuencia>',
    xmlTail: '</FechaVencimientoSecuencia></ECF>',
    findings: [],
    actor: 'test',
    eventId: newId(),
    handOver: true,
    nextAttemptInMs: 30_000,
    ...overrides,
  };
}
