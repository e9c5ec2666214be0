import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultTenant } from '../world/tenants.js';

const NDJSON = 'application/x-ndjson';
const WITHIN_MS = 60_000;
const RETRY_MS = 500;

/** Each company's chain, as its own people would export it. */
export async function exportChains(
  url: string,
  tenants: readonly FaultTenant[],
  dir: string,
): Promise<void> {
  for (const { id, apiKey } of tenants) {
    await writeFile(join(dir, `${id}.ndjson`), await exportOf(url, apiKey));
  }
}

async function exportOf(url: string, apiKey: string): Promise<string> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      const response = await fetch(`${url}/audit/logs`, {
        headers: { authorization: `Bearer ${apiKey}`, accept: NDJSON },
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const text = await response.text();
      if (response.status === 200) return text;
      throw new Error(`audit export: ${response.status} ${text}`);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(RETRY_MS);
    }
  }
}
