import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { PASSWORD_LENGTH } from '@getupnet/contracts';
import { Config } from '@getupnet/platform';
import { Inject, Injectable, Optional } from '@nestjs/common';
import argon2 from 'argon2';
import { authEnv } from '../auth-env.js';
import { Slots } from './slots.js';

/** What one hash costs; `memoryCost` in KiB. */
export interface HashCost {
  readonly timeCost: number;
  readonly memoryCost: number;
  readonly parallelism: number;
}

/** AUT-1. */
export const HASH_COST: HashCost = { timeCost: 4, memoryCost: 65_536, parallelism: 2 };
/** Token of another cost, for tests. */
export const HASH_COST_OVERRIDE = Symbol('HashCost');

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Argon2id, a few at a time: a hash takes 64 MiB and a thread of libuv's, which signatures need too.
 * Whoever finds the queue full is answered `rate.limited`.
 */
@Injectable()
export class Passwords {
  readonly slots: Slots;
  readonly #cost: HashCost;
  /** Nobody's: so that an account that does not exist costs what one that does costs. */
  readonly #nobodys: string;

  constructor(config: Config, @Optional() @Inject(HASH_COST_OVERRIDE) cost?: HashCost) {
    const { AUTH_PASSWORD_SLOTS: slots, AUTH_PASSWORD_QUEUE: queue } = config.get(authEnv);
    this.slots = new Slots(Math.min(slots, availableParallelism()), queue);
    this.#cost = cost ?? HASH_COST;
    this.#nobodys = someHash(this.#cost);
  }

  /** For `password_hash`. */
  async hash(password: string): Promise<string> {
    const text = checked(password);
    return this.slots.run(() => argon2.hash(text, { ...this.#cost, type: argon2.argon2id }));
  }

  /** Whether it is the password behind a hash; without one it takes as long and is not. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const text = checked(password);
    // Whatever else may stand there, such as the mark of an account without a password, is no hash.
    const known = hash?.startsWith('$argon2id$') === true ? hash : undefined;
    const right = await this.slots.run(() => argon2.verify(known ?? this.#nobodys, text));
    return right && known !== undefined;
  }

  /** Whether a hash was made at another cost than today's. */
  isOutdated(hash: string): boolean {
    return argon2.needsRehash(hash, { ...this.#cost });
  }
}

/** The same characters typed on another keyboard are the same password. */
function checked(password: string): string {
  const text = password.normalize('NFKC');
  if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max) {
    // Routes check it by schema; whoever else comes here has not.
    throw new RangeError('a password has 12 to 128 characters');
  }
  return text;
}

/** Looks like a hash of that cost and is of no password anybody knows. */
function someHash({ timeCost, memoryCost, parallelism }: HashCost): string {
  const part = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
  const cost = `m=${memoryCost},t=${timeCost},p=${parallelism}`;
  return `$argon2id$v=19$${cost}$${part(SALT_BYTES)}$${part(HASH_BYTES)}`;
}
