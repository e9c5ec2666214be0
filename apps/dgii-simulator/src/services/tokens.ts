import type { Environment } from '@getupnet/contracts';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LedgerEntry } from '../state/ledger.js';

const NAME_CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
const ENVIRONMENT_CLAIM = 'ambiente';
/** How often all tokens of the environment had been ended when this one was given. */
const SERIES_CLAIM = 'serie';
const ISSUER = 'DGII.FE';
const AUDIENCE = 'USUARIOS.DGII.FE';
const MAX_REMEMBERED = 10_000;

interface Known {
  readonly holder: string;
  readonly environment: unknown;
  readonly expiresAtS: number;
  readonly series: number;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** DGII's bearer tokens: JWT, HS256, one hour (Descripción Técnica v1.6, p. 7). */
export class Tokens {
  private readonly known = new Map<string, Known>();
  private readonly series = new Map<Environment, number>();

  constructor(private readonly secret: Buffer) {}

  issue(holder: string, environment: Environment, issuedAt: Date, expiresAt: Date): string {
    const header = encode({ alg: 'HS256', typ: 'JWT' });
    const payload = encode({
      [NAME_CLAIM]: holder,
      [ENVIRONMENT_CLAIM]: environment,
      [SERIES_CLAIM]: this.seriesOf(environment),
      nbf: Math.floor(issuedAt.getTime() / 1000),
      exp: Math.floor(expiresAt.getTime() / 1000),
      iat: Math.floor(issuedAt.getTime() / 1000),
      iss: ISSUER,
      aud: AUDIENCE,
    });
    const body = `${header}.${payload}`;
    return `${body}.${this.mac(body).toString('base64url')}`;
  }

  /** The holder behind an `Authorization` header, or undefined when it opens nothing here. */
  holderOf(
    authorization: string | undefined,
    environment: Environment,
    nowMs: number,
  ): string | undefined {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const known = this.known.get(token) ?? this.check(token);
    if (known === undefined || known.environment !== environment) return undefined;
    if (known.series !== this.seriesOf(environment)) return undefined;
    return nowMs < known.expiresAtS * 1000 ? known.holder : undefined;
  }

  /** No token that the environment has given so far is good any more. */
  endAll(environment: Environment): void {
    this.series.set(environment, this.seriesOf(environment) + 1);
  }

  /** Puts back what a line of the ledger says. */
  replay({ control }: LedgerEntry): void {
    if (control?.action === 'tokens-ended') this.endAll(control.environment);
  }

  private seriesOf(environment: Environment): number {
    return this.series.get(environment) ?? 0;
  }

  private check(token: string): Known | undefined {
    const mark = token.lastIndexOf('.');
    const body = token.slice(0, mark);
    const given = Buffer.from(token.slice(mark + 1), 'base64url');
    const expected = this.mac(body);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    // Our own MAC vouches for the payload: it is what issue() wrote.
    const payload = Buffer.from(body.slice(body.indexOf('.') + 1), 'base64url').toString();
    const claims = JSON.parse(payload) as Record<string, unknown>;
    const known = {
      holder: String(claims[NAME_CLAIM]),
      environment: claims[ENVIRONMENT_CLAIM],
      expiresAtS: Number(claims['exp']),
      series: Number(claims[SERIES_CLAIM]),
    };
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    this.known.set(token, known);
    return known;
  }

  private mac(body: string): Buffer {
    return createHmac('sha256', this.secret).update(body).digest();
  }
}
