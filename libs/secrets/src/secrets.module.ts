import { BootError, Config } from '@getupnet/platform';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { AwsSecretStore } from './aws-secret-store.js';
import { AwsSecrets } from './aws-secrets.js';
import { KekProvider } from './kek-provider.js';
import { KeyRing } from './key-ring.js';
import { Sealer } from './sealer.js';
import { SealedSecretStore, SecretStore, SecretStoreSet } from './secret-store.js';
import { secretsEnv } from './secrets-env.js';

/** The key ring the configuration describes. Rejects with a BootError when there is no usable key. */
export async function loadKeyRing(config: Config, aws: AwsSecrets): Promise<KeyRing> {
  const env = config.get(secretsEnv);
  const { SECRETS_KEK: key, SECRETS_KEK_AWS_ID: id, SECRETS_KEK_PREVIOUS: previous } = env;
  if (key !== undefined && id !== undefined) {
    throw new BootError('SECRETS_KEK_AWS_ID: set it or SECRETS_KEK, not both');
  }
  if (key !== undefined) return KeyRing.of(key, previous);
  if (id === undefined) {
    throw new BootError('SECRETS_KEK: is required (or SECRETS_KEK_FILE, or SECRETS_KEK_AWS_ID)');
  }
  return ringFromAws(aws, id, previous);
}

async function ringFromAws(
  aws: AwsSecrets,
  id: string,
  previous: readonly string[],
): Promise<KeyRing> {
  const problem = 'SECRETS_KEK_AWS_ID: the key cannot be fetched';
  try {
    const current = await aws.read(id);
    if (current === null) throw new BootError(`${problem} (no such secret)`);
    const former = await aws.read(id, 'AWSPREVIOUS');
    return KeyRing.of(current, former === null ? previous : [...previous, former]);
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(problem, { cause: error });
  }
}

/** The secret store the configuration describes. */
export function buildSecretStore(config: Config, sealer: Sealer, aws: AwsSecrets): SecretStore {
  const env = config.get(secretsEnv);
  const database = new SealedSecretStore(sealer);
  const remote = new AwsSecretStore(aws, env.SECRETS_AWS_PREFIX);
  const writer = env.SECRETS_STORE === 'aws' ? remote : database;
  return new SecretStoreSet(writer, [database, remote]);
}

export function buildAwsSecrets(config: Config): AwsSecrets {
  const { SECRETS_AWS_REGION: region, SECRETS_AWS_ENDPOINT: endpoint } = config.get(secretsEnv);
  return new AwsSecrets({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

/** Provides {@link Sealer} and {@link SecretStore}; list {@link secretsEnv} in the service's `env`. */
@Module({
  providers: [
    { provide: AwsSecrets, inject: [Config], useFactory: buildAwsSecrets },
    { provide: KekProvider, inject: [Config, AwsSecrets], useFactory: loadKeyRing },
    {
      provide: Sealer,
      inject: [KekProvider],
      useFactory: (kek: KekProvider): Sealer => new Sealer(kek),
    },
    { provide: SecretStore, inject: [Config, Sealer, AwsSecrets], useFactory: buildSecretStore },
  ],
  exports: [Sealer, SecretStore],
})
export class SecretsModule implements OnModuleDestroy {
  constructor(private readonly aws: AwsSecrets) {}

  async onModuleDestroy(): Promise<void> {
    await this.aws.close();
  }
}
