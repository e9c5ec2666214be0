import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Clock } from '@getupnet/kernel';
import { IdentityDb, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { ACCESS_TOKEN } from '@getupnet/rbac';
import { Sealer, type SealedPlace } from '@getupnet/secrets';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { TokenKeyRepository, type StoredTokenKey } from './token-key.repository.js';

interface SigningKey {
  readonly kid: string;
  readonly pem: string;
  readonly readAtMs: number;
}

/** A key rotated elsewhere is taken up within this time. */
const REREAD_MS = 30_000;
/** Tokens of the old key live this long after the last one was signed, leeway and re-reading included. */
const OUTLIVES_MS = (ACCESS_TOKEN.lifetimeS + 2 * 60) * 1_000;
const KID_BYTES = 12;

/** Signs access tokens with the newest key of the ring; the first call of an installation makes one. */
@Injectable()
export class TokenSigner {
  readonly #jwt = new JwtService();
  #key: SigningKey | undefined;

  constructor(
    private readonly db: IdentityDb,
    private readonly keys: TokenKeyRepository,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async sign({ userId, sessionId }: { userId: string; sessionId: string }): Promise<string> {
    const { kid, pem } = await this.#current();
    const claims = { sid: sessionId, iat: Math.floor(this.clock.now().getTime() / 1000) };
    return this.#jwt.sign(claims, {
      privateKey: pem,
      algorithm: ACCESS_TOKEN.algorithm,
      keyid: kid,
      header: { alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type },
      issuer: ACCESS_TOKEN.issuer,
      audience: ACCESS_TOKEN.audience,
      subject: userId,
      expiresIn: ACCESS_TOKEN.lifetimeS,
    });
  }

  /** A new key signs from now on; what the old ones signed is good until it expires. Answers its kid. */
  async rotate(): Promise<string> {
    const { kid } = await this.db.run(async (tx) => {
      await this.keys.lockRing(tx);
      return this.#make(tx);
    });
    this.#key = undefined;
    return kid;
  }

  async #current(): Promise<SigningKey> {
    const nowMs = this.clock.now().getTime();
    if (this.#key !== undefined && Math.abs(nowMs - this.#key.readAtMs) < REREAD_MS)
      return this.#key;
    const stored = await this.db.run(async (tx) => {
      const known = await this.keys.signing(tx, this.clock.now());
      if (known !== null) return known;
      await this.keys.lockRing(tx);
      // Somebody else may have made it while we waited for the lock.
      return (await this.keys.signing(tx, this.clock.now())) ?? this.#make(tx);
    });
    const pem = (await this.sealer.open(stored.sealed, placeOf(stored.kid))).toString('utf8');
    this.#key = { kid: stored.kid, pem, readAtMs: nowMs };
    return this.#key;
  }

  async #make(tx: Tx): Promise<StoredTokenKey> {
    const kid = randomBytes(KID_BYTES).toString('base64url');
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    // Refuses here, and not at the first login, what could not be read back.
    createPrivateKey(pem);
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    const sealed = await this.sealer.seal(Buffer.from(pem, 'utf8'), placeOf(kid));
    const signsFrom = this.clock.now();
    const publicJwk = { kty: 'EC', crv: 'P-256', x, y };
    await this.keys.add(tx, { kid, sealed, signsFrom, publicJwk });
    await this.keys.retireAllBut(tx, kid, new Date(signsFrom.getTime() + OUTLIVES_MS));
    return { kid, sealed, signsFrom };
  }
}

function placeOf(kid: string): SealedPlace {
  return { tenantId: PLATFORM_TENANT_ID, purpose: 'token-key', id: kid };
}
