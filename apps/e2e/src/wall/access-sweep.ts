import type { Permission } from '@getupnet/contracts';
import type { Caller } from './callers.js';
import { inParallel, type Answer } from './door.js';
import { callAs, nameOf, sidesOf, validParts, type Route, type Target } from './target.js';

/** What must come of a call: it gets to the handler, or a guard refuses it in these words. */
type Expected = 'handler' | { readonly status: number; readonly code: string };

const unauthorised = (code: string): Expected => ({ status: 401, code });
const FORBIDDEN: Expected = { status: 403, code: 'auth.forbidden' };
const SUSPENDED: Expected = { status: 403, code: 'tenant.suspended' };
const ABSENT: Expected = { status: 404, code: 'resource.not_found' };

/** TEN-1 told a second time, independently of the guards: who gets past a declaration. */
export function expectedOf({ service, endpoint }: Route, caller: Caller): Expected {
  const { scope, permissions, method } = endpoint;
  if (scope === 'PUBLIC') return 'handler';
  const { kind, refused, tenantId, status } = caller;
  if (kind === 'nobody') {
    const strange = scope === 'SERVICE' && refused !== 'auth.token_missing';
    return unauthorised(strange ? 'auth.token_invalid' : (refused ?? ''));
  }
  if (scope === 'SERVICE') {
    if (kind !== 'service') return unauthorised('auth.token_invalid');
    return caller.callee === service ? 'handler' : FORBIDDEN;
  }
  if (kind === 'service') return unauthorised('auth.token_invalid');
  if (scope !== 'TENANT' && kind === 'api-key') return FORBIDDEN;
  if (refused !== undefined) return unauthorised(refused);
  const may = permissions.some((one) => caller.permissions.has(one as Permission));
  if (scope === 'USER') return 'handler';
  if (scope === 'PLATFORM') return tenantId === null && may ? 'handler' : FORBIDDEN;
  if (scope !== 'TENANT') throw new Error(`nobody told the sweep who passes scope ${scope}`);
  if (tenantId === null) return FORBIDDEN;
  if (status === 'SUSPENDED' || (status === 'FROZEN' && method !== 'GET')) return SUSPENDED;
  return may ? 'handler' : FORBIDDEN;
}

/** Every route × everybody: a line for each answer that is not the expected one. */
export async function sweepAccess(target: Target, callers: readonly Caller[]): Promise<string[]> {
  const faults: string[] = [];
  const callable = target.routes.filter((route) => {
    try {
      validParts(route);
      return true;
    } catch (error) {
      faults.push(`${nameOf(route)}: cannot be called: ${String(error)}`);
      return false;
    }
  });
  const calls = callable.flatMap((route) =>
    callers.flatMap((caller) => sidesOf(route).map((side) => ({ route, caller, side }))),
  );
  await inParallel(calls, async ({ route, caller, side }) => {
    const answer = await callAs(target, route, caller, {}, side);
    const fault = faultOf(expectedOf(route, caller), answer);
    if (fault !== undefined) faults.push(`${nameOf(route)} (${side}), ${caller.name}: ${fault}`);
  });
  return faults.sort();
}

/** Every route of one listener on the other, by whoever may call it: it is not there. */
export async function sweepListeners(
  target: Target,
  callers: readonly Caller[],
): Promise<string[]> {
  const faults: string[] = [];
  const there = new Set(
    target.routes.flatMap((route) => sidesOf(route).map((side) => `${side} ${nameOf(route)}`)),
  );
  const calls = target.routes.flatMap((route) =>
    (['public', 'internal'] as const)
      .filter((side) => !there.has(`${side} ${nameOf(route)}`))
      .flatMap((side) =>
        callers
          .filter((caller) => expectedOf(route, caller) === 'handler')
          .map((caller) => ({ route, caller, side })),
      ),
  );
  await inParallel(calls, async ({ route, caller, side }) => {
    const answer = await callAs(target, route, caller, {}, side);
    // Another method may be there: then its absence is said in other words.
    if (answer.status === 405 && !answer.reachedHandler) return;
    const fault = faultOf(ABSENT, answer);
    if (fault !== undefined) faults.push(`${nameOf(route)} (${side}), ${caller.name}: ${fault}`);
  });
  return faults.sort();
}

function faultOf(expected: Expected, answer: Answer): string | undefined {
  const { status, code = '', reachedHandler } = answer;
  const came = `${status} ${code}`.trim();
  if (status >= 500) return `answered ${came}`;
  if (expected === 'handler') return reachedHandler ? undefined : `refused with ${came}`;
  const wanted = `${expected.status} ${expected.code}`;
  if (reachedHandler) return `reached the handler, which answered ${came}, not ${wanted}`;
  return came === wanted ? undefined : `answered ${came}, not ${wanted}`;
}
