import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentResource } from '@getupnet/contracts';
import { SystemClock, dominicanDate } from '@getupnet/kernel';
import { Agent, request } from 'undici';
import type { DataDir } from './data-dir.js';
import { DEMO_DOCUMENTS, type DemoDocument } from './demo-documents.data.js';
import type { DemoFile } from './demo-file.js';
import { LaunchError } from './launch-error.js';

/** One line of the demo's result. */
export interface DemoResult {
  readonly encf: string;
  readonly tipo: string;
  readonly state: string;
  readonly trackId: string | null;
  readonly codigoSeguridad: string | null;
  readonly xml: string;
  readonly pdf: string;
}

const WAIT_S = 25;

/** Posts one document of every type through the public API and waits for DGII's verdicts. */
export async function issueDemoDocuments(
  demo: DemoFile,
  dir: DataDir,
  onIssued: (document: DemoDocument, result: DemoResult) => void,
): Promise<DemoResult[]> {
  const [tenant] = demo.tenants;
  if (!tenant) throw new LaunchError('No hay empresas de demostración; borre el directorio .data.');
  const agent = new Agent({ keepAliveTimeout: 5_000 });
  const run = randomUUID();
  const today = dominicanDate(new SystemClock().now());
  const issued = new Map<string, string>();
  const results: DemoResult[] = [];
  try {
    for (const [index, document] of DEMO_DOCUMENTS.entries()) {
      const answer = await post(demo, agent, {
        apiKey: tenant.apiKey,
        key: `demo-${run}-${index}`,
        body: { ECF: document.tree(issued, today) },
      });
      if (!issued.has(document.tipo)) issued.set(document.tipo, answer.encf);
      const keep = async (extension: string, link: string): Promise<string> => {
        const path = join(dir.documents, `${tenant.rnc}${answer.encf}.${extension}`);
        await writeFile(path, await download(demo, agent, tenant.apiKey, link));
        return path;
      };
      const result = {
        encf: answer.encf,
        tipo: answer.tipo,
        state: answer.state,
        trackId: answer.dgii.trackId,
        codigoSeguridad: answer.codigoSeguridad,
        xml: await keep('xml', answer.links.xml),
        pdf: await keep('pdf', answer.links.ri),
      };
      onIssued(document, result);
      results.push(result);
    }
    return results;
  } finally {
    await agent.close();
  }
}

async function post(
  demo: DemoFile,
  dispatcher: Agent,
  command: { readonly apiKey: string; readonly key: string; readonly body: object },
): Promise<DocumentResource> {
  const answer = await request(`${demo.gatewayUrl}/tenant/emit/ecf`, {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${command.apiKey}`,
      'idempotency-key': command.key,
      prefer: `wait=${WAIT_S}`,
    },
    body: JSON.stringify(command.body),
  });
  if (answer.statusCode !== 200 && answer.statusCode !== 202) {
    throw new Error(`emit answered ${answer.statusCode}: ${await answer.body.text()}`);
  }
  return (await answer.body.json()) as DocumentResource;
}

async function download(
  demo: DemoFile,
  dispatcher: Agent,
  apiKey: string,
  link: string,
): Promise<Buffer> {
  const answer = await request(`${demo.gatewayUrl}${link}`, {
    dispatcher,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode !== 200) {
    throw new Error(`${link} answered ${answer.statusCode}: ${body.toString('utf8')}`);
  }
  return body;
}
