import { Clock, newId } from '@getupnet/kernel';
import { TenantDb } from '@getupnet/persistence';
import { Sealer, SealError, type SealedPlace } from '@getupnet/secrets';
import { Injectable, Logger } from '@nestjs/common';
import { DgiiTokenRepository } from './dgii-token.repository.js';
import type { IssuedToken } from './token-issuer.js';
import { RENEWAL_DEADLINE_MS, type Token, type TokenKey } from './token.js';

export type FoundOrClaimed =
  | Token
  /** Ours to obtain; the id is needed to store or release. */
  | { readonly kind: 'claimed'; readonly claim: string }
  /** Somebody else is obtaining it. */
  | { readonly kind: 'busy' };

/** A claim outlives the renewal it stands for; after a crash the next one waits this long. */
const CLAIM_LEASE_MS = RENEWAL_DEADLINE_MS + 3_000;

/** Tokens in the database, sealed; shared by all replicas. */
@Injectable()
export class TokenVault {
  private readonly logger = new Logger('TokenVault');

  constructor(
    private readonly db: TenantDb,
    private readonly tokens: DgiiTokenRepository,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async findOrClaim(key: TokenKey, rejected: string | null): Promise<FoundOrClaimed> {
    const id = newId();
    const { stored, claimed } = await this.db.run(key, async (tx) => {
      const found = await this.tokens.findValid(tx, key);
      if (found && found.sealed !== rejected) return { stored: found, claimed: false };
      const claim = { id, leaseMs: CLAIM_LEASE_MS, rejected };
      return { stored: null, claimed: await this.tokens.claim(tx, key, claim) };
    });
    if (!stored) return claimed ? { kind: 'claimed', claim: id } : { kind: 'busy' };
    const token = await this.open(key, stored.sealed);
    // Sealed under a key that is gone: no better than a rejected one.
    if (token === null) return this.findOrClaim(key, stored.sealed);
    return this.present(key, token, stored.sealed, stored.remainingMs);
  }

  /** The token is good even if the claim has meanwhile become somebody else's. */
  async store(key: TokenKey, claim: string, issued: IssuedToken): Promise<Token> {
    const sealed = await this.sealer.seal(Buffer.from(issued.token, 'utf8'), placeOf(key));
    const { lifetimeMs } = issued;
    await this.db.run(key, (tx) => this.tokens.store(tx, key, { id: claim, sealed, lifetimeMs }));
    return this.present(key, issued.token, sealed, lifetimeMs);
  }

  async release(key: TokenKey, claim: string): Promise<void> {
    await this.db.run(key, (tx) => this.tokens.release(tx, key, claim));
  }

  private async open(key: TokenKey, sealed: string): Promise<string | null> {
    try {
      return (await this.sealer.open(sealed, placeOf(key))).toString('utf8');
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.logger.warn({ message: 'stored DGII token does not open', tenantId: key.tenantId });
      return null;
    }
  }

  private present(key: TokenKey, token: string, sealed: string, lifetimeMs: number): Token {
    const expiresAtMs = this.clock.now().getTime() + lifetimeMs;
    return { kind: 'token', token, sealed, thumbprint: key.thumbprint, expiresAtMs };
  }
}

function placeOf({ tenantId, environment, thumbprint }: TokenKey): SealedPlace {
  return { tenantId, purpose: 'dgii-token', id: `${environment}/${thumbprint}` };
}
