import { z } from 'zod';
import { SIGNED_KINDS, type SignItem, type SignResult } from '../ports/sign.port.js';

/** Internal routes of the sign service: the port Sign over HTTP, and certificates. */
export const SIGN_ROUTES = {
  xml: '/sign/xml',
  certificates: '/sign/certificates',
  activeCertificate: '/sign/certificates/active',
  validateCertificate: '/sign/certificate/validate',
} as const;

/** Documents of one call. */
export const SIGN_MAX_ITEMS = 64;
/** Bytes of a body of the sign route; a caller with more bytes makes several calls. */
export const SIGN_BODY_LIMIT = 8 * 1024 * 1024;
/** Longest unsigned document taken; an e-CF of 1,000 lines is below 1 MB. */
const MAX_XML_CHARS = 2_000_000;
/** Base64 of a P12; with key and chain it has 3–10 kB. */
const MAX_P12_CHARS = 180_000;

const signItemSchema = z.strictObject({
  documentId: z.uuid(),
  kind: z.enum(SIGNED_KINDS),
  xml: z.string().min(1).max(MAX_XML_CHARS),
}) satisfies z.ZodType<SignItem>;

/** The tenant is the one of the caller's signed context, never of the body. */
export const signXmlRequestSchema = z.strictObject({
  requester: z.string().min(1).max(200),
  items: z.array(signItemSchema).min(1).max(SIGN_MAX_ITEMS),
});

const signResultSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    documentId: z.string(),
    kind: z.enum(SIGNED_KINDS),
    xml: z.string(),
    sha256: z.string(),
    codigoSeguridad: z.string(),
    certificateId: z.string(),
  }),
  z.object({
    ok: z.literal(false),
    documentId: z.string(),
    kind: z.enum(SIGNED_KINDS),
    code: z.string(),
  }),
]) satisfies z.ZodType<SignResult>;

export const signXmlResponseSchema = z.object({ results: z.array(signResultSchema) });

export const p12Schema = z.strictObject({
  /** The file, base64. */
  p12: z.base64().min(1).max(MAX_P12_CHARS),
  password: z.string().max(256),
});

/** What may be told of a certificate; never its key. */
export const certificateSchema = z.object({
  thumbprint: z.string(),
  subject: z.string(),
  /** Cédula, RNC or passport of the holder. */
  holderId: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});

export const importedCertificateSchema = certificateSchema.extend({
  id: z.uuid(),
  status: z.enum(['ACTIVE', 'RETIRED']),
});

/** Whether a P12 could be imported, without importing it. */
export const validatedCertificateSchema = z.discriminatedUnion('valid', [
  z.object({ valid: z.literal(true), certificate: certificateSchema }),
  z.object({
    valid: z.literal(false),
    code: z.string(),
    /** Spanish, for the person who uploads; null where the code says it all. */
    reason: z.string().nullable(),
  }),
]);

export type SignXmlRequest = z.infer<typeof signXmlRequestSchema>;
export type P12Upload = z.infer<typeof p12Schema>;
export type CertificateView = z.infer<typeof certificateSchema>;
export type ImportedCertificate = z.infer<typeof importedCertificateSchema>;
export type ValidatedCertificate = z.infer<typeof validatedCertificateSchema>;
