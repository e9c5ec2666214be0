// dgii-ecf as it is published, but for where its requests go.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RunError } from './simulator.mjs';

/** DGII's hosts, as the first segment of a path at the simulator. */
const HOSTS = {
  'ecf.dgii.gov.do': 'ecf',
  'fc.dgii.gov.do': 'fc',
  'statusecf.dgii.gov.do': 'statusecf',
};

/** The package, with DGII's hosts mapped to the simulator; any other address is refused. */
export async function openClient(simulator) {
  const installed = fileURLToPath(new URL('../node_modules/dgii-ecf', import.meta.url));
  if (!existsSync(installed)) {
    throw new RunError('Falta instalar: ejecute primero «npm ci» en tools/real-client.');
  }
  const client = await import('dgii-ecf');
  client.restClient.interceptors.request.use((config) => {
    const base = new URL(config.baseURL);
    const host = HOSTS[base.hostname];
    if (host !== undefined) return { ...config, baseURL: `${simulator}/${host}${base.pathname}` };
    if (base.origin === new URL(simulator).origin) return config;
    throw new Error(`${base.origin} is not the simulator`);
  });
  return client;
}
