import type { DgiiParty } from '@getupnet/contracts';
import { jest } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import type { Deadline } from '../calls/deadline.js';
import type { SendDeclarations } from '../declarations/send-declarations.use-case.js';
import { LocalDgiiGateway } from './local-dgii-gateway.js';
import type { ProductionGate } from './production-gate.js';
import type { Queries } from './queries.js';
import type { SendDocuments } from './send-documents.use-case.js';

const party: DgiiParty = {
  tenantId: '018f0000-0000-7000-8000-000000000001',
  environment: 'ecf',
  rnc: '131880681',
};

describe('LocalDgiiGateway', () => {
  it('EMI-4: has no time left to send after a stop inside the production gate', async () => {
    const wokenAt = performance.now() + 60_000;
    const clock = jest.spyOn(performance, 'now');
    const gate = { check: async () => void clock.mockReturnValue(wokenAt) };
    const left: number[] = [];
    const sender = {
      send: (_party: DgiiParty, _items: unknown, deadline: Deadline) => {
        left.push(deadline.remainingMs());
        return Promise.resolve([]);
      },
    };
    const gateway = new LocalDgiiGateway(
      gate as unknown as ProductionGate,
      sender as unknown as SendDocuments,
      {} as SendDeclarations,
      {} as Queries,
    );
    await gateway.send(party, []);
    clock.mockRestore();
    expect(left).toEqual([0]);
  });
});
