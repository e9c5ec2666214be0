import { issueAuthority, issueCertificate, type TestAuthority } from '@getupnet/xmldsig';
import type { NewServiceKey } from '@getupnet/rbac';
import {
  TIPOS,
  createTestTenant,
  type TestDatabase,
  type TestTenant,
  type TestTenantOverrides,
} from '@getupnet/testkit';
import { importCertificate } from '../../../../tools/certificate-import/hand-over.js';
import { Api } from './api.js';
import type { Services } from './services.js';

/** A taxpayer with a certificate and an API key, ready to issue. */
export interface E2eTenant extends TestTenant {
  readonly api: Api;
}

export interface TenantWishes extends TestTenantOverrides {
  /** `none`: a company that has not uploaded one yet; an instant: when it ends. */
  readonly certificate?: 'none' | { readonly notAfter: Date };
}

/** Types without expiry (Formato e-CF: no FechaVencimientoSecuencia). */
const WITHOUT_EXPIRY: ReadonlySet<number> = new Set([32, 34]);
const LAST_NUMBER = 100_000;
const PASSWORD = 'clave-del-certificado-e2e';
const HOLDER = { holderId: '00199999996', name: 'Persona de Prueba', password: PASSWORD };

export class TenantMaker {
  /** Of every tenant made: API keys and the P12's password. */
  readonly secrets: string[] = [PASSWORD];
  readonly #authority: TestAuthority = issueAuthority();
  /** One key for all: making RSA keys would be most of the suite's time. */
  readonly #p12 = issueCertificate({ ...HOLDER, authority: this.#authority });

  constructor(
    private readonly parts: {
      readonly database: TestDatabase;
      readonly services: Services;
      readonly importKey: NewServiceKey;
      /** `yyyy-MM-dd` of the ranges. */
      readonly expiry: string;
    },
  ) {}

  /** The root that an independent judge of our signatures trusts. */
  get authorityPem(): string {
    return this.#authority.certificatePem;
  }

  async create({ certificate, ...overrides }: TenantWishes = {}): Promise<E2eTenant> {
    const { database, services } = this.parts;
    const tenant = await createTestTenant(database, { ranges: this.ranges(), ...overrides });
    this.secrets.push(tenant.apiKey);
    if (certificate !== 'none') await this.giveCertificate(tenant.id, certificate?.notAfter);
    const api = new Api(() => services.gatewayUrl, tenant.apiKey);
    return { ...tenant, api };
  }

  async giveCertificate(tenantId: string, notAfter?: Date): Promise<void> {
    const { services, importKey } = this.parts;
    const { p12 } =
      notAfter === undefined
        ? this.#p12
        : issueCertificate({
            ...HOLDER,
            ...{ authority: this.#authority, notAfter, privateKeyPem: this.#p12.privateKeyPem },
          });
    const signer = { internalUrl: services.signUrl, serviceKeyToSign: importKey.out };
    await importCertificate(signer, tenantId, p12, PASSWORD);
  }

  private ranges() {
    return TIPOS.map((tipo) => ({
      tipo,
      first: 1,
      last: LAST_NUMBER,
      expiresOn: WITHOUT_EXPIRY.has(tipo) ? null : this.parts.expiry,
    }));
  }
}
