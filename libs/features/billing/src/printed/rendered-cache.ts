import { Injectable } from '@nestjs/common';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';

/** A printed representation as it is answered. */
export interface Rendered {
  readonly body: Buffer;
  readonly fileName: string;
  readonly mediaType: string;
  /** Of pages; files keep the platform's. */
  readonly contentSecurityPolicy?: string;
}

/** One entry may not push out most of the others. */
const MOST_SHARE = 4;

/** The last renderings of this process, least recently used first, bounded by their bytes. */
@Injectable()
export class RenderedCache {
  readonly #entries = new Map<string, Rendered>();
  readonly #most: number;
  #bytes = 0;

  constructor(config: Config) {
    this.#most = config.get(billingEnv).BILLING_RI_CACHE_BYTES;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(tenantId: string, tag: string): Rendered | undefined {
    const key = keyOf(tenantId, tag);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  put(tenantId: string, tag: string, rendered: Rendered): void {
    const key = keyOf(tenantId, tag);
    this.#drop(key);
    if (rendered.body.length > this.#most / MOST_SHARE) return;
    this.#entries.set(key, rendered);
    this.#bytes += rendered.body.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#most) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.body.length ?? 0;
    this.#entries.delete(key);
  }
}

/** The tenant is part of it (TEN-5), although no two tenants sign the same bytes. */
const keyOf = (tenantId: string, tag: string): string => `${tenantId}/${tag}`;
