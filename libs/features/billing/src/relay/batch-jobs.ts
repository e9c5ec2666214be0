import type { DocumentJob } from '@getupnet/contracts';

/** Ids one job carries at the most. */
export const MOST_IDS = 64;

/** One job per tenant and up to 64 documents; each document once, tenants in turn. */
export function batchJobs(
  rows: readonly { readonly tenantId: string; readonly documentId: string }[],
): DocumentJob[] {
  const byTenant = new Map<string, Set<string>>();
  for (const { tenantId, documentId } of rows) {
    const ids = byTenant.get(tenantId);
    if (ids) ids.add(documentId);
    else byTenant.set(tenantId, new Set([documentId]));
  }
  const queues = [...byTenant].map(([tenantId, ids]) => ({ tenantId, ids: [...ids] }));
  const jobs: DocumentJob[] = [];
  for (let from = 0; queues.some(({ ids }) => ids.length > from); from += MOST_IDS) {
    for (const { tenantId, ids } of queues) {
      const documentIds = ids.slice(from, from + MOST_IDS);
      if (documentIds.length > 0) jobs.push({ version: 1, tenantId, documentIds });
    }
  }
  return jobs;
}
