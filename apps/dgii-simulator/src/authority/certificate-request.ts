import { z } from 'zod';

/** What may be wrong with a certificate on purpose, to see how software takes DGII's refusal. */
export const DEFECTS = ['expired', 'not-yet-valid', 'wrong-authority', 'no-holder'] as const;
export type CertificateDefect = (typeof DEFECTS)[number];

/** As long as accredited providers' certificates for natural persons last. */
const DEFAULT_DAYS = 730;
const MAX_DAYS = 3650;
/** X.520: ub-common-name. */
const MAX_NAME = 64;

/** Whom a test certificate names, and how it is to be; messages are for the person who asks. */
export const certificateRequestSchema = z.strictObject({
  holder: z
    .string('falta la cédula, el RNC o el pasaporte')
    .transform(withoutPunctuation)
    .refine(
      (text) => serialNumberOf(text) !== null,
      'se espera una cédula (11 dígitos), un RNC (9 dígitos) o un pasaporte como PASUS-C01234567',
    ),
  name: z
    .string('falta el nombre de la persona')
    .trim()
    .min(1, 'falta el nombre de la persona')
    .max(MAX_NAME, `el nombre tiene más de ${MAX_NAME} caracteres`),
  password: z.string().min(1, 'la contraseña está vacía').optional(),
  days: z
    .int('los días son un número entero')
    .min(1, 'se espera al menos un día')
    .max(MAX_DAYS, `se esperan a lo sumo ${MAX_DAYS} días`)
    .default(DEFAULT_DAYS),
  defect: z.enum(DEFECTS, `se espera ${DEFECTS.join(', ')}`).optional(),
});

/** A test certificate as somebody asks for it. */
export type CertificateRequest = z.input<typeof certificateRequestSchema>;
/** The same, checked. */
export type CheckedRequest = z.output<typeof certificateRequestSchema>;

/** `001-1234567-8` and `1-31-88073-8` are how people write them. */
function withoutPunctuation(text: string): string {
  const bare = text.replace(/[\s.-]/g, '');
  return /^\d+$/.test(bare) ? bare : text.trim().toUpperCase();
}

/**
 * X.520 serialNumber in the forms seen in use: `IDCDO-` and the cédula, `RNC` and the number, `PAS`
 * and country (ETSI EN 319 412-1, §5.1.3; Descripción Técnica v1.6, p. 60).
 */
export function serialNumberOf(holder: string): string | null {
  if (/^\d{11}$/.test(holder)) return `IDCDO-${holder}`;
  if (/^\d{9}$/.test(holder)) return `RNC${holder}`;
  return /^PAS[A-Z]{2}-[A-Z0-9]{5,20}$/.test(holder) ? holder : null;
}
