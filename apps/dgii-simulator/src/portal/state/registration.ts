import { z } from 'zod';

const text = (max: number) => z.string().trim().min(1).max(max);
const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .optional()
    .transform((value) => (value === '' ? undefined : value));
const address = z.url({ protocol: /^https?$/ });
const optionalAddress = z
  .union([address, z.literal('')])
  .optional()
  .transform((value) => (value === '' ? undefined : value));

/** Bases of an applicant's services; the standard resources are appended. */
export const serviceUrls = z.object({
  recepcion: address,
  aprobacion: address,
  autenticacion: optionalAddress,
});
export type ServiceUrls = z.output<typeof serviceUrls>;

/** The form of step 1. */
export const registration = z
  .object({
    rnc: z.string().regex(/^(\d{9}|\d{11})$/, 'RNC de 9 u 11 dígitos'),
    razonSocial: text(150),
    representante: text(20),
    nombreRepresentante: text(150),
    correo: z.email(),
    tipoSoftware: z.enum(['propio', 'externo']).default('propio'),
    nombreSoftware: text(60),
    versionSoftware: text(20),
    rncProveedor: optionalText(11),
    nombreProveedor: optionalText(150),
    ...serviceUrls.partial().shape,
  })
  .refine((form) => form.tipoSoftware === 'propio' || form.nombreProveedor !== undefined, {
    path: ['nombreProveedor'],
    message: 'obligatorio con software externo',
  });
export type Registration = z.output<typeof registration>;
