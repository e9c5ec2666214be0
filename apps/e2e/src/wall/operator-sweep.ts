import type { Caller } from './callers.js';
import { inParallel } from './door.js';
import { markersOf } from './planted.js';
import { callAs, nameOf, type Target } from './target.js';

/** What is a company's business, and no operator's without acting for it. */
const BUSINESS =
  /^(?:document|artefact|encf_range|audit_event|signing_journal|certificate|dgii_token|api_key_hash) /;

/** TEN-2: every route of the operator's with everything of a company: none shows its business. */
export async function sweepOperator(
  target: Target,
  operator: Caller,
  tenant: {
    readonly id: string;
    readonly rows: readonly string[];
    /** Its values that are nobody else's. */
    readonly markers: readonly string[];
    readonly tried: readonly string[];
  },
): Promise<string[]> {
  const { id, rows, tried } = tenant;
  const unique = new Set(tenant.markers);
  const business = rows.filter((row) => BUSINESS.test(row));
  const others = rows.filter((row) => !BUSINESS.test(row));
  const markers = markersOf(business, others).filter((one) => unique.has(one));
  const faults: string[] = [];
  const routes = target.routes.filter(({ endpoint }) => endpoint.scope === 'PLATFORM');
  const looks = routes
    .filter(({ endpoint }) => endpoint.method === 'GET')
    .flatMap((route) => {
      const { params } = route.endpoint.request ?? {};
      if (params === undefined) return [{ route, params: {} }];
      return tried
        .map((value) => Object.fromEntries(Object.keys(params.shape).map((name) => [name, value])))
        .filter((stated) => params.safeParse(stated).success)
        .map((stated) => ({ route, params: stated }));
    });
  await inParallel(looks, async ({ route, params }) => {
    const answer = await callAs(target, route, operator, { params });
    const said = JSON.stringify(params);
    const shown = markers.find((one) => answer.text.includes(one) && !said.includes(one));
    if (shown !== undefined) faults.push(`${nameOf(route)}: shows «${shown}»`);
    if (answer.status >= 500) faults.push(`${nameOf(route)}: answered ${answer.status}`);
  });
  await inParallel(routes, async (route) => {
    const { code } = await callAs(target, route, operator, { extra: { 'x-tenant-id': id } });
    if (code !== 'tenant.mismatch') faults.push(`${nameOf(route)}: takes a tenant in the header`);
  });
  return [...new Set(faults)].sort();
}
