import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import { MAX_PAGE, findingSchema, pageQuerySchema } from './billing.js';
import { rncSchema } from './dgii-parts.js';
import { emailSchema, personNameSchema } from './people.js';

export const ADMIN_ROUTES = {
  companies: '/admin/companies',
  company: '/admin/companies/:id',
  companyUsers: '/admin/companies/:id/users',
  administrators: '/admin/companies/:id/administrators',
  impersonate: '/admin/impersonate',
} as const;

/** FROZEN: everything is readable, nothing is issued or changed. SUSPENDED: nobody gets in. */
export const COMPANY_STATUSES = ['ACTIVE', 'FROZEN', 'SUSPENDED'] as const;
export type CompanyStatus = (typeof COMPANY_STATUSES)[number];

const MAX_NAME = 150;
const MIN_REASON = 10;
const MAX_REASON = 500;
const MAX_URL = 300;
const MAX_SEARCH = 100;

/** What PostgreSQL and JSON cannot carry (control characters) is refused. */
const ownText = (least: number, most: number) =>
  z
    .string()
    .trim()
    .min(least)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'No admite caracteres de control.' });

/** Why an operator does something to a company; it is kept in the company's audit log. */
const reason = ownText(MIN_REASON, MAX_REASON).describe('Queda en la auditoría de la empresa.');

const url = z.url({ protocol: /^https?$/ }).max(MAX_URL);

/** Names as DGII's directory has them; each is the base the official paths (`/fe/…`) follow. */
export const companyUrlsSchema = z.strictObject({
  autenticacion: url.optional(),
  recepcion: url.optional(),
  aceptacion: url.optional(),
});
export type CompanyUrls = z.infer<typeof companyUrlsSchema>;

const name = ownText(1, MAX_NAME).describe('Razón social: RazonSocialEmisor de sus comprobantes.');
const profile = z
  .record(z.string(), z.unknown())
  .describe(
    'Bloque Emisor del formato e-CF con sus nombres (DireccionEmisor, NombreComercial, Municipio…), sin RNCEmisor, RazonSocialEmisor ni FechaEmision.',
  );
const environment = z.enum(ENVIRONMENTS);
const productionEnabled = z
  .boolean()
  .describe('Permite el ambiente ecf; la instalación también debe permitirlo.');

export const createCompanySchema = z
  .strictObject({
    rnc: rncSchema.describe('RNC (9 dígitos) o cédula (11), sin guiones.'),
    name,
    profile,
    environment: environment.default('testecf'),
    productionEnabled: productionEnabled.default(false),
    urls: companyUrlsSchema.default({}),
  })
  .meta({ id: 'CreateCompany' });
export type CreateCompany = z.infer<typeof createCompanySchema>;

export const changeCompanySchema = z
  .strictObject({
    name: name.optional(),
    profile: profile.optional(),
    environment: environment.optional(),
    productionEnabled: productionEnabled.optional(),
    urls: companyUrlsSchema.optional(),
    status: z.enum(COMPANY_STATUSES).optional(),
    reason: reason.optional(),
  })
  .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, {
    message: 'Indique qué cambia.',
  })
  .refine((change) => change.status === undefined || change.reason !== undefined, {
    path: ['reason'],
    message: 'Un cambio de estado lleva su motivo.',
  })
  .meta({ id: 'ChangeCompany' });
export type ChangeCompany = z.infer<typeof changeCompanySchema>;

export const companyParamsSchema = z.strictObject({ id: z.uuid() });

export const listCompaniesQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  rnc: rncSchema.optional(),
  name: ownText(1, MAX_SEARCH).optional().describe('Parte de la razón social.'),
  status: z.enum(COMPANY_STATUSES).optional(),
});
export type ListCompaniesQuery = z.infer<typeof listCompaniesQuerySchema>;

export const companySchema = z
  .strictObject({
    id: z.uuid(),
    rnc: z.string(),
    name: z.string(),
    profile: z.record(z.string(), z.unknown()),
    environment,
    productionEnabled: z.boolean(),
    status: z.enum(COMPANY_STATUSES),
    urls: companyUrlsSchema,
    findings: z
      .array(findingSchema)
      .describe('Lo que conviene revisar, como un dígito verificador que no corresponde.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    links: z.strictObject({ self: z.string(), users: z.string(), administrators: z.string() }),
  })
  .meta({ id: 'Company' });
export type Company = z.infer<typeof companySchema>;

export const companyListSchema = z
  .strictObject({
    data: z.array(companySchema).max(MAX_PAGE),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'CompanyList' });
export type CompanyList = z.infer<typeof companyListSchema>;

export const inviteAdministratorSchema = z
  .strictObject({ email: emailSchema, name: personNameSchema })
  .meta({ id: 'InviteAdministrator' });
export type InviteAdministrator = z.infer<typeof inviteAdministratorSchema>;

export const impersonateRequestSchema = z.strictObject({ tenantId: z.uuid(), reason });
export type ImpersonateRequest = z.infer<typeof impersonateRequestSchema>;
