import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SystemClock } from '@getupnet/kernel';
import {
  AuditCheckpoints,
  AuditLog,
  AuditReader,
  TenantDb,
  entryText,
  type Pools,
} from '@getupnet/persistence';
import { MAX_LISTED, type WormStore } from '@getupnet/storage';
import { CliError } from '../cli/io.js';
import { lastEntryOf } from './last-entry.js';

/** Entries one look at the database brings; no more are held in memory. */
const PAGE = 1_000;
const FOLDER = 'checkpoints/';
const OWNER_ONLY = 0o600;

export interface KitOptions {
  readonly directory: string;
  /** All that have a chain, where absent. */
  readonly tenants?: readonly string[];
  /** A kit kept from before: chains go on behind what it has. */
  readonly behind?: string;
  /** Told of each file. */
  readonly onFile?: (name: string, count: number) => void;
}

/**
 * Writes everything `audit-verify` needs: the checkpoints as the store holds them, then a file for
 * each chain. In this order: a chain may be longer than what is sealed, never shorter.
 */
export async function exportKit(
  pools: Pools,
  store: WormStore,
  options: KitOptions,
): Promise<void> {
  const { directory, behind, onFile } = options;
  const chains = new AuditCheckpoints(pools);
  if (options.tenants !== undefined) refuseStrangers(options.tenants, await chains.heads());
  await mkdir(join(directory, FOLDER), { recursive: true, mode: 0o700 });
  onFile?.(FOLDER, await copyCheckpoints(store, directory));
  const db = new TenantDb(pools);
  const tenants = options.tenants ?? [...(await chains.heads()).keys()].sort();
  for (const tenantId of tenants) {
    const name = `${tenantId}.ndjson`;
    const after = behind === undefined ? 0 : await lastEntryOf(join(behind, name));
    await tellExport(db, tenantId, after);
    const chain = { tenantId, after };
    onFile?.(name, await exportChain(pools, chain, join(directory, name)));
  }
}

/** Telling of an export begins a chain; there shall be none of a company that does not exist. */
function refuseStrangers(tenants: readonly string[], heads: ReadonlyMap<string, unknown>): void {
  const stranger = tenants.find((id) => !heads.has(id));
  if (stranger === undefined) return;
  throw new CliError(`El contribuyente ${stranger} no tiene cadena de auditoría aquí.`);
}

async function copyCheckpoints(store: WormStore, directory: string): Promise<number> {
  let count = 0;
  for (let after: string | undefined; ;) {
    const names = await store.list(FOLDER, after === undefined ? {} : { after });
    for (const name of names) {
      const bytes = await store.get(name);
      if (bytes === null) throw new Error(`${name} is listed and cannot be read`);
      await writeFile(join(directory, name), bytes, { mode: OWNER_ONLY });
      count += 1;
    }
    after = names.at(-1);
    if (after === undefined || names.length < MAX_LISTED) return count;
  }
}

interface ChainPart {
  readonly tenantId: string;
  /** Only entries after this one. */
  readonly after: number;
}

/** One chain, oldest entry first; the file has its name once it is whole. */
async function exportChain(pools: Pools, chain: ChainPart, path: string): Promise<number> {
  const part = `${path}.part`;
  const counted = { entries: 0 };
  const lines = Readable.from(linesOf(new AuditReader(pools), chain, counted));
  await pipeline(lines, createWriteStream(part, { mode: OWNER_ONLY, flush: true }));
  await rename(part, path);
  return counted.entries;
}

async function* linesOf(
  reader: AuditReader,
  { tenantId, after }: ChainPart,
  counted: { entries: number },
): AsyncGenerator<string> {
  for (let seq = after; ;) {
    const links = await reader.walk(tenantId, seq, PAGE);
    const last = links.at(-1);
    if (last === undefined) return;
    seq = last.seq;
    let text = '';
    for (const { event, hash, seq: at } of links) {
      // Its month was archived: the line is in the export made before that.
      if (event === null) continue;
      const entry = entryText({ tenantId, seq: at, ...event });
      text += `${JSON.stringify({ entry, hash: hash.toString('hex') })}\n`;
      counted.entries += 1;
    }
    if (text !== '') yield text;
  }
}

/** Exports are events themselves (AUD-3), also those made beside the API. */
function tellExport(db: TenantDb, tenantId: string, after: number): Promise<void> {
  const audit = new AuditLog(new SystemClock());
  return db.run({ tenantId }, (tx) =>
    audit.append(tx, {
      ...{ tenantId, type: 'audit.exported', subjectId: null },
      ...{ actor: 'installation', payload: { after } },
    }),
  );
}
