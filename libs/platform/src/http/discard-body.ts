import type { IncomingMessage } from 'node:http';
import { MAX_BODY_LIMIT } from './body-parsers.js';

/** How much of a refused body is still read; whoever sends more is cut off. */
const MOST_DISCARDED = 2 * MAX_BODY_LIMIT;

/**
 * Calls `then` once the rest of a refused body was read and dropped. Closing a connection on which
 * the client is still sending resets it, and the client never sees why (RFC 9112, section 9.6).
 */
export function afterBody(request: IncomingMessage, then: () => void): void {
  if (request.complete || Number(request.headers['content-length'] ?? 0) > MOST_DISCARDED) {
    then();
    return;
  }
  let dropped = 0;
  const onData = (chunk: Buffer): void => {
    dropped += chunk.length;
    if (dropped > MOST_DISCARDED) onEnd();
  };
  const onEnd = (): void => {
    request.off('data', onData).off('end', onEnd).off('close', onEnd);
    then();
  };
  request.on('data', onData).on('end', onEnd).on('close', onEnd);
  request.resume();
}
