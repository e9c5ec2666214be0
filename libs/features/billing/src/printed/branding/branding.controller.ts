import { Body, Controller, Headers, Res } from '@nestjs/common';
import {
  LOGO_MEDIA_TYPES,
  brandingResourceSchema,
  brandingSettingsSchema,
  type BrandingResource,
  type BrandingSettings,
} from '@getupnet/contracts';
import { Endpoint, type HttpReply } from '@getupnet/platform';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { BrandingService } from './branding.service.js';

/** Room for an image that is a little too large, so that the answer can say so. */
const BODY_LIMIT = 1024 * 1024;
const NO_CONTENT = 204;
const IMAGE = z
  .instanceof(Uint8Array, { error: 'Envíe la imagen como cuerpo de la solicitud.' })
  .describe('Los bytes de la imagen.');

const change = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_SETTINGS_MANAGE',
} as const;
const read = { ...change, permission: ['TENANT_SETTINGS_MANAGE', 'TENANT_INVOICE_READ'] } as const;

@Controller()
export class BrandingController {
  constructor(private readonly brandings: BrandingService) {}

  @Endpoint('GET', '/tenant/branding', {
    ...read,
    summary: 'How printed representations look: colour, footer, columns, logo',
    response: brandingResourceSchema,
  })
  get(@CurrentTenant() tenant: TenantContext): Promise<BrandingResource> {
    return this.brandings.get(tenant);
  }

  @Endpoint('PUT', '/tenant/branding', {
    ...change,
    summary: 'Replace colour, footer and columns; what is left out goes back to its default',
    request: { body: brandingSettingsSchema },
    response: brandingResourceSchema,
    problems: ['branding.contrast'],
  })
  put(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: BrandingSettings,
  ): Promise<BrandingResource> {
    return this.brandings.put(tenant, body);
  }

  @Endpoint('GET', '/tenant/branding/logo', {
    ...read,
    summary: 'The logo as it is kept: checked and without metadata',
    produces: LOGO_MEDIA_TYPES,
    problems: ['resource.not_found'],
  })
  async logo(
    @CurrentTenant() tenant: TenantContext,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const { mediaType, bytes } = await this.brandings.logo(tenant);
    reply.header('Content-Type', mediaType);
    return Buffer.from(bytes);
  }

  @Endpoint('PUT', '/tenant/branding/logo', {
    ...change,
    summary: 'Set the logo: the image itself as the body, with its media type',
    description:
      'PNG, JPEG (RGB or grey) or SVG. It is rewritten: no metadata, no transparency (laid on ' +
      'white), an SVG reduced to shapes in plain colours.',
    consumes: LOGO_MEDIA_TYPES,
    bodyLimit: BODY_LIMIT,
    request: { body: IMAGE },
    response: brandingResourceSchema,
    problems: ['branding.logo_invalid'],
  })
  putLogo(
    @CurrentTenant() tenant: TenantContext,
    @Body() body: Uint8Array,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<BrandingResource> {
    return this.brandings.putLogo(tenant, contentType, body);
  }

  @Endpoint('DELETE', '/tenant/branding/logo', {
    ...change,
    summary: 'Remove the logo',
    status: NO_CONTENT,
  })
  deleteLogo(@CurrentTenant() tenant: TenantContext): Promise<void> {
    return this.brandings.deleteLogo(tenant);
  }
}
