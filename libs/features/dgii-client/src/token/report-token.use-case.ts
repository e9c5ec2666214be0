import type { DgiiParty, DgiiTokenResponse } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { ProductionGate } from '../gateway/production-gate.js';
import { Tokens } from './tokens.js';

/** Makes sure there is a token and says until when. The token itself stays here. */
@Injectable()
export class ReportToken {
  constructor(
    private readonly gate: ProductionGate,
    private readonly tokens: Tokens,
  ) {}

  async report(party: DgiiParty): Promise<DgiiTokenResponse> {
    await this.gate.check(party);
    const token = await this.tokens.current(party);
    if (token.kind === 'unavailable') {
      const retryAfterS = Math.ceil(token.retryAfterMs / 1_000);
      const dependency = `DGII: ${token.reason}`;
      throw new AppError('dependency.unavailable', { dependency }, { retryAfterS });
    }
    const { thumbprint, expiresAtMs } = token;
    const { environment } = party;
    return { environment, thumbprint, expiresAt: new Date(expiresAtMs).toISOString() };
  }
}
