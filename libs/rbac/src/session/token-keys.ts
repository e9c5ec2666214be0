import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Clock } from '@getupnet/kernel';
import { Pools } from '@getupnet/persistence';
import { Injectable, Logger } from '@nestjs/common';

interface Known {
  readonly key: KeyObject;
  readonly verifiesUntilMs: number;
}

interface Row {
  readonly kid: string;
  readonly publicJwk: JsonWebKey;
  readonly verifiesUntil: Date | null;
}

const ALL = `
  SELECT kid, public_jwk AS "publicJwk", verifies_until AS "verifiesUntil" FROM token_key
   WHERE verifies_until IS NULL OR verifies_until > $1
   ORDER BY signs_from DESC LIMIT 16`;

/** Keys are read again after this long, so that one taken out of the ring stops verifying. */
const REFRESH_MS = 60_000;
/** A kid nobody knows makes us look at most this often: strangers can invent any number of them. */
const UNKNOWN_KID_PAUSE_MS = 10_000;

/** Public halves of the keys that sign access tokens. */
@Injectable()
export class TokenKeys {
  readonly #logger = new Logger('TokenKeys');
  #keys: ReadonlyMap<string, Known> = new Map();
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly pools: Pools,
    private readonly clock: Clock,
  ) {}

  /** The key with this id, if it may verify now. */
  async find(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid);
    const ageMs = Math.abs(this.clock.now().getTime() - this.#readAtMs);
    const stale = ageMs >= (known === undefined ? UNKNOWN_KID_PAUSE_MS : REFRESH_MS);
    if (stale) await this.#readOnce();
    return this.#valid(kid);
  }

  #valid(kid: string): KeyObject | undefined {
    const known = this.#keys.get(kid);
    if (known === undefined) return undefined;
    return this.clock.now().getTime() < known.verifiesUntilMs ? known.key : undefined;
  }

  #readOnce(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const now = this.clock.now();
    const { rows } = await this.pools.query<Row>('identity', ALL, [now]);
    this.#keys = new Map(rows.flatMap((row) => this.#known(row)));
    this.#readAtMs = now.getTime();
  }

  /** A key that cannot be read verifies nothing; the others go on. */
  #known({ kid, publicJwk, verifiesUntil }: Row): readonly (readonly [string, Known])[] {
    try {
      const key = createPublicKey({ key: publicJwk, format: 'jwk' });
      const verifiesUntilMs = verifiesUntil?.getTime() ?? Number.POSITIVE_INFINITY;
      return [[kid, { key, verifiesUntilMs }]];
    } catch (error) {
      this.#logger.error({ message: 'unreadable token key', kid, err: error });
      return [];
    }
  }
}
