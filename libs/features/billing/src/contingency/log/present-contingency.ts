import {
  CONTINGENCY_KINDS,
  CONTINGENCY_SCOPES,
  type ContingencyResource,
} from '@getupnet/contracts';
import type { ContingencyRecord } from '@getupnet/persistence';
import { asEnvironment } from '../../documents/document-columns.js';
import type { EpisodeCounts } from './contingencies.repository.js';

/** The contingency resource of the API. */
export function presentContingency(
  record: ContingencyRecord,
  counts: EpisodeCounts | undefined,
): ContingencyResource {
  const self = `/tenant/contingencies/${record.id}`;
  return {
    id: record.id,
    environment: asEnvironment(record.environment),
    kind: oneOf(CONTINGENCY_KINDS, record.kind),
    scope: oneOf(CONTINGENCY_SCOPES, record.scope),
    branches: record.branches,
    cause: record.cause,
    begunAt: record.begunAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
    documents: {
      issued: counts?.issued ?? 0,
      waiting: counts?.waiting ?? 0,
      unanswered: counts?.unanswered ?? 0,
      received: counts?.received ?? 0,
      accepted: counts?.accepted ?? 0,
      rejected: counts?.rejected ?? 0,
      sendBy: counts?.sendBy?.toISOString() ?? null,
    },
    paper: {
      captured: counts?.captured ?? 0,
      pending: counts?.pending ?? 0,
      inProgress: counts?.inProgress ?? 0,
      replaced: counts?.replaced ?? 0,
    },
    notified:
      record.notifiedAt === null
        ? null
        : { at: record.notifiedAt.toISOString(), reference: record.notifiedRef },
    createdAt: record.createdAt.toISOString(),
    links: {
      self,
      notice: `${self}/notice`,
      paper: `/tenant/contingency-paper?contingencyId=${record.id}`,
    },
  };
}

/** Refuses what the constraints of the table exclude. */
function oneOf<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((one) => one === text);
  if (value === undefined) throw new Error(`${text} is none of ${values.join()}`);
  return value;
}
