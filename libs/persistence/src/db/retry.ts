import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseFault, mapDatabaseError } from './database-errors.js';

/** A transaction that lost a deadlock or a serialization conflict is run again so many times. */
export const MAX_ATTEMPTS = 4;
const BACK_OFF_MS = 10;

/**
 * Runs a transaction, again when the database gave it up for another's sake, and turns what the
 * database cannot do into problems. `work` therefore has no effects outside its transaction.
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (databaseFault(error) !== 'conflict' || attempt === MAX_ATTEMPTS) {
        throw mapDatabaseError(error);
      }
      await delay(randomInt(1, BACK_OFF_MS * 2 ** attempt));
    }
  }
}
