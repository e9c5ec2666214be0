import type { Tx } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { authEnv } from '../auth-env.js';
import type { Account } from '../login/accounts.js';
import { AuthJournal } from '../login/auth-journal.js';
import { Messages } from '../messages/messages.js';
import type { ClientFacts } from '../sessions/sessions.js';
import type { NewReset } from './password-resets.js';

/** Tells a person how to set a new password. */
@Injectable()
export class ResetNotice {
  readonly #app: string | undefined;

  constructor(
    private readonly messages: Messages,
    private readonly journal: AuthJournal,
    config: Config,
  ) {
    this.#app = config.get(authEnv).AUTH_APP_URL;
  }

  async send(tx: Tx, { id, email }: Account, reset: NewReset, from: ClientFacts): Promise<void> {
    await this.messages.send(tx, {
      to: email,
      subject: 'Restablecer su contraseña',
      text: textOf(reset, this.#app),
      expiresAt: reset.expiresAt,
    });
    await this.journal.ofHome(tx, id, {
      type: 'auth.password_reset_requested',
      userId: id,
      actor: 'anonymous',
      payload: { address: from.address },
    });
  }
}

/** After `#`: what follows it reaches no server and no log on the way. */
function textOf({ token }: NewReset, app: string | undefined): string {
  const how =
    app === undefined
      ? `Use este código en la aplicación: ${token}`
      : `Abra este enlace: ${new URL('restablecer', withSlash(app)).href}#token=${token}`;
  return [
    'Alguien pidió restablecer la contraseña de su cuenta.',
    how,
    'Sirve una sola vez y vence en 30 minutos. Si no fue usted, no haga nada: su contraseña no cambia.',
  ].join('\n\n');
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
