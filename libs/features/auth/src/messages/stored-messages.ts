import { Clock, newId } from '@getupnet/kernel';
import { AuditLog, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { Sealer, type SealedPlace } from '@getupnet/secrets';
import { Injectable } from '@nestjs/common';
import { Messages, type Message } from './messages.js';

/** A message as it is handed over. */
export interface KeptMessage extends Message {
  readonly id: string;
  readonly createdAt: Date;
}

/** More at once than anybody hands over by hand. */
const MOST = 100;

/**
 * Keeps messages, sealed, until somebody delivers them: as long as the installation has no mail service
 * the operator hands them over (`npm run auth -- messages`).
 */
@Injectable()
export class StoredMessages extends Messages {
  constructor(
    private readonly sealer: Sealer,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send(tx: Tx, { to, subject, text, expiresAt }: Message): Promise<void> {
    const id = newId();
    const createdAt = this.clock.now();
    const sealed = await this.sealer.seal(Buffer.from(text, 'utf8'), placeOf(id));
    await tx.message.deleteMany({ where: { expiresAt: { lte: createdAt } } });
    await tx.message.create({
      data: { id, recipient: to, subject, sealed, createdAt, expiresAt },
    });
  }

  /** Messages nobody has delivered yet, oldest first; from now on they count as delivered. */
  async take(tx: Tx, actor: string): Promise<readonly KeptMessage[]> {
    const now = this.clock.now();
    const rows = await tx.message.findMany({
      where: { deliveredAt: null, expiresAt: { gt: now } },
      orderBy: { createdAt: 'asc' },
      take: MOST,
    });
    const kept: KeptMessage[] = [];
    for (const { id, recipient, subject, sealed, createdAt, expiresAt } of rows) {
      const text = (await this.sealer.open(sealed, placeOf(id))).toString('utf8');
      kept.push({ id, to: recipient, subject, text, createdAt, expiresAt });
      await tx.message.update({ where: { id }, data: { deliveredAt: now } });
      await this.audit.append(tx, {
        ...{ tenantId: PLATFORM_TENANT_ID, type: 'message.handed_over', subjectId: id, actor },
        payload: { subject },
      });
    }
    return kept;
  }
}

function placeOf(id: string): SealedPlace {
  return { tenantId: PLATFORM_TENANT_ID, purpose: 'message', id };
}
