import type { DgiiAnswer } from '@getupnet/dgii-api';

/** What an answer says of the service itself. */
export type Health = 'well' | 'ill' | 'unknown';

/** Too slow for us, too many calls: the service, not the document. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * The breaker is shared by all tenants, so only what no single document or delegation can cause
 * counts against the service: no connection, no answer, 5xx, redirection, and pages or nothing at all
 * where it says that all is well. A 4xx without a reason (a firewall that dislikes one document, a
 * reader that chokes on it) and JSON of another shape say nothing either way: nobody's business but
 * the document's. Nor does silence that we ended early ourselves, or a wait for a connection of ours.
 */
export function healthOf(answer: DgiiAnswer<unknown>, waitedFairly: boolean): Health {
  switch (answer.kind) {
    case 'lost':
      return answer.reason !== 'timeout' || waitedFairly ? 'ill' : 'unknown';
    case 'unsent':
      // A connection that is being made has a time-out of its own, with another name.
      return answer.reason === 'timeout' ? 'unknown' : 'ill';
    case 'unusable':
      return isIll(answer.httpStatus, answer.reason) ? 'ill' : 'unknown';
    case 'unsupported':
      return 'unknown';
    case 'ok':
    case 'refused':
    case 'unauthorized':
      return 'well';
  }
}

function isIll(status: number, reason: string): boolean {
  if (status >= 200 && status < 300) return reason === 'answer.empty' || reason === 'answer.markup';
  return status < 400 || status >= 500 || BUSY.has(status);
}
