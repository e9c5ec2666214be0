import { Sign } from '@getupnet/contracts';
import { DgiiApi, type TokenAnswer } from '@getupnet/dgii-api';
import { newId } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { DgiiCalls, unavailable, type Called, type Unavailable } from '../calls/dgii-calls.js';
import type { Deadline } from '../calls/deadline.js';
import type { TokenKey } from './token.js';

export interface IssuedToken {
  readonly kind: 'issued';
  readonly token: string;
  readonly lifetimeMs: number;
}

/** DGII's tokens live one hour "for now" (Descripción Técnica v1.6, p. 7); we use them for 55 min. */
const LIFETIME_MS = 55 * 60_000;
/** Share of a stated lifetime that we use: 55 of 60 minutes. */
const USED_SHARE = 55 / 60;
const RETRY_MS = 5_000;
/** What can stand behind `Bearer` (RFC 6750, section 2.1); DGII's are JWTs of hundreds of letters. */
const TOKEN = /^[\w.~+/-]{16,}=*$/;
/** Without a certificate or a delegation nothing changes until a person acts. */
const PERSON_RETRY_MS = 60_000;

/** The authentication of DGII: semilla, its signature, the token. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly api: DgiiApi,
    private readonly calls: DgiiCalls,
    private readonly sign: Sign,
  ) {}

  async issue(key: TokenKey, deadline: Deadline): Promise<IssuedToken | Unavailable> {
    const { environment, tenantId } = key;
    const options = () => ({ timeoutMs: deadline.remainingMs() });
    const semilla = await this.calls.run(
      environment,
      'semilla',
      () => this.api.getSemilla(environment, options()),
      { deadline },
    );
    if (semilla.kind !== 'ok') return failure('semilla', semilla);

    const [signed] = await this.sign.sign({
      tenantId,
      requester: 'dgii-client:token',
      items: [{ documentId: newId(), kind: 'semilla', xml: semilla.value }],
    });
    if (!signed?.ok) return unavailable(signed?.code ?? 'internal', PERSON_RETRY_MS);

    const answer = await this.calls.run(environment, 'validarsemilla', () =>
      this.api.validarSemilla(environment, signed.xml, options()),
    );
    if (answer.kind !== 'ok') return failure('validarsemilla', answer);
    if (!TOKEN.test(answer.value.token)) {
      return unavailable('validarsemilla.answer.wrong_shape', RETRY_MS);
    }
    return { kind: 'issued', token: answer.value.token, lifetimeMs: lifetimeOf(answer.value) };
  }
}

/** At most 55 minutes; a shorter stated life is used in the same share. DGII's clock cancels out. */
export function lifetimeOf({ expedido, expira }: TokenAnswer): number {
  const statedMs = Date.parse(expira ?? '') - Date.parse(expedido ?? '');
  if (!(statedMs > 0)) return LIFETIME_MS;
  return Math.min(LIFETIME_MS, Math.floor(statedMs * USED_SHARE));
}

function failure(step: string, answer: Exclude<Called<unknown>, { kind: 'ok' }>): Unavailable {
  switch (answer.kind) {
    case 'unavailable':
      return answer;
    case 'refused':
    case 'unauthorized': {
      // DGII's own words, for example that the signer is not delegated: a person needs them.
      const text = answer.mensajes.map((one) => one.valor).join('; ');
      return unavailable(`${step}.refused: ${text}`, PERSON_RETRY_MS);
    }
    case 'unusable':
    case 'lost':
      return unavailable(`${step}.${answer.reason}`, RETRY_MS);
    case 'unsupported':
      return unavailable(`${step}.unsupported`, PERSON_RETRY_MS);
  }
}
