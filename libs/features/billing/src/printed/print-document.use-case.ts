import { Injectable } from '@nestjs/common';
import type { RiFormat } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { TenantDb, type Tx } from '@getupnet/persistence';
import {
  renderHtml,
  renderPdf,
  represent,
  riFileName,
  type Logo,
  type Representation,
} from '@getupnet/ri';
import type { TenantContext } from '@getupnet/tenant-context';
import { asEnvironment } from '../documents/document-columns.js';
import { DocumentsRepository } from '../documents/documents.repository.js';
import { BrandingRepository } from './branding/branding.repository.js';
import { entityTag, isKnown, type PrintedFacts } from './entity-tag.js';
import { RecentLogos } from './recent-logos.js';
import { RenderedCache, type Rendered } from './rendered-cache.js';
import { printedStateOf } from './standing.js';

export interface PrintCommand {
  readonly id: string;
  readonly format: RiFormat;
  readonly ifNoneMatch: string | undefined;
}

/** `rendered` is absent when the caller has it already. */
export interface Printed {
  readonly tag: string;
  readonly rendered?: Rendered;
}

/** The printed representation of a document, made from its signed XML when somebody asks. */
@Injectable()
export class PrintDocument {
  constructor(
    private readonly db: TenantDb,
    private readonly documents: DocumentsRepository,
    private readonly brandings: BrandingRepository,
    private readonly cache: RenderedCache,
    private readonly logos: RecentLogos,
  ) {}

  /** Rejects with `resource.not_found`, or with `document.state` before the document is signed. */
  async run(tenant: TenantContext, { id, format, ifNoneMatch }: PrintCommand): Promise<Printed> {
    const facts = await this.db.run(tenant, async (tx) => ({
      ...(await this.documentOf(tx, id)),
      branding: await this.brandings.find(tx),
      format,
    }));
    const tag = entityTag(facts);
    if (isKnown(ifNoneMatch, tag)) return { tag };
    const cached = this.cache.get(tenant.tenantId, tag);
    return cached === undefined ? this.render(tenant, id, format) : { tag, rendered: cached };
  }

  /** Reads everything anew, so that the tag is of what is rendered and not of a moment before. */
  private async render(tenant: TenantContext, id: string, format: RiFormat): Promise<Printed> {
    const { facts, xml, logo } = await this.db.run(tenant, async (tx) => {
      const document = await this.documentOf(tx, id);
      const { logoBytes, ...branding } = await this.brandings.findWhole(tx);
      return {
        facts: { ...document, branding, format },
        xml: await this.documents.xml(tx, document),
        logo: logoBytes,
      };
    });
    if (xml === null) throw new AppError('document.state', { state: facts.state });
    const { accentColor, footerText, columns } = facts.branding;
    const representation = represent({
      xml,
      environment: facts.environment,
      standing: facts.standing,
      mode: facts.mode,
      branding: {
        ...(accentColor === null ? {} : { accentColor }),
        ...(footerText === null ? {} : { footerText }),
        ...(columns === null ? {} : { columns }),
        ...(logo === null ? {} : { logo: this.sameLogo(tenant, facts, logo) }),
      },
    });
    const rendered = await renderAs(format, representation);
    const tag = entityTag(facts);
    this.cache.put(tenant.tenantId, tag, rendered);
    return { tag, rendered };
  }

  private sameLogo(tenant: TenantContext, { branding }: PrintedFacts, logo: Logo): Logo {
    return this.logos.same(tenant.tenantId, branding.logo?.sha256 ?? '', logo);
  }

  private async documentOf(tx: Tx, id: string) {
    const row = await this.documents.printable(tx, id);
    const { state, signedSha256, inContingency } = row;
    const printed = printedStateOf(state, inContingency);
    if (signedSha256 === null) throw new AppError('document.state', { state });
    return { ...row, ...printed, signedSha256, environment: asEnvironment(row.environment) };
  }
}

async function renderAs(format: RiFormat, representation: Representation): Promise<Rendered> {
  if (format === 'html') {
    const { html, contentSecurityPolicy } = renderHtml(representation);
    return {
      body: Buffer.from(html, 'utf8'),
      fileName: riFileName(representation, 'html'),
      mediaType: 'text/html; charset=utf-8',
      contentSecurityPolicy,
    };
  }
  const layout = format === 'ticket' ? 'ticket' : 'letter';
  return {
    body: Buffer.from(await renderPdf(representation, layout)),
    fileName: riFileName(representation, 'pdf'),
    mediaType: 'application/pdf',
  };
}
