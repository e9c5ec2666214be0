import type { DgiiServicesResponse, Environment } from '@getupnet/contracts';
import { DgiiStatusApi } from '@getupnet/dgii-api';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { DgiiCalls } from '../calls/dgii-calls.js';
import { dgiiClientEnv } from '../dgii-client.env.js';

const TIMEOUT_MS = 10_000;

/** What DGII says of its services, beside what our own calls experience. */
@Injectable()
export class ReportServices {
  constructor(
    private readonly config: Config,
    private readonly api: DgiiStatusApi,
    private readonly calls: DgiiCalls,
  ) {}

  async report(environment: Environment): Promise<DgiiServicesResponse> {
    const dgii = await this.statuses(environment);
    return { dgii, breakers: [...this.calls.states(environment)] };
  }

  private async statuses(environment: Environment): Promise<DgiiServicesResponse['dgii']> {
    const apiKey = this.config.get(dgiiClientEnv).DGII_STATUS_API_KEY;
    if (apiKey === undefined) return null;
    const answer = await this.calls.run(environment, 'estatusservicios', () =>
      this.api.statuses(environment, apiKey, { timeoutMs: TIMEOUT_MS }),
    );
    return answer.kind === 'ok' ? [...answer.value] : null;
  }
}
