export { DirectoryWormStore } from './directory-worm-store.js';
export { S3Objects, type S3ObjectsOptions } from './s3-objects.js';
export { S3WormStore, type S3WormOptions } from './s3-worm-store.js';
export { StorageModule, buildWormStore } from './storage.module.js';
export { wormEnv } from './worm-env.js';
export { MAX_LISTED, MAX_OBJECT_BYTES, WormStore, type ListOptions } from './worm-store.js';
