import { AUTH_ROUTES, jwksSchema, type Jwks } from '@getupnet/contracts';
import { Clock } from '@getupnet/kernel';
import { IdentityDb } from '@getupnet/persistence';
import { Endpoint } from '@getupnet/platform';
import { Controller } from '@nestjs/common';
import { TokenKeyRepository } from './token-key.repository.js';

@Controller()
export class JwksController {
  constructor(
    private readonly db: IdentityDb,
    private readonly keys: TokenKeyRepository,
    private readonly clock: Clock,
  ) {}

  @Endpoint('GET', AUTH_ROUTES.jwks, {
    summary: 'Public keys that access tokens are signed with',
    listener: 'public',
    scope: 'PUBLIC',
    response: jwksSchema,
  })
  async jwks(): Promise<Jwks> {
    const keys = await this.db.run((tx) => this.keys.verifying(tx, this.clock.now()));
    const shown = keys.map(({ kid, publicJwk }) => ({
      ...(publicJwk as object),
      kid,
      alg: 'ES256',
      use: 'sig',
    }));
    return jwksSchema.parse({ keys: shown });
  }
}
