import type { Environment } from '@getupnet/contracts';
import type { DrillApi } from './drill-api.js';

/** DGII taken away. Known until it is back for certain, so that bringing it back can be repeated. */
export class Outage {
  private fault: string | null = null;

  constructor(private readonly api: Pick<DrillApi, 'cut' | 'restore'>) {}

  async begin(environment: Environment): Promise<void> {
    this.fault = await this.api.cut(environment);
  }

  /** Nothing to do where there is none. */
  async end(): Promise<void> {
    if (this.fault === null) return;
    await this.api.restore(this.fault);
    this.fault = null;
  }
}
