import {
  SIGN_BODY_LIMIT,
  SIGN_MAX_ITEMS,
  SIGN_ROUTES,
  Sign,
  importedCertificateSchema,
  signXmlResponseSchema,
  type SignItem,
  type SignRequest,
  type SignResult,
} from '@getupnet/contracts';
import { AppError, Clock, dominicanDate } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { SignerCalls } from './signer-calls.js';

/** Longest time a caller of the port waits (SVC-4 asks for 30 s at most). */
const DEADLINE_MS = 25_000;
/** Room for requester, ids and the quoting of JSON. */
const BATCH_BYTES = SIGN_BODY_LIMIT / 2;
const MAX_ACTOR_CHARS = 128;

/** The port Sign over the network. */
@Injectable()
export class HttpSign extends Sign {
  constructor(
    private readonly calls: SignerCalls,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async sign({ tenantId, requester, items }: SignRequest): Promise<readonly SignResult[]> {
    const deadline = performance.now() + DEADLINE_MS;
    const results: SignResult[] = [];
    for (const batch of batches(items)) {
      const answer = await this.calls.call(
        {
          method: 'POST',
          path: SIGN_ROUTES.xml,
          tenantId,
          purpose: 'sign.xml',
          actor: requester.slice(0, MAX_ACTOR_CHARS),
          body: { requester, items: batch },
          deadline,
        },
        signXmlResponseSchema,
      );
      if (!answersAll(batch, answer.results)) {
        throw new AppError('dependency.unavailable', { dependency: 'sign' });
      }
      results.push(...answer.results);
    }
    return results;
  }

  override async activeThumbprint(tenantId: string): Promise<string> {
    const certificate = await this.calls.call(
      {
        method: 'GET',
        path: SIGN_ROUTES.activeCertificate,
        tenantId,
        purpose: 'sign.certificate',
        deadline: performance.now() + DEADLINE_MS,
      },
      importedCertificateSchema,
    );
    const notBefore = new Date(certificate.notBefore);
    const notAfter = new Date(certificate.notAfter);
    const now = this.clock.now();
    if (now < notBefore || now > notAfter) {
      throw new AppError('cert.expired', {
        notBefore: dominicanDate(notBefore),
        notAfter: dominicanDate(notAfter),
      });
    }
    return certificate.thumbprint;
  }
}

/** As many documents a call as its limits allow. */
function* batches(items: readonly SignItem[]): Generator<readonly SignItem[]> {
  let batch: SignItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.xml, 'utf8');
    if (batch.length === SIGN_MAX_ITEMS || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function answersAll(items: readonly SignItem[], results: readonly SignResult[]): boolean {
  return (
    items.length === results.length &&
    items.every((item, at) => {
      const result = results[at];
      return result?.documentId === item.documentId && result.kind === item.kind;
    })
  );
}
