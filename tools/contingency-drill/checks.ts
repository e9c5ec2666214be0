import type { DocumentResource } from '@getupnet/contracts';
import type { Upload } from './drill-api.js';

/** Words of the official legend (modelos de RI, p. 16). */
export const LEGEND = 'setenta y dos (72) horas';

const ACCEPTING: ReadonlySet<string> = new Set(['1', '4']);

/** What is wrong with the way the documents arrived; nothing where all is well. */
export function arrivalFaults(
  uploads: readonly Upload[],
  marked: readonly DocumentResource[],
  all: readonly DocumentResource[],
): string[] {
  return [...orderFaults(uploads, marked), ...all.flatMap((one) => acceptedOnce(uploads, one))];
}

/** Of what waited in contingency, each service saw the numbers of a type in their order, each once. */
function orderFaults(uploads: readonly Upload[], marked: readonly DocumentResource[]): string[] {
  const encfs = new Set(marked.map(({ encf }) => encf));
  const seen = new Map<string, string[]>();
  for (const { service, encf } of uploads) {
    if (encf === null || encf === undefined || !encfs.has(encf)) continue;
    seen.set(service, [...(seen.get(service) ?? []), encf]);
  }
  return [...seen].flatMap(([service, order]) => [
    ...(sameOrder(order) ? [] : [`${service} los recibió en otro orden: ${order.join(', ')}`]),
    ...(new Set(order).size === order.length ? [] : [`${service} recibió alguno dos veces`]),
  ]);
}

/** Of each type ascending; between types the order is that of their creation. */
function sameOrder(encfs: readonly string[]): boolean {
  const last = new Map<string, string>();
  return encfs.every((encf) => {
    const tipo = encf.slice(0, 3);
    const before = last.get(tipo) ?? '';
    last.set(tipo, encf);
    return before <= encf;
  });
}

function acceptedOnce(uploads: readonly Upload[], { encf }: DocumentResource): string[] {
  const accepted = uploads.filter(
    (one) => one.encf === encf && one.processed === true && ACCEPTING.has(one.codigo ?? ''),
  );
  return accepted.length === 1 ? [] : [`${encf} fue aceptado ${accepted.length} veces`];
}
