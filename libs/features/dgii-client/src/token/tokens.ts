import { Sign, type DgiiParty } from '@getupnet/contracts';
import { AppError, Clock, isAppError } from '@getupnet/kernel';
import { logFailure } from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { unavailable, type Unavailable } from '../calls/dgii-calls.js';
import { Deadline } from '../calls/deadline.js';
import { TokenRenewal } from './token-renewal.js';
import { RENEWAL_DEADLINE_MS, type Token } from './token.js';

interface Slot {
  token: Token | null;
  /** When the tenant's active certificate was last asked for. */
  checkedAtMs: number;
  pausedUntilMs: number;
  pausedBy: string;
  flight: Promise<Token | Unavailable> | null;
}

/** A newly activated certificate is noticed within this time. */
const CERTIFICATE_CHECK_MS = 60_000;
/** With the signer away a token in memory serves on; so often the signer is asked again. */
const SIGNER_RETRY_MS = 5_000;
/** After a failure nobody asks again for this long: one item's misfortune is its batch's. */
const FAILURE_PAUSE_MS = 2_000;
/** DGII said no in words: until a person acted each further try is a signature and two calls lost. */
const LONGEST_PAUSE_MS = 60_000;
const IN_WORDS = /\.refused: /;
/** DGII turned a brand-new token down: asking for ever more of them would be a storm. */
const REFUSED_PAUSE_MS = 10_000;
/** Without a certificate in force nothing changes until a person acts. */
const CERTIFICATE_RETRY_MS = 60_000;
/** Tenants × environments kept in memory; the oldest goes first. */
const MAX_SLOTS = 20_000;

/** Tokens in memory, in front of the database; one renewal at a time per tenant and environment. */
@Injectable()
export class Tokens {
  private readonly logger = new Logger('Tokens');
  private readonly slots = new Map<string, Slot>();

  constructor(
    private readonly renewal: TokenRenewal,
    private readonly sign: Sign,
    private readonly clock: Clock,
  ) {}

  /** A token to use now. */
  async current(party: DgiiParty): Promise<Token | Unavailable> {
    const slot = this.slot(party);
    const token = this.valid(slot);
    const checkedAgoMs = this.nowMs() - slot.checkedAtMs;
    if (token && checkedAgoMs >= 0 && checkedAgoMs < CERTIFICATE_CHECK_MS) return token;
    return this.renewOnce(party, slot, null);
  }

  /** Another token than `rejected`, which DGII answered with 401. */
  async replace(party: DgiiParty, rejected: Token): Promise<Token | Unavailable> {
    const slot = this.slot(party);
    const differs = (one: Token | Unavailable): boolean =>
      one.kind === 'unavailable' || one.sealed !== rejected.sealed;
    if (slot.flight) {
      const landed = await slot.flight;
      if (differs(landed)) return landed;
    }
    const token = this.valid(slot);
    if (token && differs(token)) return token;
    slot.token = null;
    return this.renewOnce(party, slot, rejected.sealed);
  }

  /** DGII answered 401 to a token just obtained: rest before the next. */
  refused(party: DgiiParty, token: Token, text: string): Unavailable {
    const slot = this.slot(party);
    const { tenantId, environment } = party;
    this.logger.warn({ message: 'DGII refuses a fresh token', tenantId, environment, text });
    if (slot.token?.sealed === token.sealed) slot.token = null;
    return this.pause(slot, unavailable('token.refused', REFUSED_PAUSE_MS));
  }

  private renewOnce(
    party: DgiiParty,
    slot: Slot,
    rejected: string | null,
  ): Promise<Token | Unavailable> {
    if (slot.flight) return slot.flight;
    const pauseMs = slot.pausedUntilMs - this.nowMs();
    if (pauseMs > 0 && pauseMs <= LONGEST_PAUSE_MS && !this.valid(slot)) {
      return Promise.resolve(unavailable(slot.pausedBy, pauseMs));
    }
    slot.flight = this.renew(party, slot, rejected).finally(() => {
      slot.flight = null;
    });
    return slot.flight;
  }

  /** Never rejects: without a token a document was certainly not sent. */
  private async renew(
    party: DgiiParty,
    slot: Slot,
    rejected: string | null,
  ): Promise<Token | Unavailable> {
    const { tenantId, environment } = party;
    try {
      const thumbprint = await this.activeThumbprint(tenantId);
      const known = this.valid(slot);
      const current = known?.thumbprint === thumbprint ? known : null;
      // The token of a certificate that was replaced is not used while DGII gives us none of the new.
      if (current === null) slot.token = null;
      const token =
        current ?? (await this.renewal.obtain({ tenantId, environment, thumbprint }, rejected));
      if (token.kind === 'unavailable') return this.pause(slot, token);
      slot.token = token;
      slot.checkedAtMs = this.nowMs();
      return token;
    } catch (error) {
      logFailure(this.logger, error, { message: 'no DGII token', tenantId, environment });
      // Without a certificate in force nothing is done in the tenant's name, whatever DGII still takes.
      if (isAppError(error) && error.code.startsWith('cert.')) slot.token = null;
      const known = this.valid(slot);
      if (known) {
        slot.checkedAtMs = this.nowMs() - CERTIFICATE_CHECK_MS + SIGNER_RETRY_MS;
        return known;
      }
      return this.pause(slot, unavailableBecause(error));
    }
  }

  private async activeThumbprint(tenantId: string): Promise<string> {
    const deadline = Deadline.in(RENEWAL_DEADLINE_MS);
    const thumbprint = await deadline.orNull(this.sign.activeThumbprint(tenantId));
    if (thumbprint !== null) return thumbprint;
    throw new AppError('dependency.unavailable', { dependency: 'sign' });
  }

  private pause(slot: Slot, why: Unavailable): Unavailable {
    slot.pausedUntilMs = this.nowMs() + pauseAfterMs(why);
    slot.pausedBy = why.reason;
    return why;
  }

  private valid(slot: Slot): Token | null {
    return slot.token && slot.token.expiresAtMs > this.nowMs() ? slot.token : null;
  }

  private slot({ tenantId, environment }: DgiiParty): Slot {
    const key = `${tenantId}/${environment}`;
    const known = this.slots.get(key);
    if (known) return known;
    const [oldest] = this.slots.keys();
    if (this.slots.size >= MAX_SLOTS && oldest !== undefined) this.slots.delete(oldest);
    const slot: Slot = {
      token: null,
      checkedAtMs: Number.NEGATIVE_INFINITY,
      pausedUntilMs: 0,
      pausedBy: '',
      flight: null,
    };
    this.slots.set(key, slot);
    return slot;
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

function pauseAfterMs({ reason, retryAfterMs }: Unavailable): number {
  if (reason === 'token.refused') return REFUSED_PAUSE_MS;
  return IN_WORDS.test(reason) ? Math.min(retryAfterMs, LONGEST_PAUSE_MS) : FAILURE_PAUSE_MS;
}

function unavailableBecause(error: unknown): Unavailable {
  if (!isAppError(error)) return unavailable('token.failed', FAILURE_PAUSE_MS);
  const waits = error.code.startsWith('cert.') ? CERTIFICATE_RETRY_MS : FAILURE_PAUSE_MS;
  return unavailable(error.code, waits);
}
