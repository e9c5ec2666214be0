import { z } from 'zod';
import { sessionTokensSchema, tokenTransportSchema } from './auth.js';
import { emailSchema } from './people.js';

export const PASSWORD_LENGTH = { min: 12, max: 128 } as const;

/** AUT-1: the length is checked before anything is hashed. */
export const passwordSchema = z
  .string()
  .min(PASSWORD_LENGTH.min)
  .max(PASSWORD_LENGTH.max)
  .describe('De 12 a 128 caracteres.');

/** Shape of what stands between a password and a session. */
export const CHALLENGE = /^ch_[A-Za-z0-9_-]{43}$/;
const challengeSchema = z.string().regex(CHALLENGE);

/** Shape of the token of a password reset. */
export const RESET_TOKEN = /^pr_[A-Za-z0-9_-]{43}$/;

const CODE = /^[0-9]{6}$/;
/** Sixteen characters of base 32, in groups as people read them. */
const RECOVERY_CODE = /^[A-Za-z2-7]{4}(-?[A-Za-z2-7]{4}){3}$/;
const codeSchema = z.string().regex(CODE).describe('De la aplicación de autenticación.');
const recoveryCodeSchema = z
  .string()
  .regex(RECOVERY_CODE)
  .describe('En vez del código, cuando no se tiene el teléfono; cada uno sirve una vez.');

export const loginRequestSchema = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  tenantId: z
    .uuid()
    .nullable()
    .optional()
    .describe('Empresa en la que se entra; null es la plataforma. Hace falta si hay varias.'),
  transport: tokenTransportSchema,
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** The password was right; what comes next shows, or first enrols, the second factor. */
export const mfaChallengeSchema = z.strictObject({
  mfa: z.enum(['verify', 'enroll']),
  challenge: z.string(),
  expiresIn: z.number().int().describe('Segundos para completar este paso.'),
});
export type MfaChallenge = z.infer<typeof mfaChallengeSchema>;

/** The password was right, but not for which of several companies: repeat it with `tenantId`. */
export const tenantChoiceSchema = z.strictObject({
  choose: z.strictObject({
    tenants: z.array(z.strictObject({ id: z.uuid(), rnc: z.string(), name: z.string() })),
    platform: z.boolean().describe('También puede entrar a la plataforma, con tenantId null.'),
  }),
});
export type TenantChoice = z.infer<typeof tenantChoiceSchema>;

export const loginAnswerSchema = z.union([
  sessionTokensSchema,
  mfaChallengeSchema,
  tenantChoiceSchema,
]);
export type LoginAnswer = z.infer<typeof loginAnswerSchema>;

export const enrollRequestSchema = z.strictObject({ challenge: challengeSchema });
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;

export const enrollmentSchema = z.strictObject({
  secret: z.string().describe('En base 32, para escribirlo a mano.'),
  uri: z.string().describe('otpauth://…, para mostrarlo como código QR.'),
});
export type Enrollment = z.infer<typeof enrollmentSchema>;

const oneFactor = (value: { code?: unknown; recoveryCode?: unknown }): boolean =>
  (value.code === undefined) !== (value.recoveryCode === undefined);
const ONE_FACTOR = 'Envíe code o recoveryCode, uno de los dos.';

export const verifyRequestSchema = z
  .strictObject({
    challenge: challengeSchema,
    code: codeSchema.optional(),
    recoveryCode: recoveryCodeSchema.optional(),
    transport: tokenTransportSchema,
  })
  .refine(oneFactor, ONE_FACTOR);
export type VerifyRequest = z.infer<typeof verifyRequestSchema>;

export const verifiedSchema = sessionTokensSchema.extend({
  recoveryCodes: z
    .array(z.string())
    .optional()
    .describe('Solo al enrolar, y nunca más: guárdelos.'),
});
export type Verified = z.infer<typeof verifiedSchema>;

export const renewMfaRequestSchema = z.strictObject({
  password: passwordSchema,
  code: codeSchema.optional(),
  recoveryCode: recoveryCodeSchema.optional(),
});
export type RenewMfaRequest = z.infer<typeof renewMfaRequestSchema>;

export const forgotPasswordRequestSchema = z.strictObject({ email: emailSchema });
export type ForgotPasswordRequest = z.infer<typeof forgotPasswordRequestSchema>;

export const resetPasswordRequestSchema = z.strictObject({
  token: z.string().regex(RESET_TOKEN),
  password: passwordSchema,
});
export type ResetPasswordRequest = z.infer<typeof resetPasswordRequestSchema>;

export const changePasswordRequestSchema = z.strictObject({
  oldPassword: passwordSchema,
  newPassword: passwordSchema,
});
export type ChangePasswordRequest = z.infer<typeof changePasswordRequestSchema>;
