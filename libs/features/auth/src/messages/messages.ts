import type { Tx } from '@getupnet/persistence';

/** A text for a person. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  /** May hold a token: never logged. */
  readonly text: string;
  /** Of no use afterwards. */
  readonly expiresAt: Date;
}

/** Where messages for people go. */
export abstract class Messages {
  /** Part of the transaction of what it tells: told if and only if that happens. */
  abstract send(tx: Tx, message: Message): Promise<void>;
}
