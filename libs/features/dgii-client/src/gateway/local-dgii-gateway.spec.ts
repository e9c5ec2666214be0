import type { DgiiParty } from '@getupnet/contracts';
import { FakeClock } from '@getupnet/testkit';
import { jest } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import type { Deadline } from '../calls/deadline.js';
import type { SendDeclarations } from '../declarations/send-declarations.use-case.js';
import { LocalDgiiGateway } from './local-dgii-gateway.js';
import { CALL_DEADLINE_MS, type SendDocuments } from './send-documents.use-case.js';
import type { ProductionGate } from './production-gate.js';
import type { Queries } from './queries.js';

const party: DgiiParty = {
  tenantId: '018f0000-0000-7000-8000-000000000001',
  environment: 'ecf',
  rnc: '131880681',
};

describe('LocalDgiiGateway', () => {
  const left: number[] = [];
  const clock = new FakeClock();
  const gatewayBehind = (gate: { check: () => Promise<void> }): LocalDgiiGateway => {
    left.length = 0;
    const sender = {
      send: (_party: DgiiParty, _items: unknown, deadline: Deadline) => {
        left.push(deadline.remainingMs());
        return Promise.resolve([]);
      },
    };
    return new LocalDgiiGateway(
      gate as unknown as ProductionGate,
      sender as unknown as SendDocuments,
      {} as SendDeclarations,
      {} as Queries,
      clock,
    );
  };

  it('EMI-4: sends nothing after the lease of whoever asks for it', async () => {
    const gateway = gatewayBehind({ check: () => Promise.resolve() });
    const now = clock.now().getTime();
    const monotonic = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    await gateway.send(party, [], now - 1);
    await gateway.send(party, [], now + 5_000);
    await gateway.send(party, [], now + 600_000);
    await gateway.send(party, []);
    monotonic.mockRestore();
    expect(left).toEqual([0, 5_000, CALL_DEADLINE_MS, CALL_DEADLINE_MS]);
  });

  it('EMI-4: has no time left to send after a stop inside the production gate', async () => {
    const wokenAt = performance.now() + 60_000;
    const monotonic = jest.spyOn(performance, 'now');
    const gateway = gatewayBehind({ check: async () => void monotonic.mockReturnValue(wokenAt) });
    await gateway.send(party, []);
    monotonic.mockRestore();
    expect(left).toEqual([0]);
  });
});
