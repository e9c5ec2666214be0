import { join } from 'node:path';
import { newServiceKey } from '@getupnet/rbac';
import { routeTable } from '@getupnet/platform';
import { startRouteProxy } from '../../../../tools/split/route-proxy.js';
import {
  startServiceProcess,
  type ServiceProcess,
} from '../../../../tools/split/service-process.js';
import { allServices } from '../../../all/src/index.js';
import { compiledEntry } from './compiled-entry.js';
import type { Services, Surroundings } from './services.js';

/**
 * The services as production runs them apart: a process each, billing as one for HTTP and one for
 * work, a key for each pair, and a gateway made from the route table.
 */
export async function startSplit(around: Surroundings): Promise<Services> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.reverse().splice(0)) await end();
  };
  const run = async (app: string, env: Record<string, string>): Promise<ServiceProcess> => {
    const service = await startServiceProcess({
      entry: compiledEntry(app),
      env: { DATABASE_URL: around.databaseUrl, ...around.env, ...env },
      logFile: join(around.logDir, `${app}-${env['ROLE'] ?? 'both'}.log`),
    });
    started.push(() => service.stop());
    return service;
  };
  const keys = {
    billingToSign: newServiceKey('billing', 'sign'),
    billingToDgii: newServiceKey('billing', 'dgii-client'),
    dgiiToSign: newServiceKey('dgii-client', 'sign'),
  };
  try {
    const sign = await run('sign', {
      SECRETS_KEK: around.kek,
      SERVICE_KEYS_IN: [keys.billingToSign, keys.dgiiToSign, around.importKey]
        .map(({ entry }) => entry)
        .join(','),
    });
    const dgii = await run('dgii-client', {
      DGII_BASE_URL: around.dgiiUrl,
      SIGN_URL: sign.internalUrl,
      SERVICE_KEY_OUT_SIGN: keys.dgiiToSign.out,
      SERVICE_KEYS_IN: keys.billingToDgii.entry,
      SECRETS_KEK: around.kek,
    });
    const toOthers = {
      SIGN_URL: sign.internalUrl,
      SERVICE_KEY_OUT_SIGN: keys.billingToSign.out,
      DGII_CLIENT_URL: dgii.internalUrl,
      SERVICE_KEY_OUT_DGII_CLIENT: keys.billingToDgii.out,
    };
    const auth = await run('auth', { SECRETS_KEK: around.kek });
    const admin = await run('admin', {});
    const audit = await run('audit', around.audit);
    const [billing, worker] = await Promise.all([
      run('billing', { ...toOthers, ROLE: 'http' }),
      run('billing', { ...toOthers, ROLE: 'worker' }),
    ]);
    const upstreams = {
      auth: auth.publicUrl,
      admin: admin.publicUrl,
      audit: audit.publicUrl,
      billing: billing.publicUrl,
      sign: sign.publicUrl,
      'dgii-client': dgii.publicUrl,
    };
    const proxy = await startRouteProxy(routeTable(allServices()), upstreams);
    started.push(() => proxy.close());
    return {
      gatewayUrl: proxy.url,
      publicUrls: [...Object.values(upstreams), worker.publicUrl],
      internalUrls: [sign, dgii, auth, admin, audit, billing, worker].map(
        ({ internalUrl }) => internalUrl,
      ),
      signUrl: sign.internalUrl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
