import type { EmissionDocument } from '../emission-document.js';

/** A document under way in testecf, being sent for the first time unless told otherwise. */
export function emissionDocument(overrides: Partial<EmissionDocument> = {}): EmissionDocument {
  return {
    tenantId: '018f0000-0000-7000-8000-000000000001',
    id: '018f0000-0000-7000-8000-000000000002',
    environment: 'testecf',
    tipo: '31',
    encf: 'E310000000001',
    generation: 1,
    state: 'SENDING',
    route: 'ecf',
    heldBy: null,
    heldByState: null,
    heldByEncf: null,
    issuerRnc: '131880681',
    buyerRnc: null,
    artefactMonth: '2026-06-01',
    codigoSeguridad: 'AbCdEf',
    trackId: null,
    contingencyId: null,
    attempts: 1,
    epoch: 1,
    leased: false,
    parked: false,
    handOvers: 0,
    faults: 0,
    starts: 0,
    createdAt: new Date('2026-06-01T12:00:00Z'),
    sendingForMs: 1,
    earlierTrackIds: [],
    bodies: {},
    ...overrides,
  };
}
