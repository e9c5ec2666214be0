import { FINDINGS, hasValidCheckDigit, validateFormat } from '@getupnet/ecf';
import type { FindingResource } from '@getupnet/contracts';
import { AppError, type Violation } from '@getupnet/kernel';

const ISSUER = '/Encabezado/Emisor';
/** Any issue date: the check of the others needs one. */
const SOME_DATE = '01-01-2026';

/** Where a field of the issuer block is stated in a company. */
const STATED: Readonly<Record<string, string>> = {
  [`${ISSUER}/RNCEmisor`]: '/rnc',
  [`${ISSUER}/RazonSocialEmisor`]: '/name',
};

/** Comes from elsewhere: the company's own fields, or each document. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  RNCEmisor: 'Use «rnc».',
  RazonSocialEmisor: 'Use «name».',
  FechaEmision: 'La lleva cada comprobante.',
  NumeroFacturaInterna: 'La lleva cada comprobante.',
  NumeroPedidoInterno: 'La lleva cada comprobante.',
};

export interface IssuerFacts {
  readonly rnc: string;
  readonly name: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/**
 * Refuses with `validation.failed` an issuer block that the format's catalogue would refuse in a document
 * (Formato e-CF v1.0, Emisor); type 31 has every field of any type.
 */
export function checkProfile({ rnc, name, profile }: IssuerFacts): void {
  const errors: Violation[] = Object.keys(profile)
    .filter((field) => Object.hasOwn(ELSEWHERE, field))
    .map((field) => ({
      pointer: `/profile/${field}`,
      code: 'company.profile_field',
      message: `«${field}» no va en el perfil.`,
      fix: ELSEWHERE[field] ?? '',
    }));
  const issuer = {
    ...profile,
    RNCEmisor: rnc,
    RazonSocialEmisor: name,
    FechaEmision: SOME_DATE,
  };
  for (const finding of validateFormat('31', { Encabezado: { Emisor: issuer } })) {
    if (!finding.path.startsWith(`${ISSUER}/`)) continue;
    const { code, message, fix, cause, source } = finding;
    const pointer = STATED[finding.path] ?? `/profile${finding.path.slice(ISSUER.length)}`;
    errors.push({ pointer, code, message, fix, cause, source });
  }
  if (errors.length > 0) throw new AppError('validation.failed', {}, { errors });
}

/** What is worth a second look, and no reason to refuse: real numbers exist that fail the check digit. */
export function findingsOn(rnc: string): FindingResource[] {
  if (hasValidCheckDigit(rnc)) return [];
  const code = 'ECF-RNC-02';
  const { severity, message, fix, cause, source } = FINDINGS[code];
  const text = message.replace('{rnc}', rnc);
  return [{ code, path: '/rnc', severity, message: text, fix, cause, source }];
}
