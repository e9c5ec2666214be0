import { Injectable } from '@nestjs/common';
import {
  LOGO_MEDIA_TYPES,
  type BrandingResource,
  type BrandingSettings,
  type LogoMediaType,
} from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { AuditLog, TenantDb, type Tx } from '@getupnet/persistence';
import type { Logo } from '@getupnet/ri';
import { actorText, type TenantContext } from '@getupnet/tenant-context';
import { cleanLogo } from '../logo/clean-logo.js';
import { BrandingRepository, type BrandingView, type Change } from './branding.repository.js';
import { checkContrast } from './contrast.js';

/** Reading and changing how a tenant's printed representations look; every change is audited. */
@Injectable()
export class BrandingService {
  constructor(
    private readonly db: TenantDb,
    private readonly brandings: BrandingRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async get(tenant: TenantContext): Promise<BrandingResource> {
    return present(await this.db.run(tenant, (tx) => this.brandings.find(tx)));
  }

  /** Replaces everything but the logo. Rejects with `branding.contrast`. */
  async put(tenant: TenantContext, settings: BrandingSettings): Promise<BrandingResource> {
    const accentColor = settings.accentColor?.toUpperCase() ?? null;
    if (accentColor !== null) checkContrast(accentColor);
    return this.change(tenant, 'branding.changed', (tx) =>
      this.brandings.putSettings(tx, this.now(tenant), { ...settings, accentColor }),
    );
  }

  /** Rejects with `branding.logo_invalid` whatever is no plain, self-contained image. */
  async putLogo(
    tenant: TenantContext,
    contentType: string | undefined,
    bytes: Uint8Array,
  ): Promise<BrandingResource> {
    const logo = cleanLogo(Buffer.from(bytes), mediaTypeOf(contentType));
    return this.change(tenant, 'branding.logo_changed', (tx) =>
      this.brandings.putLogo(tx, this.now(tenant), logo),
    );
  }

  /** No logo from now on; that there was none is no fault. */
  async deleteLogo(tenant: TenantContext): Promise<void> {
    await this.db.run(tenant, async (tx) => {
      const before = await this.brandings.find(tx);
      if (before.logo === null) return;
      await this.brandings.putLogo(tx, this.now(tenant), null);
      await this.record(tx, tenant, 'branding.logo_removed', before, { ...before, logo: null });
    });
  }

  /** The logo as it is kept. Rejects with `resource.not_found` when there is none. */
  async logo(tenant: TenantContext): Promise<Logo> {
    const { logoBytes } = await this.db.run(tenant, (tx) => this.brandings.findWhole(tx));
    if (logoBytes === null) throw new AppError('resource.not_found');
    return logoBytes;
  }

  private now({ tenantId }: TenantContext): Change {
    return { tenantId, at: this.clock.now() };
  }

  private change(
    tenant: TenantContext,
    type: string,
    write: (tx: Tx) => Promise<void>,
  ): Promise<BrandingResource> {
    return this.db.run(tenant, async (tx) => {
      const before = await this.brandings.find(tx);
      await write(tx);
      const after = await this.brandings.find(tx);
      await this.record(tx, tenant, type, before, after);
      return present(after);
    });
  }

  private record(
    tx: Tx,
    tenant: TenantContext,
    type: string,
    before: BrandingView,
    after: BrandingView,
  ): Promise<void> {
    return this.audit.append(tx, {
      tenantId: tenant.tenantId,
      type,
      subjectId: null,
      actor: actorText(tenant.actor),
      payload: { before: facts(before), after: facts(after) },
    });
  }
}

/** What an event tells: the digest of a logo, never its bytes. */
const facts = ({ accentColor, footerText, columns, logo }: BrandingView) => ({
  accentColor,
  footerText,
  columns,
  logo: logo === null ? null : { mediaType: logo.mediaType, sha256: logo.sha256 },
});

function present(view: BrandingView): BrandingResource {
  const self = '/tenant/branding';
  return {
    ...view,
    updatedAt: view.updatedAt?.toISOString() ?? null,
    links: { self, logo: `${self}/logo` },
  };
}

function mediaTypeOf(contentType: string | undefined): LogoMediaType {
  const written = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  const found = LOGO_MEDIA_TYPES.find((type) => type === written);
  if (found !== undefined) return found;
  const expected = LOGO_MEDIA_TYPES.join(', ');
  throw new AppError('request.unsupported_media_type', { expected });
}
