import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serializeBytes, type EcfDocument } from '@getupnet/ecf';
import {
  createSigner,
  issueCertificate,
  readP12,
  signCanonical,
  signForeign,
  type Signer,
} from '@getupnet/xmldsig';
import { Pool } from 'undici';
import { cpuTimes } from './cpu-time.js';
import { percentile, print, round } from './figure.js';
import { ISSUER, invoice } from './sample-documents.js';
import { startSimulatorProcess } from './stack.js';

const LINES = 5;
const WARM_UP = 2_000;
/** Signed ahead, outside the clock: only the simulator is measured, and little is kept in memory. */
const CHUNK = 2_500;
const SETTLED_AFTER = 10_000;

export interface SimulatorBenchOptions {
  readonly documents: number;
  readonly inFlight: number;
}

/** Full e-CF per second that the simulator takes and judges: schema, signature, number, totals. */
export async function simulatorBench({ documents, inFlight }: SimulatorBenchOptions) {
  const dataDir = await mkdtemp(join(tmpdir(), 'getupnet-bench-'));
  const simulator = await startSimulatorProcess(['--data-dir', dataDir]);
  const pid = simulator.process.pid ?? 0;
  const pool = new Pool(simulator.url, { connections: inFlight });
  try {
    const client = await connect(pool, newSigner());
    await client.send(1, WARM_UP, inFlight);
    const names = new Map([[pid, 'simulator']]);
    let seconds = 0;
    let cpuMs = 0;
    let settledKb: number | undefined;
    const latenciesMs: number[] = [];
    for (let sent = 0; sent < documents; sent += CHUNK) {
      const count = Math.min(CHUNK, documents - sent);
      const before = cpuTimes(names).get('simulator') ?? 0;
      const run = await client.send(WARM_UP + 1 + sent, count, inFlight);
      cpuMs += (cpuTimes(names).get('simulator') ?? 0) - before;
      seconds += run.seconds;
      latenciesMs.push(...run.latenciesMs);
      if (sent + count >= SETTLED_AFTER) settledKb ??= await rssKb(pid);
    }
    const endKb = await rssKb(pid);
    print({
      bench: 'simulator',
      what: `${documents} e-CF of ${LINES} lines judged, ${inFlight} in flight`,
      value: documents / seconds,
      unit: 'e-CF/s',
      target: '≥ 1000',
      detail: {
        accepted: (await acceptedIn(join(dataDir, 'ledger.jsonl'))) - WARM_UP,
        cpuMsPerDocument: round(cpuMs / documents),
        p95Ms: round(percentile(latenciesMs, 0.95)),
        rssMb: round(endKb / 1024),
        ...(settledKb === undefined ? {} : { rssGrowth: round(endKb / settledKb) }),
      },
    });
  } finally {
    await pool.close();
    simulator.process.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** By the simulator's own ledger. */
async function acceptedIn(ledger: string): Promise<number> {
  let accepted = 0;
  for await (const line of createInterface({ input: createReadStream(ledger) })) {
    if ((JSON.parse(line) as { codigo: string | null }).codigo === '1') accepted += 1;
  }
  return accepted;
}

function newSigner(): Signer {
  const { p12, password } = issueCertificate({
    holderId: '00199999996',
    name: 'Banco de Pruebas',
    password: 'banco-de-pruebas',
  });
  const { privateKey, certificatePem } = readP12(p12, password);
  return createSigner(privateKey, certificatePem);
}

interface Client {
  send(
    first: number,
    count: number,
    inFlight: number,
  ): Promise<{ readonly seconds: number; readonly latenciesMs: readonly number[] }>;
}

async function connect(pool: Pool, signer: Signer): Promise<Client> {
  const authorization = await token(pool, signer);
  const sample = invoice(LINES);
  return {
    send: async (first, count, inFlight) => {
      const files: Upload[] = [];
      for (let index = 0; index < count; index += 1) {
        files.push(await signedUpload(sample, first + index, signer));
      }
      const latenciesMs: number[] = [];
      let next = 0;
      const from = performance.now();
      const worker = async (): Promise<void> => {
        for (let file = files[next++]; file !== undefined; file = files[next++]) {
          const sentAt = performance.now();
          await post(pool, '/ecf/testecf/recepcion/api/facturaselectronicas', file, authorization);
          latenciesMs.push(performance.now() - sentAt);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
      return { seconds: (performance.now() - from) / 1000, latenciesMs };
    },
  };
}

async function token(pool: Pool, signer: Signer): Promise<string> {
  const base = '/ecf/testecf/autenticacion/api/autenticacion';
  const { body } = await pool.request({ path: `${base}/semilla`, method: 'GET' });
  const { xml } = signForeign(Buffer.from(await body.text()), signer);
  const answer = await post(
    pool,
    `${base}/validarsemilla`,
    upload('semilla.xml', Buffer.from(xml)),
  );
  return `Bearer ${(JSON.parse(answer) as { token: string }).token}`;
}

interface Upload {
  readonly type: string;
  readonly body: Buffer;
}

async function signedUpload(sample: EcfDocument, number: number, signer: Signer): Promise<Upload> {
  const encf = `E31${String(number).padStart(10, '0')}`;
  const { Encabezado } = sample;
  const document: EcfDocument = {
    ...sample,
    Encabezado: { ...Encabezado, IdDoc: { ...Encabezado.IdDoc, eNCF: encf } },
  };
  const { bytes } = await signCanonical(serializeBytes(document), signer);
  return upload(`${ISSUER.RNCEmisor}${encf}.xml`, bytes);
}

function upload(name: string, xml: Buffer): Upload {
  const boundary = 'bench-boundary';
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="xml"; filename="${name}"\r\n` +
    'content-type: text/xml\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), xml, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}

async function post(
  pool: Pool,
  path: string,
  { type, body }: Upload,
  authorization = '',
): Promise<string> {
  const answer = await pool.request({
    path,
    method: 'POST',
    headers: { 'content-type': type, accept: 'application/json', authorization },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return text;
}

async function rssKb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}
