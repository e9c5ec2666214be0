import { join } from 'node:path';
import {
  startServiceProcess,
  type ServiceProcess,
} from '../../../../tools/split/service-process.js';
import { compiledEntry } from './compiled-entry.js';
import type { Services, Surroundings } from './services.js';

/** Services that can be killed as by a power cut and started again on the same data. */
export interface KillableServices extends Services {
  /** SIGKILL, then a new process; the addresses are new ones. */
  restart(): Promise<void>;
}

/** `apps/all` as a process of its own. */
export async function startKillable(around: Surroundings): Promise<KillableServices> {
  const start = (): Promise<ServiceProcess> =>
    startServiceProcess({
      entry: compiledEntry('all'),
      env: {
        DATABASE_URL: around.databaseUrl,
        DGII_BASE_URL: around.dgiiUrl,
        SECRETS_KEK: around.kek,
        SERVICE_KEYS_IN: around.importKey.entry,
        ...around.audit,
        ...around.env,
      },
      logFile: join(around.logDir, 'all.log'),
    });
  let running = await start();
  return {
    get gatewayUrl() {
      return running.publicUrl;
    },
    get publicUrls() {
      return [running.publicUrl];
    },
    get internalUrls() {
      return [running.internalUrl];
    },
    get signUrl() {
      return running.internalUrl;
    },
    restart: async () => {
      await running.kill();
      running = await start();
    },
    stop: async () => {
      await running.stop();
    },
  };
}
