import { SealError } from './aead.js';
import { isSealed, type SealedPlace, type Sealer } from './sealer.js';

/**
 * Keeps secrets. `keep` answers the text that the owner's row holds from then on: the sealed secret
 * itself, or where the secret lies; `fetch` takes that text back.
 */
export abstract class SecretStore {
  abstract keep(secret: Uint8Array, place: SealedPlace): Promise<string>;
  abstract fetch(kept: string, place: SealedPlace): Promise<Buffer>;
  /** Whether a row's text is one of this store's. */
  abstract holds(kept: string): boolean;
}

/** The database is the store: the row holds the sealed secret. */
export class SealedSecretStore extends SecretStore {
  constructor(private readonly sealer: Sealer) {
    super();
  }

  override keep(secret: Uint8Array, place: SealedPlace): Promise<string> {
    return this.sealer.seal(secret, place);
  }

  override fetch(kept: string, place: SealedPlace): Promise<Buffer> {
    return this.sealer.open(kept, place);
  }

  override holds(kept: string): boolean {
    return isSealed(kept);
  }
}

/** Writes to one store and reads from several, so that changing the store needs no migration. */
export class SecretStoreSet extends SecretStore {
  constructor(
    private readonly writer: SecretStore,
    private readonly readers: readonly SecretStore[],
  ) {
    super();
  }

  override keep(secret: Uint8Array, place: SealedPlace): Promise<string> {
    return this.writer.keep(secret, place);
  }

  override fetch(kept: string, place: SealedPlace): Promise<Buffer> {
    const store = this.readers.find((reader) => reader.holds(kept));
    if (store === undefined) {
      return Promise.reject(new SealError('the secret is in a store that is not configured'));
    }
    return store.fetch(kept, place);
  }

  override holds(kept: string): boolean {
    return this.readers.some((reader) => reader.holds(kept));
  }
}
