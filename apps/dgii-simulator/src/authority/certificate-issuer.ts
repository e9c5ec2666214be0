import {
  issueAuthority,
  issueCertificate,
  type IssueOptions,
  type TestAuthority,
} from '@getupnet/xmldsig';
import { randomBytes } from 'node:crypto';
import {
  certificateRequestSchema,
  serialNumberOf,
  type CertificateDefect,
  type CertificateRequest,
  type CheckedRequest,
} from './certificate-request.js';
import { newRsaKey } from './rsa-key.js';

/** A person's test certificate: what a provider would hand over, and where its trust ends. */
export interface TestCertificate {
  readonly p12: Buffer;
  readonly password: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly holder: string;
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far away from today a certificate is that must not be valid today. */
const FAR_DAYS = 30;
const PASSWORD_BYTES = 12;

/** Issues certificates in the shape of the accredited providers' ones (Informe Técnico, p. 6-7). */
export class CertificateIssuer {
  constructor(
    private readonly authority: TestAuthority,
    private readonly now: () => Date,
  ) {}

  /** Root of everything issued here, except what is of a wrong authority on purpose. */
  get rootPem(): string {
    return this.authority.certificatePem;
  }

  /** Throws ZodError when the request names nobody, or no certificate that can be made. */
  async issue(request: CertificateRequest): Promise<TestCertificate> {
    const checked = certificateRequestSchema.parse(request);
    const { holder, name, defect } = checked;
    const validity = validityOf(checked, this.now());
    const options: IssueOptions = {
      holderId: holder,
      name,
      ...partsOf(name),
      password: checked.password ?? randomBytes(PASSWORD_BYTES).toString('base64url'),
      authority: defect === 'wrong-authority' ? await stranger() : this.authority,
      serialNumber: defect === 'no-holder' ? '' : (serialNumberOf(holder) ?? ''),
      privateKeyPem: await newRsaKey(),
      ...validity,
    };
    return { ...issueCertificate(options), holder, name, ...validity };
  }
}

/** `SN` is the surname: who takes it for the serialNumber finds no cédula there. */
function partsOf(name: string): Pick<IssueOptions, 'givenName' | 'surname'> {
  const [givenName, ...others] = name.split(/\s+/);
  if (givenName === undefined || others.length === 0) return {};
  return { givenName, surname: others.join(' ') };
}

async function stranger(): Promise<TestAuthority> {
  return issueAuthority('AUTORIDAD EN LA QUE NADIE CONFIA', { privateKeyPem: await newRsaKey() });
}

function validityOf(
  { days, defect }: CheckedRequest,
  now: Date,
): { readonly notBefore: Date; readonly notAfter: Date } {
  const from = firstDay(defect, days);
  // X.509 counts in whole seconds.
  const at = (day: number): Date =>
    new Date(Math.floor((now.getTime() + day * DAY_MS) / 1000) * 1000);
  return { notBefore: at(from), notAfter: at(from + days) };
}

/** Relative to today; a good one begins yesterday, so that clocks may differ. */
function firstDay(defect: CertificateDefect | undefined, days: number): number {
  if (defect === 'expired') return -FAR_DAYS - days;
  return defect === 'not-yet-valid' ? FAR_DAYS : -1;
}
