import type { Environment } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { adminEnv } from '../admin.env.js';

/** A company issues in production only if the installation and the company are both enabled for it. */
@Injectable()
export class ProductionRule {
  constructor(private readonly config: Config) {}

  /** Throws `env.forbidden`. */
  check(company: { readonly environment: Environment; readonly productionEnabled: boolean }): void {
    const { environment, productionEnabled } = company;
    if (environment !== 'ecf') return;
    const installation = this.config.get(adminEnv).DGII_PRODUCTION_ENABLED;
    if (!installation || !productionEnabled) throw new AppError('env.forbidden', { environment });
  }
}
