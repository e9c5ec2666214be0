import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Deadline } from '../calls/deadline.js';
import { unavailable, type Unavailable } from '../calls/dgii-calls.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenVault } from './token-vault.js';
import { RENEWAL_DEADLINE_MS, type Token, type TokenKey } from './token.js';

/** How often a replica looks whether another one has finished. */
const POLL_MS = 100;
const BUSY_RETRY_MS = 1_000;

/**
 * Single flight across replicas. Whoever wants a token first looks for a valid one in the database;
 * if there is none, it claims the row for a bounded time (one statement, committed at once), asks
 * DGII with no transaction and no connection held, and stores the token if the claim is still its
 * own. The others poll the row. An advisory or row lock would be simpler but would pin a pooled
 * connection for as long as DGII takes, for every tenant at once on a bad day; a claim costs nothing
 * while DGII is slow, and a replica that dies leaves one that simply runs out.
 */
@Injectable()
export class TokenRenewal {
  constructor(
    private readonly vault: TokenVault,
    private readonly issuer: TokenIssuer,
  ) {}

  /** A valid token that is not the one stored as `rejected`. */
  async obtain(key: TokenKey, rejected: string | null): Promise<Token | Unavailable> {
    const deadline = Deadline.in(RENEWAL_DEADLINE_MS);
    while (deadline.remainingMs() > 0) {
      const found = await this.vault.findOrClaim(key, rejected);
      if (found.kind === 'token') return found;
      if (found.kind === 'claimed') return this.issue(key, found.claim, deadline);
      await delay(POLL_MS);
    }
    return unavailable('token.busy', BUSY_RETRY_MS);
  }

  private async issue(
    key: TokenKey,
    claim: string,
    deadline: Deadline,
  ): Promise<Token | Unavailable> {
    let stored = false;
    try {
      const issued = await this.issuer.issue(key, deadline);
      if (issued.kind === 'unavailable') return issued;
      const token = await this.vault.store(key, claim, issued);
      stored = true;
      return token;
    } finally {
      if (!stored) await this.vault.release(key, claim);
    }
  }
}
