import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Clock } from '@getupnet/kernel';
import { AuditLog, IdentityDb, PLATFORM_TENANT_ID, type Tx } from '@getupnet/persistence';
import { ACCESS_TOKEN } from '@getupnet/rbac';
import { Sealer, type SealedPlace } from '@getupnet/secrets';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
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
/** A new key is known to all who verify before it signs: they read the ring every minute. */
const KNOWN_BEFORE_MS = 2 * 60 * 1_000;
const KID_BYTES = 12;

/** A key that is in the ring from now on. */
export interface RotatedKey {
  readonly kid: string;
  readonly signsFrom: Date;
}

/** Signs access tokens with the newest key of the ring; the first start of an installation makes one. */
@Injectable()
export class TokenSigner implements OnApplicationBootstrap {
  readonly #jwt = new JwtService();
  #key: SigningKey | undefined;
  #finding: Promise<StoredTokenKey> | undefined;

  constructor(
    private readonly db: IdentityDb,
    private readonly keys: TokenKeyRepository,
    private readonly sealer: Sealer,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** What cannot be signed is better known now than at the first login. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#current();
  }

  /**
   * Within a transaction, say which: a second connection for the key could be the one that all who
   * hold a first one wait for.
   */
  async sign(
    { userId, sessionId }: { userId: string; sessionId: string },
    tx?: Tx,
  ): Promise<string> {
    const { kid, pem } = await this.#current(tx);
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

  /**
   * A new key. It signs once everybody knows it, and what the old ones signed is good until it expires;
   * unless the old ones are `compromised`: then at once, and they verify nothing any more.
   */
  async rotate({ compromised = false } = {}): Promise<RotatedKey> {
    const { kid, signsFrom } = await this.db.run(async (tx) => {
      await this.keys.lockRing(tx);
      const nowMs = this.clock.now().getTime();
      const signsFromMs = compromised ? nowMs : nowMs + KNOWN_BEFORE_MS;
      const outlivesMs = compromised ? 0 : OUTLIVES_MS;
      const made = await this.#make(tx, new Date(signsFromMs), new Date(signsFromMs + outlivesMs));
      await this.audit.append(tx, {
        ...{ tenantId: PLATFORM_TENANT_ID, subjectId: null, actor: 'installation' },
        type: 'auth.keys_rotated',
        payload: { kid: made.kid, signsFrom: made.signsFrom.toISOString(), compromised },
      });
      return made;
    });
    this.#key = undefined;
    return { kid, signsFrom };
  }

  async #current(tx?: Tx): Promise<SigningKey> {
    const now = this.clock.now();
    const nowMs = now.getTime();
    if (this.#key !== undefined && Math.abs(nowMs - this.#key.readAtMs) < REREAD_MS)
      return this.#key;
    const known = tx === undefined ? null : await this.keys.signing(tx, now);
    const stored = known ?? (await this.#findOnce());
    const pem = (await this.sealer.open(stored.sealed, placeOf(stored.kid))).toString('utf8');
    this.#key = { kid: stored.kid, pem, readAtMs: nowMs };
    return this.#key;
  }

  /** One question for any number that wait for the answer. */
  #findOnce(): Promise<StoredTokenKey> {
    this.#finding ??= this.#findOrMake().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  #findOrMake(): Promise<StoredTokenKey> {
    return this.db.run(async (tx) => {
      const known = await this.keys.signing(tx, this.clock.now());
      if (known !== null) return known;
      await this.keys.lockRing(tx);
      const now = this.clock.now();
      // Somebody else may have made it while we waited for the lock.
      const made = await this.keys.signing(tx, now);
      return made ?? this.#make(tx, now, new Date(now.getTime() + OUTLIVES_MS));
    });
  }

  async #make(tx: Tx, signsFrom: Date, othersVerifyUntil: Date): Promise<StoredTokenKey> {
    const kid = randomBytes(KID_BYTES).toString('base64url');
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    // Refuses here, and not at the first login, what could not be read back.
    createPrivateKey(pem);
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    const sealed = await this.sealer.seal(Buffer.from(pem, 'utf8'), placeOf(kid));
    const publicJwk = { kty: 'EC', crv: 'P-256', x, y };
    await this.keys.add(tx, { kid, sealed, signsFrom, publicJwk });
    await this.keys.retireAllBut(tx, kid, othersVerifyUntil);
    return { kid, sealed, signsFrom };
  }
}

function placeOf(kid: string): SealedPlace {
  return { tenantId: PLATFORM_TENANT_ID, purpose: 'token-key', id: kid };
}
