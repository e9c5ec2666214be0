import { AppError, Clock } from '@getupnet/kernel';
import { SignerDb, type CertificateRecord } from '@getupnet/persistence';
import { createSigner, type Signer } from '@getupnet/xmldsig';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CertificatesRepository } from './certificates.repository.js';
import { ExpiringCache } from './expiring-cache.js';
import { PrivateKeys } from './private-keys.js';
import { requireValid } from './usable-certificate.js';

/** A tenant's key in memory, and which certificate it is. */
export interface ActiveSigner {
  readonly certificateId: string;
  readonly signer: Signer;
  /** Whose documents the key signs. */
  readonly rnc: string;
}

/** KEY-1: a key stays in memory no longer than this, and nowhere else. */
const KEYS = { entries: 5_000, ttlMs: 10 * 60_000 };
/** How long another replica may go on with a certificate that was just replaced. */
const ROWS = { entries: 20_000, ttlMs: 5_000 };
/** A tenant's RNC does not change. */
const RNCS = { entries: 20_000, ttlMs: 10 * 60_000 };
const SWEEP_MS = 60_000;

/** Which certificate a tenant signs with, and its decoded key. */
@Injectable()
export class ActiveSigners implements OnModuleDestroy {
  private readonly rows: ExpiringCache<CertificateRecord>;
  private readonly keys: ExpiringCache<Signer>;
  private readonly rncs: ExpiringCache<string>;
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly db: SignerDb,
    private readonly certificates: CertificatesRepository,
    private readonly privateKeys: PrivateKeys,
    private readonly clock: Clock,
  ) {
    this.rows = new ExpiringCache(clock, ROWS);
    this.keys = new ExpiringCache(clock, KEYS);
    this.rncs = new ExpiringCache(clock, RNCS);
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** The certificate in use, valid or not. Rejects with `cert.missing`. */
  certificate(tenantId: string): Promise<CertificateRecord> {
    return this.rows.get(tenantId, () => this.load(tenantId));
  }

  /** Rejects with `cert.missing` or `cert.expired`. */
  async signer(tenantId: string): Promise<ActiveSigner> {
    const row = await this.certificate(tenantId);
    requireValid(row, this.clock.now());
    const [signer, rnc] = await Promise.all([
      this.keys.get(`${tenantId}/${row.id}`, () => this.decode(row)),
      this.rncs.get(tenantId, () => this.rncOf(tenantId)),
    ]);
    return { certificateId: row.id, signer, rnc };
  }

  /** Another certificate is active from now on. */
  forget(tenantId: string): void {
    this.rows.delete(tenantId);
  }

  sweep(): void {
    this.keys.sweep();
    this.rows.sweep();
    this.rncs.sweep();
  }

  /** Keys in memory now. */
  get keysInMemory(): number {
    return this.keys.size;
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
    this.keys.clear();
    this.rows.clear();
    this.rncs.clear();
  }

  private async load(tenantId: string): Promise<CertificateRecord> {
    const row = await this.db.run({ tenantId }, (tx) => this.certificates.active(tx));
    if (row === null) throw new AppError('cert.missing');
    return row;
  }

  private async rncOf(tenantId: string): Promise<string> {
    const tenant = await this.db.run({ tenantId }, (tx) =>
      tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { rnc: true } }),
    );
    return tenant.rnc;
  }

  private async decode(row: CertificateRecord): Promise<Signer> {
    const key = await this.privateKeys.fetch(row.sealed, row.tenantId, row.id);
    return createSigner(key, row.certificatePem);
  }
}
