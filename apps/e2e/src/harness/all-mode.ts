import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createServices, type RunningServices } from '@getupnet/platform';
import { allServices } from '../../../all/src/index.js';
import type { Services, Surroundings } from './services.js';

/** Every service in this process, as `apps/all` runs them. */
export async function startAll(around: Surroundings): Promise<Services> {
  return servicesOf(await bootAll(around));
}

/** The same, for a test that asks the running application about itself. */
export function bootAll(around: Surroundings): Promise<RunningServices> {
  return createServices(allServices(), {
    env: {
      PORT: '0',
      INTERNAL_PORT: '0',
      DATABASE_URL: around.databaseUrl,
      DGII_BASE_URL: around.dgiiUrl,
      SECRETS_KEK: around.kek,
      SERVICE_KEYS_IN: around.importKey.entry,
      ...around.audit,
      ...around.env,
    },
    logStream: createWriteStream(join(around.logDir, 'all.log'), { flags: 'a' }),
  });
}

export function servicesOf(running: RunningServices): Services {
  return {
    gatewayUrl: running.publicUrl,
    publicUrls: [running.publicUrl],
    internalUrls: [running.internalUrl],
    signUrl: running.internalUrl,
    stop: () => running.close(),
  };
}
