import { SystemClock } from '@getupnet/kernel';
import { loadConfig } from '@getupnet/platform';
import { ServiceCaller, outVariable, serviceCallerEnv } from '@getupnet/rbac';
import { request } from 'undici';

/** Where the signer listens, and the key that may hand it certificates. */
export interface SignerAccess {
  readonly internalUrl: string;
  readonly serviceKeyToSign: string;
}

/** Through the signer's own internal route, as the client portal does. */
export async function importCertificate(
  { internalUrl, serviceKeyToSign }: SignerAccess,
  tenantId: string,
  p12: Buffer,
  password: string,
): Promise<void> {
  const config = loadConfig([serviceCallerEnv], { [outVariable('sign')]: serviceKeyToSign });
  const caller = new ServiceCaller(config, new SystemClock());
  const body = JSON.stringify({ p12: p12.toString('base64'), password });
  const answer = await request(`${internalUrl}/sign/certificates`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...caller.headers({
        callee: 'sign',
        tenantId,
        purpose: 'certificate.import',
        permission: 'TENANT_CERT_UPLOAD',
        body,
      }),
    },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 201)
    throw new Error(`certificate import: ${answer.statusCode} ${text}`);
}
