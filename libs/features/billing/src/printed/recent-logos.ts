import { Injectable } from '@nestjs/common';
import type { Logo } from '@getupnet/ri';

const MOST = 64;

/**
 * Logos printed lately. The renderer prepares a logo once for each object it is given, so the same
 * image has to stay the same object.
 */
@Injectable()
export class RecentLogos {
  readonly #logos = new Map<string, Logo>();

  /** The object known for this image, else the one given, from now on. */
  same(tenantId: string, sha256: string, logo: Logo): Logo {
    const key = `${tenantId}/${sha256}`;
    const known = this.#logos.get(key) ?? logo;
    this.#logos.delete(key);
    this.#logos.set(key, known);
    const [oldest] = this.#logos.keys();
    if (this.#logos.size > MOST && oldest !== undefined) this.#logos.delete(oldest);
    return known;
  }
}
