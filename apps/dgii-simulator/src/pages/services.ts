import type { Environment } from '@getupnet/contracts';
import { OPERATIONS, SERVICE_MAP, type DgiiHost, type Operation } from '../http/service-map.js';
import { STATUS_RESOURCES } from '../http/status-resources.js';

/** What the traffic shows: every operation, the status host, and changes of the simulator. */
export const OBSERVED = [...OPERATIONS, ...STATUS_RESOURCES, 'reset', 'control'] as const;

/** A service as DGII publishes it: operations below one address, with one help page. */
export interface ServiceGroup {
  readonly host: DgiiHost;
  /** First path segment below the environment. */
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly environments: readonly Environment[];
}

/** Every service, in the order of the service map. */
export const SERVICE_GROUPS: readonly ServiceGroup[] = groups();

function groups(): ServiceGroup[] {
  const byAddress = new Map<string, Operation[]>();
  for (const operation of OPERATIONS) {
    const { host, path } = SERVICE_MAP[operation];
    const address = `${host}/${path.split('/')[1] ?? ''}`;
    byAddress.set(address, [...(byAddress.get(address) ?? []), operation]);
  }
  return [...byAddress.values()].flatMap((operations) => {
    const [first] = operations;
    if (first === undefined) return [];
    const { host, path } = SERVICE_MAP[first];
    const environments = operations.flatMap((operation) => SERVICE_MAP[operation].environments);
    return [
      {
        host,
        name: path.split('/')[1] ?? '',
        operations,
        environments: [...new Set(environments)],
      },
    ];
  });
}
