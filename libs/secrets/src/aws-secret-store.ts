import { SealError } from './aead.js';
import type { AwsSecrets } from './aws-secrets.js';
import type { SealedPlace } from './sealer.js';
import { SecretStore } from './secret-store.js';

const MARK = 'aws:';

/**
 * AWS Secrets Manager is the store: the row holds only where the secret lies. The name follows from
 * the place, so that a row cannot point to somebody else's secret.
 */
export class AwsSecretStore extends SecretStore {
  constructor(
    private readonly aws: AwsSecrets,
    private readonly prefix: string,
  ) {
    super();
  }

  override async keep(secret: Uint8Array, place: SealedPlace): Promise<string> {
    const name = this.nameOf(place);
    await this.aws.write(name, Buffer.from(secret).toString('base64'));
    return MARK + name;
  }

  override async fetch(kept: string, place: SealedPlace): Promise<Buffer> {
    const name = this.nameOf(place);
    if (kept !== MARK + name) throw new SealError('the secret belongs to another row');
    const text = await this.aws.read(name);
    if (text === null) throw new SealError('the secret is not in the store');
    return Buffer.from(text, 'base64');
  }

  override holds(kept: string): boolean {
    return kept.startsWith(MARK);
  }

  private nameOf({ tenantId, purpose, id }: SealedPlace): string {
    return [this.prefix, tenantId, purpose, id].join('/');
  }
}
