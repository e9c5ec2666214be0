import type { NewServiceKey } from '@getupnet/rbac';

/** What services need around them. */
export interface Surroundings {
  readonly databaseUrl: string;
  readonly dgiiUrl: string;
  readonly kek: string;
  /** With which the test calls `sign`, as the client portal would. */
  readonly importKey: NewServiceKey;
  /** What `audit` alone is given: its key, and where checkpoints go. */
  readonly audit: Readonly<Record<string, string>>;
  /** Each process logs to a file of its own in here. */
  readonly logDir: string;
  /** Timings, and where the queues live. */
  readonly env: Readonly<Record<string, string>>;
}

/** Running services, however many processes they are. */
export interface Services {
  readonly gatewayUrl: string;
  readonly publicUrls: readonly string[];
  readonly internalUrls: readonly string[];
  /** Internal listener of `sign`. */
  readonly signUrl: string;
  stop(): Promise<void>;
}
