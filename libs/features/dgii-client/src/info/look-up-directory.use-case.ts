import type { DgiiDirectoryResponse, DgiiParty } from '@getupnet/contracts';
import { DgiiApi, offers } from '@getupnet/dgii-api';
import { AppError } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { ProductionGate } from '../gateway/production-gate.js';

const DEADLINE_MS = 15_000;
const RETRY_S = 5;

/** The addresses at which another electronic taxpayer receives. */
@Injectable()
export class LookUpDirectory {
  constructor(
    private readonly gate: ProductionGate,
    private readonly api: DgiiApi,
    private readonly calls: AuthorisedCalls,
  ) {}

  async lookUp(party: DgiiParty, rnc: string): Promise<DgiiDirectoryResponse> {
    await this.gate.check(party);
    if (!offers(party.environment, 'consultadirectorio')) return { supported: false, data: [] };
    const deadline = Deadline.in(DEADLINE_MS);
    const context = { party, operation: 'consultadirectorio', deadline } as const;
    const answer = await this.calls.run(context, (call) => this.api.directory(call, rnc));
    if (answer.kind === 'ok') return { supported: true, data: [...answer.value] };
    throw new AppError(
      'dependency.unavailable',
      { dependency: 'DGII consultadirectorio' },
      { retryAfterS: RETRY_S },
    );
  }
}
