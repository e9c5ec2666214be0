import { persistenceEnv } from '@getupnet/persistence';
import { type PortModule, type ServiceDefinition } from '@getupnet/platform';
import { queuesEnv } from '@getupnet/queues';
import { BillingHttpModule } from './billing.http.module.js';
import { BillingWorkerModule } from './billing.worker.module.js';
import { billingEnv } from './billing.env.js';
import { SequencesHttpModule, SequencesWorkerModule } from './sequences/sequences.modules.js';

export interface BillingPorts {
  /** The signer: in this process or over the network. */
  readonly sign: PortModule;
  /** DGII's client: in this process or over the network. */
  readonly dgii: PortModule;
}

/** Accepting documents, numbering them and driving them to their verdict. */
export function billing({ sign, dgii }: BillingPorts): ServiceDefinition {
  return {
    name: 'billing',
    http: [BillingHttpModule.with(sign.module), SequencesHttpModule.with(sign.module)],
    workers: [
      BillingWorkerModule.with(sign.module, dgii.module),
      SequencesWorkerModule.with(sign.module, dgii.module),
    ],
    env: [persistenceEnv, queuesEnv, billingEnv, ...sign.env, ...dgii.env],
  };
}
