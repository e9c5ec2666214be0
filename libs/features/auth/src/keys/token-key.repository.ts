import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export interface StoredTokenKey {
  readonly kid: string;
  readonly sealed: string;
  readonly signsFrom: Date;
}

export interface NewTokenKey extends StoredTokenKey {
  readonly publicJwk: Readonly<Record<string, string>>;
}

export interface PublicTokenKey {
  readonly kid: string;
  readonly publicJwk: unknown;
}

/** Any number that nothing else locks: one process at a time changes the ring. */
const RING_LOCK = 7_301_552_001n;
/** More would mean that rotations run away; the newest count. */
const MOST_KEYS = 16;

@Injectable()
export class TokenKeyRepository {
  /** Held until the transaction ends. */
  async lockRing(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RING_LOCK})`;
  }

  /** The key that signs at an instant: the newest that has begun. */
  async signing(tx: Tx, at: Date): Promise<StoredTokenKey | null> {
    return tx.tokenKey.findFirst({
      where: { signsFrom: { lte: at }, ...verifyingAt(at) },
      orderBy: { signsFrom: 'desc' },
      select: { kid: true, sealed: true, signsFrom: true },
    });
  }

  async verifying(tx: Tx, at: Date): Promise<readonly PublicTokenKey[]> {
    return tx.tokenKey.findMany({
      where: verifyingAt(at),
      orderBy: { signsFrom: 'desc' },
      take: MOST_KEYS,
      select: { kid: true, publicJwk: true },
    });
  }

  async add(tx: Tx, { publicJwk, ...key }: NewTokenKey): Promise<void> {
    await tx.tokenKey.create({ data: { ...key, publicJwk: { ...publicJwk } } });
  }

  /** The others verify until then at the latest, and sign no more once `kid` begins. */
  async retireAllBut(tx: Tx, kid: string, verifiesUntil: Date): Promise<void> {
    await tx.tokenKey.updateMany({
      where: { kid: { not: kid }, ...verifyingAt(verifiesUntil) },
      data: { verifiesUntil },
    });
  }
}

const verifyingAt = (at: Date) => ({
  OR: [{ verifiesUntil: null }, { verifiesUntil: { gt: at } }],
});
