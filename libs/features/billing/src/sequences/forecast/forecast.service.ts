import { Inject, Injectable } from '@nestjs/common';
import type { SequenceForecast, SequenceForecastList, TipoEcfCode } from '@getupnet/contracts';
import { Clock, dominicanDate, isoDateOf } from '@getupnet/kernel';
import { TenantDb } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import type { TenantContext } from '@getupnet/tenant-context';
import { billingEnv } from '../../billing.env.js';
import { ForecastRepository } from './forecast.repository.js';
import { byKind, outlookOf, type Outlook } from './forecast.js';

/** How long a tenant's numbers will last. */
@Injectable()
export class ForecastService {
  private readonly expiryDays: number;

  constructor(
    private readonly db: TenantDb,
    private readonly histories: ForecastRepository,
    private readonly clock: Clock,
    @Inject(Config) config: Config,
  ) {
    this.expiryDays = config.get(billingEnv).BILLING_SEQUENCE_EXPIRY_DAYS;
  }

  async forecast(tenant: TenantContext): Promise<SequenceForecastList> {
    const now = this.clock.now();
    const today = isoDateOf(dominicanDate(now));
    const ranges = await this.db.run(tenant, (tx) => this.histories.read(tx, tenant, today));
    const data = byKind(ranges).map((group) => present(outlookOf(group, today, this.expiryDays)));
    return { data, at: now.toISOString() };
  }
}

function present(outlook: Outlook): SequenceForecast {
  return {
    ...outlook,
    tipo: String(outlook.tipo) as TipoEcfCode,
    authorised: String(outlook.authorised),
    remaining: String(outlook.remaining),
    lapsing: String(outlook.lapsing),
    advice: adviceOn(outlook),
  };
}

function adviceOn({ status, branch, lapsing, expiresOn, exhaustsOn }: Outlook): string | null {
  switch (status) {
    case 'USED_UP':
      return branch === null
        ? 'Pida a la DGII un rango nuevo y regístrelo: sin números no se puede emitir este tipo.'
        : 'La sucursal toma de los rangos de todas mientras haya. Sepárele números o registre un rango.';
    case 'LOW':
      return exhaustsOn === null
        ? 'Queda el 10 % o menos. Pida un rango nuevo a la DGII.'
        : `Queda el 10 % o menos; al ritmo actual se agotan el ${exhaustsOn}. Pida un rango nuevo a la DGII.`;
    case 'EXPIRING':
      return lapsing === 0n
        ? `Un rango vence el ${expiresOn ?? ''}; al ritmo actual se usa antes.`
        : `Un rango vence el ${expiresOn ?? ''} y ${lapsing} números quedarían sin usar. Pida un rango nuevo.`;
    case 'OK':
      return null;
  }
}
