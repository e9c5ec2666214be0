#!/usr/bin/env node
// Proves from files alone that audit chains are what was sealed (docs/reference/audit-format.md).
// Shares no code with the platform, on purpose: this one file and Node 20 are all it takes.
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as fs from 'node:fs';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const HELP = `Uso: audit-verify --checkpoints DIR --key CLAVE.pem [opciones] EXPORTACIÓN.ndjson…
Comprueba cadenas exportadas, en una o varias partes por contribuyente, contra los sellos firmados.
  --checkpoints DIR  copia inalterable de los sellos (000000000001.json, …)
  --key ARCHIVO      clave pública Ed25519 en PEM (puede repetirse)
  --tenant ID        solo este contribuyente (puede repetirse); si no, deben estar todos
  --known N:HASH     un sello que este programa mostró antes: debe seguir siendo el mismo
  --until N          el último sello anterior a la exportación; los posteriores no cuentan
  --no-checkpoints   sin sellos: no descubre recortes al final ni cadenas rehechas por completo
Salida: 0 en orden · 1 hay alteraciones · 2 no se pudo comprobar; con --json, para programas\n`;
const MEANING = {
  'entry.foreign': 'la línea no es una entrada de este contribuyente',
  'entry.missing': 'faltan entradas',
  'entry.order': 'entrada repetida o fuera de orden',
  'entry.altered': 'el hash no corresponde (o la anterior cambió junto con el suyo)',
  'chain.short': 'la cadena termina antes de lo sellado (¿sellos posteriores? vea --until)',
  'chain.rewritten': 'no es la cadena sellada: fue rehecha, o viene de una copia antigua',
  'checkpoint.signature': 'no es un sello firmado con ninguna de las claves',
  'checkpoint.missing': 'falta',
  'checkpoint.link': 'no sigue al sello anterior',
  'checkpoint.backwards': 'contradice a un sello anterior: se volvió a una copia antigua',
  'checkpoint.known': 'no es el que se conocía',
};
const [CHUNK, MAX_LINE, MAX_FINDINGS, WORTH_A_THREAD] = [2 ** 20, 2 ** 26, 20, 2 ** 23];
const sha512 = (data) => createHash('sha512').update(data).digest('hex');

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function* linesOf(path) {
  const file = fs.openSync(path, 'r');
  try {
    for (let [rest, size] = [Buffer.alloc(0), 1]; size > 0;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      size = fs.readSync(file, chunk);
      rest = Buffer.concat([rest, chunk.subarray(0, size)]);
      const end = size > 0 ? rest.lastIndexOf(10) + 1 : rest.length;
      yield* rest.utf8Slice(0, end).split('\n').filter(Boolean);
      rest = rest.subarray(end);
      if (rest.length > MAX_LINE) throw new Error(`«${path}» tiene una línea de más de 64 MB`);
    }
  } finally {
    fs.closeSync(file);
  }
}

function entryOf(json) {
  const { entry: text, hash } = parsed(json) ?? {};
  const { tenantId, seq } = parsed(text) ?? {};
  const isEntry = typeof tenantId === 'string' && Number.isSafeInteger(seq);
  return isEntry && /^[0-9a-f]{128}$/.test(hash) ? { tenantId, seq, text, hash } : {};
}

/** One tenant's files, in order, against its seals: `{ seq, hash, late }`, ascending. */
function verifyChain({ tenant, files, seals }) {
  const findings = [];
  const report = (kind, seq, until = seq) =>
    findings.length < MAX_FINDINGS && findings.push({ kind, tenant, seq, until });
  let [last, entries, at, proven, diverged] = [0, 0, 0, 0, false];
  let prev = sha512(`getupnet-audit-1:${tenant}`);
  const take = (json) => {
    const [next, { tenantId, seq, text, hash }] = [last + 1, entryOf(json)];
    if (tenantId !== tenant) return report('entry.foreign', next);
    if (seq < next) return report('entry.order', seq, next);
    const length = Buffer.byteLength(text).toString(16).padStart(8, '0');
    const chained = createHash('sha512').update(`01${prev}${length}`, 'hex').update(text);
    if (seq > next) report('entry.missing', next, seq - 1);
    else if (chained.digest('hex') !== hash) report('entry.altered', next);
    [last, prev, entries] = [seq, hash, entries + 1];
    for (; seals[at]?.seq <= last; at += 1) {
      if (seals[at].seq < last) continue;
      if (seals[at].hash !== prev) diverged ||= report('chain.rewritten', proven + 1, last) !== 0;
      else [diverged, proven] = [false, findings.length > 0 || seals[at].late ? proven : last];
    }
  };
  for (const { path } of files) for (const json of linesOf(path)) take(json);
  const sealed = seals.at(-1)?.seq ?? 0;
  if (entries === 0 || sealed > last) report('chain.short', last + 1, Math.max(1, sealed));
  const firstBad = Math.min(...findings.map(({ seq }) => seq));
  return { tenant, entries, sealed, proven, firstBad, findings };
}

function readCheckpoints(folder, { keys, known, tenants, until }) {
  const [seals, findings] = [new Map(), []];
  const report = (kind, checkpoint, more) => void findings.push({ kind, checkpoint, ...more });
  let [number, previous, isKnown, last] = [0, '0'.repeat(128), !known, undefined];
  const take = (name) => {
    if (parseInt(name) > number + 1) previous = report('checkpoint.missing', number + 1);
    const link = previous;
    [number, previous] = [parseInt(name), undefined];
    const { body: text, signature } = parsed(fs.readFileSync(`${folder}/${name}`, 'utf8')) ?? {};
    const [bytes, signed] = [Buffer.from(`${text}`), Buffer.from(`${signature}`, 'base64')];
    const isSigned = keys.some((key) => verify(null, bytes, key, signed));
    const { heads, ...body } = (isSigned && parsed(text)) || {};
    if (body.version !== 1 || body.number !== number) return report('checkpoint.signature', number);
    previous = sha512(bytes);
    if (link && body.previous !== link) report('checkpoint.link', number);
    isKnown ||= known === `${number}:${previous}`;
    for (const [tenant, { hash, seq }] of Object.entries(heads)) {
      if (tenants?.includes(tenant) === false) continue;
      const list = seals.get(tenant) ?? [];
      const head = list.at(-1) ?? { seq: 0 };
      const isBack = seq < head.seq || (seq === head.seq && hash !== head.hash);
      if (isBack) report('checkpoint.backwards', number, { tenant, seq, until: head.seq });
      if (hash !== head.hash) list.push({ hash, seq, late: isBack || head.late });
      seals.set(tenant, list);
    }
    last = { number, at: body.at, hash: previous };
  };
  const isSeal = (name) => /^\d{12}\.json$/.test(name) && !(parseInt(name) > until);
  if (folder) fs.readdirSync(folder).filter(isSeal).sort().forEach(take);
  if (folder && number < (until ?? 1)) report('checkpoint.missing', number + 1);
  if (!isKnown) report('checkpoint.known', parseInt(known));
  for (const list of seals.values()) list.sort((a, b) => a.seq - b.seq);
  return { seals, findings, last };
}

async function inThreads(jobs) {
  const piles = Array.from({ length: availableParallelism() }, () => []);
  jobs.forEach((job, at) => piles[at % piles.length].push(job));
  const start = (pile) => new Worker(new URL(import.meta.url), { workerData: pile });
  const done = piles.map(start).map((worker) => once(worker, 'message'));
  return (await Promise.all(done)).flat(2).sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}

/** Everything the program proves; `paths` are parts of exports, in any order. */
export async function auditVerify({ paths, checkpoints, tenants, ...trust }) {
  const { seals, findings, last } = readCheckpoints(checkpoints, { ...trust, tenants });
  const files = paths.flatMap((path) => {
    for (const json of linesOf(path)) {
      const { tenantId, seq } = entryOf(json);
      if (tenantId) return { path, tenantId, seq };
    }
    if (fs.statSync(path).size > 0) throw new Error(`«${path}» no es una exportación`);
    return [];
  });
  const wanted = tenants ?? [...files.map(({ tenantId }) => tenantId), ...seals.keys()];
  const jobs = [...new Set(wanted)].sort().map((tenant) => {
    const own = files.filter(({ tenantId }) => tenantId === tenant);
    return { tenant, files: own.sort((a, b) => a.seq - b.seq), seals: seals.get(tenant) ?? [] };
  });
  const size = paths.reduce((sum, path) => sum + fs.statSync(path).size, 0);
  const chains = size < WORTH_A_THREAD ? jobs.map(verifyChain) : await inThreads(jobs);
  const all = [...findings, ...chains.flatMap((chain) => chain.findings)];
  return { ok: all.length === 0, last, chains, findings: all };
}

function described({ ok, last, chains, findings }) {
  const rows = chains.map(({ tenant, entries, sealed, proven, firstBad }) => {
    const verdict = `ALTERADA desde la entrada ${firstBad} (probada hasta la ${proven})`;
    const facts = `${String(entries).padStart(9)} entradas, selladas hasta la ${sealed}`;
    return `${tenant}  ${facts}  ${firstBad === Infinity ? 'en orden' : verdict}`;
  });
  const faults = findings.map(({ kind, tenant, checkpoint, seq, until }) => {
    const place = `${tenant}, entrada ${seq}${seq < until ? ` a ${until}` : ''}`;
    return `✗ ${checkpoint ? `sello ${checkpoint}` : place}: ${MEANING[kind]} (${kind})`;
  });
  const seal = last ? [`Último sello: ${last.number}:${last.hash} (${last.at})`] : [];
  return [...rows, ...faults, ...seal, ok ? 'Todo en orden.' : 'HAY ALTERACIONES.'].join('\n');
}

async function main() {
  const text = { type: 'string' };
  const [list, flag] = [{ ...text, multiple: true }, { type: 'boolean' }];
  const given = { checkpoints: text, key: list, tenant: list, known: text, until: text };
  const options = { ...given, 'no-checkpoints': flag, json: flag, help: { ...flag, short: 'h' } };
  const { values, positionals: paths } = parseArgs({ options, allowPositionals: true });
  const { key = [], tenant: tenants, help, json, 'no-checkpoints': bare, ...rest } = values;
  if (help) return void console.log(HELP);
  if (!paths[0] || !(bare || (rest.checkpoints && key[0]))) throw new Error('faltan datos: --help');
  if (!/^[1-9]\d*$/.test(rest.until ?? 1)) throw new Error('--until quiere el número de un sello');
  const keys = key.map((path) => createPublicKey(fs.readFileSync(path)));
  const result = await auditVerify({ ...rest, paths, keys, tenants });
  console.log(json ? JSON.stringify(result) : described(result));
  return result.ok ? 0 : 1;
}

function failed({ code, path = 'una clave o exportación', message }) {
  const misuse = /PARSE/.test(code) && `la opción ${/--?[\w-]+/.exec(message)} está mal usada`;
  const file = code && `${code === 'ENOENT' ? 'no existe' : 'no se puede leer'} ${path} (${code})`;
  return console.error(`No se pudo comprobar: ${misuse || file || message}`) ?? 2;
}
if (!isMainThread) parentPort.postMessage(workerData.map(verifyChain));
else if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main().catch(failed);
