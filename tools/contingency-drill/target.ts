import { join } from 'node:path';
import { CliError } from '../cli/io.js';
import type { Invocation } from '../cli/options.js';
import { demoFile } from '../launcher/demo-file.js';

/** The installation a drill is held in, and the DGII it may take away. */
export interface DrillTarget {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  /** A simulator: no other DGII has a control API. */
  readonly simulatorUrl: string;
}

const DEFAULT_DATA_DIR = '.data';

/** Stated address by address, or read from the file of a running demonstration. */
export async function readTarget(
  { text }: Invocation,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DrillTarget> {
  const gatewayUrl = text('gateway');
  const simulatorUrl = text('simulator');
  if (gatewayUrl !== undefined || simulatorUrl !== undefined) {
    const apiKey = env['ECF_API_KEY'];
    if (gatewayUrl === undefined || simulatorUrl === undefined || apiKey === undefined) {
      throw new CliError('Indique juntos --gateway, --simulator y la variable ECF_API_KEY.');
    }
    return { gatewayUrl, simulatorUrl, apiKey };
  }
  const dir = text('data-dir') ?? env['GETUPNET_DATA_DIR'] ?? DEFAULT_DATA_DIR;
  const demo = await demoFile.read(join(dir, 'demo.json'));
  const rnc = text('rnc');
  const tenant = demo?.tenants.find((one) => rnc === undefined || one.rnc === rnc);
  if (demo === null || tenant === undefined) {
    const what =
      demo === null ? `No hay demostración en «${dir}»` : `No hay empresa con RNC ${rnc}`;
    throw new CliError(`${what}: arranque «npm run demo» en otra terminal y repita.`);
  }
  return { gatewayUrl: demo.gatewayUrl, simulatorUrl: demo.simulatorUrl, apiKey: tenant.apiKey };
}
