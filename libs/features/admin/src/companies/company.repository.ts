import {
  COMPANY_STATUSES,
  companyUrlsSchema,
  isEnvironment,
  type CompanyStatus,
  type CompanyUrls,
  type Environment,
} from '@getupnet/contracts';
import { AppError, Clock, newId } from '@getupnet/kernel';
import { Prisma, type TenantRecord, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

/** What the operator decides about a company. */
export interface CompanySettings {
  readonly name: string;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly productionEnabled: boolean;
  readonly urls: CompanyUrls;
  readonly status: CompanyStatus;
}

export interface NewCompany extends CompanySettings {
  readonly rnc: string;
}

export interface StoredCompany extends NewCompany {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CompanyPage {
  readonly rnc?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: CompanyStatus | undefined;
  /** Exclusive: companies older than this id. */
  readonly before: string | null;
  readonly limit: number;
}

@Injectable()
export class CompanyRepository {
  constructor(private readonly clock: Clock) {}

  /** Of two registrations of one RNC at the same time, the second waits for the first. */
  async claimRnc(tx: Tx, rnc: string): Promise<boolean> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`company:${rnc}`}, 0))`;
    return (await tx.tenant.count({ where: { rnc } })) === 0;
  }

  async add(tx: Tx, company: NewCompany): Promise<StoredCompany> {
    const now = this.clock.now();
    const data = { ...company, id: newId(), createdAt: now, updatedAt: now };
    return stored(await tx.tenant.create({ data: { ...data, ...jsonOf(company) } }));
  }

  /** Rejects with `resource.not_found`. */
  async find(tx: Tx, id: string): Promise<StoredCompany> {
    const record = await tx.tenant.findUnique({ where: { id } });
    if (record === null) throw new AppError('resource.not_found');
    return stored(record);
  }

  /** As {@link find}; whoever else wants to change it waits. */
  async lock(tx: Tx, id: string): Promise<StoredCompany> {
    await tx.$executeRaw`SELECT id FROM tenant WHERE id = ${id}::uuid FOR UPDATE`;
    return this.find(tx, id);
  }

  async list(tx: Tx, { rnc, name, status, before, limit }: CompanyPage): Promise<StoredCompany[]> {
    const records = await tx.tenant.findMany({
      where: {
        ...(rnc !== undefined && { rnc }),
        ...(name !== undefined && { name: { contains: name, mode: 'insensitive' } }),
        ...(status !== undefined && { status }),
        ...(before !== null && { id: { lt: before } }),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return records.map(stored);
  }

  async change(tx: Tx, id: string, settings: CompanySettings): Promise<StoredCompany> {
    const { name, environment, productionEnabled, status } = settings;
    const updatedAt = this.clock.now();
    const data = { name, environment, productionEnabled, status, updatedAt };
    return stored(
      await tx.tenant.update({ where: { id }, data: { ...data, ...jsonOf(settings) } }),
    );
  }
}

function jsonOf({ profile, urls }: CompanySettings): {
  profile: Prisma.InputJsonObject;
  urls: Prisma.InputJsonObject;
} {
  // Both came in as JSON and were checked by their schemas.
  return { profile: profile as Prisma.InputJsonObject, urls: urls as Prisma.InputJsonObject };
}

function stored(record: TenantRecord): StoredCompany {
  const { id, rnc, name, environment, productionEnabled, createdAt, updatedAt } = record;
  if (!isEnvironment(environment)) throw new Error(`unknown environment ${environment}`);
  const status = COMPANY_STATUSES.find((one) => one === record.status);
  if (status === undefined) throw new Error(`unknown company status ${record.status}`);
  return {
    ...{ id, rnc, name, environment, productionEnabled, createdAt, updatedAt, status },
    profile: record.profile as Readonly<Record<string, unknown>>,
    urls: companyUrlsSchema.parse(record.urls),
  };
}
