import { Sign } from '@getupnet/contracts';
import { cutText, dgiiInstant, DgiiApi, type TokenAnswer } from '@getupnet/dgii-api';
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
/** Of DGII's words so much is handed on as a reason. */
const MAX_REASON_CHARS = 500;
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

    // A signer that takes longer is not waited for: the claim on the row would run out meanwhile.
    const results = await deadline.orNull(
      this.sign.sign({
        tenantId,
        requester: 'dgii-client:token',
        items: [{ documentId: newId(), kind: 'semilla', xml: semilla.value }],
      }),
    );
    if (results === null) return unavailable('sign.timeout', RETRY_MS);
    const [signed] = results;
    if (!signed?.ok) return unavailable(signed?.code ?? 'internal', PERSON_RETRY_MS);

    const answer = await this.calls.run(
      environment,
      'validarsemilla',
      () => this.api.validarSemilla(environment, signed.xml, options()),
      { deadline },
    );
    if (answer.kind !== 'ok') return failure('validarsemilla', answer);
    return { kind: 'issued', token: answer.value.token, lifetimeMs: lifetimeOf(answer.value) };
  }
}

/** At most 55 minutes; a shorter stated life is used in the same share. DGII's clock cancels out. */
export function lifetimeOf({ expedido, expira }: TokenAnswer): number {
  const [from, to] = [dgiiInstant(expedido ?? ''), dgiiInstant(expira ?? '')];
  if (!from || !to || from >= to) return LIFETIME_MS;
  const statedMs = to.getTime() - from.getTime();
  return Math.min(LIFETIME_MS, Math.floor(statedMs * USED_SHARE));
}

function failure(step: string, answer: Exclude<Called<unknown>, { kind: 'ok' }>): Unavailable {
  switch (answer.kind) {
    case 'unavailable':
      // Others may well have a token: what stands in our way is not in theirs.
      return answer.reason === 'maintenance'
        ? answer
        : { ...answer, reason: `${step}.${answer.reason}` };
    case 'refused':
    case 'unauthorized': {
      // DGII's own words, for example that the signer is not delegated: a person needs them.
      const text = cutText(answer.mensajes.map((one) => one.valor).join('; '), MAX_REASON_CHARS);
      return unavailable(`${step}.refused: ${text}`, PERSON_RETRY_MS);
    }
    case 'unusable':
    case 'lost':
      return unavailable(`${step}.${answer.reason}`, RETRY_MS);
    case 'unsupported':
      return unavailable(`${step}.unsupported`, PERSON_RETRY_MS);
  }
}
