/** A data key under a key-encryption key. */
export interface WrappedKey {
  /** Which key-encryption key wrapped it. */
  readonly version: string;
  readonly wrapped: Buffer;
}

/**
 * Holder of the key-encryption keys (KEK). The keys themselves stay behind it, so that one in this
 * process and one in a KMS look alike.
 */
export abstract class KekProvider {
  /** The version new data keys are wrapped with. */
  abstract currentVersion(): string;
  /** `context` and the version are authenticated with the key. */
  abstract wrap(dataKey: Buffer, context: string): Promise<WrappedKey>;
  /** Throws SealError when the version is unknown or anything was altered. */
  abstract unwrap(key: WrappedKey, context: string): Promise<Buffer>;
}
