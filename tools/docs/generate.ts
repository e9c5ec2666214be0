import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FORMATS } from '@getupnet/ecf';
import {
  declaredRoutes,
  openApiDocument,
  platformSpecs,
  renderEnvExample,
  routeTable,
} from '@getupnet/platform';
import { allServices } from '../../apps/all/src/services.js';
import { referenceFiles } from '../../libs/ecf/src/generate/reference/index.js';
import { conformancePage } from '../conformance/page.js';
import { BACKENDS, GATEWAY_SERVICE, TRAEFIK_RULES } from '../deploy/backends.js';
import { traefikRules } from '../deploy/traefik-rules.js';
import { referenceIndex } from './reference-index.js';
import { routesPage } from './routes-page.js';
import { simulatorPage } from './simulator-page.js';
import { statesPage } from './states-page.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Everything under docs/reference and deploy that is derived from the code. */
function derived(): ReadonlyMap<string, string> {
  const services = allServices();
  const routes = routeTable(services);
  const declared = declaredRoutes(services);
  const env = [...platformSpecs, ...services.flatMap((service) => service.env)];
  return new Map([
    ...[...referenceFiles()].map(([path, text]) => [`docs/reference/${path}`, text] as const),
    ['docs/reference/README.md', referenceIndex(FORMATS)],
    ['docs/reference/conformance.md', conformancePage()],
    ['docs/reference/simulator.md', simulatorPage()],
    ['docs/reference/document-states.md', statesPage()],
    ['docs/reference/routes.json', `${JSON.stringify(routes, null, 2)}\n`],
    ['docs/reference/routes.md', routesPage(routes)],
    ['docs/reference/openapi.json', json(openApiDocument(declared, 'public'))],
    ['docs/reference/openapi-internal.json', json(openApiDocument(declared, 'internal'))],
    [TRAEFIK_RULES, traefikRules(routes, BACKENDS, GATEWAY_SERVICE)],
    ['deploy/env.example', renderEnvExample([...new Map(env.map((s) => [s.name, s])).values()])],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [path, text] of derived()) {
  const file = join(root, path);
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present === text) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (check && stale.length > 0) {
  process.stderr.write(`Out of date (run npm run docs):\n${stale.map((p) => `  ${p}\n`).join('')}`);
  process.exitCode = 1;
} else if (!check) {
  process.stdout.write(stale.length > 0 ? `wrote ${stale.join(', ')}\n` : 'all up to date\n');
}
