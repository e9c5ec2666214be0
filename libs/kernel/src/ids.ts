import { v7, validate } from 'uuid';
import { SystemClock } from './clock.js';

const ID_BYTES = 16;
/** Asking the system for 16 bytes costs five times what the rest of an id does. */
const random = new Uint8Array(ID_BYTES * 256);
const clock = new SystemClock();
let used = random.length;
let msecs = Number.NEGATIVE_INFINITY;
let seq = 0;

/**
 * New row id: UUID version 7, so that keys of the same time lie together in an index. The ids of a
 * process ascend, also within a millisecond and when the clock steps back (RFC 9562, 6.2).
 */
export function newId(): string {
  const bytes = randomBytes();
  const now = clock.now().getTime();
  if (now > msecs) {
    msecs = now;
    // The highest bit stays free, so that counting on does not overflow soon.
    seq = new DataView(bytes.buffer, bytes.byteOffset).getUint32(6) >>> 1;
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ random: bytes, msecs, seq });
}

function randomBytes(): Uint8Array {
  if (used === random.length) {
    crypto.getRandomValues(random);
    used = 0;
  }
  used += ID_BYTES;
  return random.subarray(used - ID_BYTES, used);
}

export function isUuid(value: string): boolean {
  return validate(value);
}
