import type { DgiiApi } from '@getupnet/dgii-api';
import type { Sign } from '@getupnet/contracts';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Deadline } from '../calls/deadline.js';
import type { DgiiCalls } from '../calls/dgii-calls.js';
import { ClientUnderTest } from '../testing/client-under-test.js';
import { lifetimeOf, TokenIssuer } from './token-issuer.js';

const MINUTE_MS = 60_000;

describe('how long a token is used', () => {
  const lifetime = (expedido: string | null, expira: string | null): number =>
    lifetimeOf({ token: '', expedido, expira });

  it.each([
    ['2026-06-15T10:00:00Z', '2026-06-15T11:00:00Z', 55],
    ['2026-06-15T10:00:00Z', '2026-06-15T10:30:00Z', 27.5],
    ['2026-06-15T10:00:00Z', '2026-06-16T10:00:00Z', 55],
    // As DGII writes dates elsewhere: day first here, month first there, both half an hour.
    ['13-08-2026 06:00:00', '13-08-2026 06:30:00', 27.5],
    ['8/5/2026 11:50:00 AM', '8/5/2026 12:20:00 PM', 27.5],
    ['2026-06-15T11:00:00Z', '2026-06-15T10:00:00Z', 55],
    ['ayer', 'mañana', 55],
    [null, null, 55],
  ])('%s to %s: %d minutes', (expedido, expira, minutes) => {
    expect(lifetime(expedido, expira)).toBe(minutes * MINUTE_MS);
  });
});

it('does not wait for a signer beyond its deadline', async () => {
  const calls = {
    run: (_environment: string, _operation: string, call: () => unknown) => call(),
  } as unknown as DgiiCalls;
  const semilla = { kind: 'ok', value: '<SemillaModel/>', raw: '' };
  const api = { getSemilla: () => Promise.resolve(semilla) } as unknown as DgiiApi;
  const sign = { sign: () => new Promise<never>(() => undefined) } as unknown as Sign;
  const key = { tenantId: 't', environment: 'testecf', thumbprint: 'x' } as const;
  const issued = new TokenIssuer(api, calls, sign).issue(key, Deadline.in(30));
  expect(await issued).toMatchObject({ kind: 'unavailable', reason: 'sign.timeout' });
});

describe('what stands in the way of a token has a name of its own', () => {
  const key = { tenantId: 't', environment: 'testecf', thumbprint: 'x' } as const;
  const sign = {} as Sign;
  let client: ClientUnderTest;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => (client = new ClientUnderTest('http://127.0.0.1:1')));
  afterEach(() => client.transport.close());

  it('five times 503 open the breaker of the semilla, not that of sending', async () => {
    const busy = { kind: 'unusable', httpStatus: 503, reason: 'http.503', raw: '' };
    const api = { getSemilla: () => Promise.resolve(busy) } as unknown as DgiiApi;
    const issuer = new TokenIssuer(api, client.calls, sign);
    const reasons: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const issued = await issuer.issue(key, Deadline.in(9_000));
      if (issued.kind === 'unavailable') reasons.push(issued.reason);
    }
    expect(reasons).toEqual(['semilla.http.503', 'semilla.breaker.open', 'semilla.breaker.open']);
  });

  it('maintenance is everybody’s', async () => {
    const nowMs = client.clock.now().getTime();
    const window = { from: new Date(nowMs - 1), to: new Date(nowMs + 3_600_000) };
    client.maintenance.announce([{ environment: 'testecf', ...window }]);
    const issuer = new TokenIssuer(client.api, client.calls, sign);
    expect(await issuer.issue(key, Deadline.in(9_000))).toMatchObject({ reason: 'maintenance' });
  });

  it('a slow signer that leaves no time to be answered is nobody’s illness', async () => {
    let asked = 0;
    const api = {
      getSemilla: () => Promise.resolve({ kind: 'ok', value: '<SemillaModel/>', raw: '' }),
      validarSemilla: () => Promise.resolve({ kind: 'lost', reason: `${(asked += 1)}` }),
    } as unknown as DgiiApi;
    let leftMs = 9_000;
    const deadline = Deadline.in(leftMs);
    jest.spyOn(deadline, 'remainingMs').mockImplementation(() => leftMs);
    const slow = {
      sign: () => {
        leftMs = 499;
        return Promise.resolve([{ ok: true, xml: '<SemillaModel/>' }]);
      },
    } as unknown as Sign;
    const issued = await new TokenIssuer(api, client.calls, slow).issue(key, deadline);
    expect(issued).toMatchObject({ reason: 'validarsemilla.deadline' });
    expect(asked).toBe(0);
  });
});
