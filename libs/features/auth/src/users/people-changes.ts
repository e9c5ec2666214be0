import type { Permission } from '@getupnet/contracts';
import { Clock } from '@getupnet/kernel';
import { AuditLog, IdentityDb, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { changeBy, type ActingPerson, type Change, type Teller } from './acting-person.js';
import { Standing } from './standing.js';

/** A change under way. */
export interface Changing {
  readonly tx: Tx;
  /** What the person who makes it may do, now. */
  readonly held: ReadonlySet<Permission>;
  readonly at: Date;
}

/** How people, roles and keys change: by somebody who may, at this moment, and told in the audit. */
@Injectable()
export class PeopleChanges {
  constructor(
    private readonly db: IdentityDb,
    private readonly standing: Standing,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.run(work);
  }

  /**
   * One change of a company's people (or the operator's) at a time: that there is always an
   * administrator left can only be told by one at a time. Rejects with `auth.forbidden`.
   */
  make<T>(
    person: ActingPerson,
    needed: Permission,
    work: (changing: Changing) => Promise<T>,
  ): Promise<T> {
    return this.db.run(async (tx) => {
      await this.standing.lock(tx, person);
      const held = await this.standing.of(tx, person, needed);
      return work({ tx, held, at: this.clock.now() });
    });
  }

  /** What a person may do now, for changes that another role of the database makes. */
  heldBy(person: ActingPerson, needed: Permission): Promise<ReadonlySet<Permission>> {
    return this.db.run((tx) => this.standing.of(tx, person, needed));
  }

  /** In the transaction of the change; of a company other than the person's when told which. */
  async tell(tx: Tx, person: Teller, change: Change, tenantId?: string | null): Promise<void> {
    await this.audit.append(tx, changeBy(person, change, tenantId));
  }
}
