import type { DgiiApi } from '@getupnet/dgii-api';
import type { Sign } from '@getupnet/contracts';
import { Deadline } from '../calls/deadline.js';
import type { DgiiCalls } from '../calls/dgii-calls.js';
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
