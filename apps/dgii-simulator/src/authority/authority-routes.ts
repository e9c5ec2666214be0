import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CertificateIssuer } from './certificate-issuer.js';
import { certificateRequestSchema } from './certificate-request.js';

/** Where the root is fetched, as the certification portal offers DGII's in its step 8. */
export const ROOT_PATH = '/authority.pem';
/** Where a program asks for a certificate. */
export const CERTIFICATES_PATH = '/_control/certificates';

/** The root for everybody, and certificates for whoever may use the control API. */
export function addAuthorityRoutes(server: FastifyInstance, issuer: CertificateIssuer): void {
  server.get(ROOT_PATH, async (_request, reply) =>
    reply
      .type('application/x-pem-file')
      .header('content-disposition', 'attachment; filename="simulador-dgii-raiz.pem"')
      .send(issuer.rootPem),
  );
  server.post(CERTIFICATES_PATH, async (request, reply) => {
    const parsed = certificateRequestSchema.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) });
    const { p12, ...issued } = await issuer.issue(parsed.data);
    const { password, certificatePem, holder, name, notBefore, notAfter } = issued;
    return reply.code(201).send({
      p12: p12.toString('base64'),
      password,
      certificatePem,
      rootPem: issuer.rootPem,
      holder,
      name,
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
    });
  });
}
