import { randomUUID } from 'node:crypto';
import { AUTH_ROUTES, sessionTokensSchema } from '@getupnet/contracts';
import { generateSync } from 'otplib';

export interface JsonAnswer {
  readonly status: number;
  /** Problem code, where it is one. */
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A person with an HTTP client: what curl does, and what they remember of it. */
export class Person {
  accessToken = '';
  refreshToken = '';
  totpSecret = '';

  constructor(
    private readonly base: () => string,
    readonly email: string,
    readonly password: string,
  ) {}

  async call(method: string, path: string, body?: object): Promise<JsonAnswer> {
    const answer = await fetch(`${this.base()}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(this.accessToken !== '' && { authorization: `Bearer ${this.accessToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const { code } = parsed;
    return {
      status: answer.status,
      code: typeof code === 'string' ? code : undefined,
      body: parsed,
    };
  }

  /** Logs in for the first time: enrols a second factor; answers the recovery codes. */
  async enrolAndLogIn(): Promise<readonly string[]> {
    const { email, password } = this;
    const login = await this.call('POST', AUTH_ROUTES.login, { email, password });
    if (login.body['mfa'] !== 'enroll') throw new Error(`login: ${JSON.stringify(login)}`);
    const challenge = login.body['challenge'];
    const enrolment = await this.call('POST', AUTH_ROUTES.enroll, { challenge });
    this.totpSecret = String(enrolment.body['secret']);
    const code = generateSync({ secret: this.totpSecret });
    const verified = await this.call('POST', AUTH_ROUTES.verify, { challenge, code });
    const { recoveryCodes, ...tokens } = verified.body;
    this.#take(tokens);
    return recoveryCodes as readonly string[];
  }

  #take(tokens: object): void {
    const { accessToken, refreshToken = '' } = sessionTokensSchema.parse(tokens);
    this.accessToken = accessToken;
    this.refreshToken = refreshToken;
  }

  get secrets(): readonly string[] {
    return [this.password, this.accessToken, this.refreshToken, this.totpSecret];
  }
}
