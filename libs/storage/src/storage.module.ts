import { Clock } from '@getupnet/kernel';
import { BootError, Config } from '@getupnet/platform';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { DirectoryWormStore } from './directory-worm-store.js';
import { S3Objects } from './s3-objects.js';
import { S3WormStore } from './s3-worm-store.js';
import { wormEnv } from './worm-env.js';
import { WormStore } from './worm-store.js';

/** The WORM store the configuration describes; throws a BootError when it describes none. */
export function buildWormStore(config: Config, clock: Clock): WormStore {
  const env = config.get(wormEnv);
  if (env.WORM_STORE === 'directory') {
    if (env.WORM_DIRECTORY === undefined) throw new BootError('WORM_DIRECTORY: is required');
    return new DirectoryWormStore(env.WORM_DIRECTORY);
  }
  const { WORM_S3_BUCKET: bucket, WORM_S3_REGION: region, WORM_S3_ENDPOINT: endpoint } = env;
  if (bucket === undefined) throw new BootError('WORM_S3_BUCKET: is required with WORM_STORE=s3');
  const objects = new S3Objects({
    bucket,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return new S3WormStore(objects, clock, {
    prefix: env.WORM_S3_PREFIX,
    retentionDays: env.WORM_S3_RETENTION_DAYS,
  });
}

/** Provides {@link WormStore}; list {@link wormEnv} in the service's `env`. */
@Module({
  providers: [{ provide: WormStore, inject: [Config, Clock], useFactory: buildWormStore }],
  exports: [WormStore],
})
export class StorageModule implements OnModuleDestroy {
  constructor(private readonly store: WormStore) {}

  async onModuleDestroy(): Promise<void> {
    await this.store.close();
  }
}
