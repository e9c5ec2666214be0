import type { ChangePasswordRequest } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { IdentityDb } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { Credentials } from '../login/credentials.js';
import type { ClientFacts } from '../sessions/sessions.js';
import { NewPassword } from './new-password.js';
import { PasswordResets } from './password-resets.js';
import { Passwords } from './passwords.js';

/** A new password, by who knows the old one or holds a reset token. All sessions end. */
@Injectable()
export class SetPassword {
  constructor(
    private readonly db: IdentityDb,
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly resets: PasswordResets,
    private readonly newPassword: NewPassword,
  ) {}

  async change(
    userId: string,
    { oldPassword, newPassword }: ChangePasswordRequest,
    from: ClientFacts,
  ): Promise<void> {
    const proven = await this.credentials.prove({ userId }, oldPassword, from);
    const hash = await this.passwords.hash(newPassword);
    await this.db.run(async (tx) => {
      await this.credentials.settle(tx, proven, from);
      await this.newPassword.give(tx, userId, { hash, how: 'password_changed', from });
    });
  }

  async reset(token: string, password: string, from: ClientFacts): Promise<void> {
    // Looked up first: a stranger's token is not worth a hash.
    const living = await this.db.run((tx) => this.resets.isLiving(tx, token));
    if (!living) throw new AppError('auth.token_invalid');
    const hash = await this.passwords.hash(password);
    await this.db.run(async (tx) => {
      const userId = await this.resets.use(tx, token);
      if (userId === undefined) throw new AppError('auth.token_invalid');
      const email = await this.newPassword.give(tx, userId, { hash, how: 'password_reset', from });
      await this.credentials.forgive(tx, email);
    });
  }
}
