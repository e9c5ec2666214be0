import { Injectable } from '@nestjs/common';
import {
  LOGO_MEDIA_TYPES,
  RI_COLUMNS,
  type BrandingResource,
  type BrandingSettings,
} from '@getupnet/contracts';
import type { Tx } from '@getupnet/persistence';
import type { Logo } from '@getupnet/ri';
import { z } from 'zod';
import type { CleanLogo } from '../logo/clean-logo.js';

/** A tenant's branding without the bytes of its logo. */
export interface BrandingView extends BrandingSettings {
  readonly logo: BrandingResource['logo'];
  readonly updatedAt: Date | null;
}

export interface WholeBranding extends BrandingView {
  readonly logoBytes: Logo | null;
}

/** Whose branding changes, and when. */
export interface Change {
  readonly tenantId: string;
  readonly at: Date;
}

const NOTHING: BrandingView = {
  accentColor: null,
  footerText: null,
  columns: null,
  logo: null,
  updatedAt: null,
};
const columnNames = z.array(z.enum(RI_COLUMNS));
const mediaType = z.enum(LOGO_MEDIA_TYPES);

/** One row a tenant at most; without one the defaults apply. */
@Injectable()
export class BrandingRepository {
  async find(tx: Tx): Promise<BrandingView> {
    const [row] = await tx.$queryRaw<BrandingRow[]>`
      SELECT accent_color AS "accentColor", footer_text AS "footerText", columns,
        logo_media_type AS "logoMediaType", logo_sha256 AS "logoSha256",
        logo_width AS "logoWidth", logo_height AS "logoHeight",
        octet_length(logo) AS "logoBytes", updated_at AS "updatedAt"
      FROM branding`;
    return row === undefined ? NOTHING : viewOf(row);
  }

  /** With the logo's bytes, all of one row. */
  async findWhole(tx: Tx): Promise<WholeBranding> {
    const row = await tx.branding.findFirst();
    if (row === null) return { ...NOTHING, logoBytes: null };
    const view = viewOf({ ...row, logoBytes: row.logo?.length ?? null });
    if (row.logo === null) return { ...view, logoBytes: null };
    return {
      ...view,
      logoBytes: { bytes: row.logo, mediaType: mediaType.parse(row.logoMediaType) },
    };
  }

  async putSettings(
    tx: Tx,
    { tenantId, at: updatedAt }: Change,
    settings: BrandingSettings,
  ): Promise<void> {
    const data = { ...settings, columns: settings.columns ?? [], updatedAt };
    await tx.branding.upsert({ where: { tenantId }, create: { tenantId, ...data }, update: data });
  }

  async putLogo(
    tx: Tx,
    { tenantId, at: updatedAt }: Change,
    logo: CleanLogo | null,
  ): Promise<void> {
    const data = {
      logo: logo === null ? null : Uint8Array.from(logo.body),
      logoMediaType: logo?.mediaType ?? null,
      logoSha256: logo?.sha256 ?? null,
      logoWidth: logo?.width ?? null,
      logoHeight: logo?.height ?? null,
      updatedAt,
    };
    await tx.branding.upsert({
      where: { tenantId },
      create: { tenantId, columns: [], ...data },
      update: data,
    });
  }
}

interface BrandingRow {
  readonly accentColor: string | null;
  readonly footerText: string | null;
  readonly columns: readonly string[] | null;
  readonly logoMediaType: string | null;
  readonly logoSha256: string | null;
  readonly logoWidth: number | null;
  readonly logoHeight: number | null;
  readonly logoBytes: number | null;
  readonly updatedAt: Date;
}

function viewOf(row: BrandingRow): BrandingView {
  const columns = columnNames.parse(row.columns ?? []);
  return {
    accentColor: row.accentColor,
    footerText: row.footerText,
    // The ORM knows no absent list: an empty one stands for the default.
    columns: columns.length === 0 ? null : columns,
    logo:
      row.logoSha256 === null
        ? null
        : {
            mediaType: mediaType.parse(row.logoMediaType),
            width: row.logoWidth ?? 0,
            height: row.logoHeight ?? 0,
            bytes: row.logoBytes ?? 0,
            sha256: row.logoSha256,
          },
    updatedAt: row.updatedAt,
  };
}
