import {
  SIGN_BODY_LIMIT,
  SIGN_ROUTES,
  signXmlRequestSchema,
  signXmlResponseSchema,
  type SignResult,
  type SignXmlRequest,
  type SignedKind,
} from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Endpoint } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { Body, Controller } from '@nestjs/common';
import { tenantOf } from '../service-subject.js';
import { SignDocuments } from './sign-documents.use-case.js';

/** Faces DGII, so its key is the most exposed one; it has semillas to sign and nothing else. */
const ONLY_SEMILLAS = 'dgii-client';

/** The port Sign for services in other processes. */
@Controller()
export class SignController {
  constructor(private readonly documents: SignDocuments) {}

  @Endpoint('POST', SIGN_ROUTES.xml, {
    summary: 'Sign documents of a tenant; the same bytes again for a document signed before',
    listener: 'internal',
    scope: 'SERVICE',
    bodyLimit: SIGN_BODY_LIMIT,
    request: { body: signXmlRequestSchema },
    response: signXmlResponseSchema,
  })
  async sign(
    @Body() { requester, items }: SignXmlRequest,
    @ServiceContext() call: ServiceCall,
  ): Promise<{ readonly results: readonly SignResult[] }> {
    requireKinds(call, items);
    const results = await this.documents.run({
      tenantId: tenantOf(call),
      requester: `${call.caller}/${requester}`,
      items,
    });
    return { results };
  }
}

function requireKinds(call: ServiceCall, items: readonly { readonly kind: SignedKind }[]): void {
  const other = items.find(({ kind }) => kind !== 'semilla');
  if (call.caller !== ONLY_SEMILLAS || other === undefined) return;
  throw new AppError('auth.forbidden', { permission: `${call.caller} → ${other.kind}` });
}
