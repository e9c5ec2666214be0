export { SealError } from './aead.js';
export { AwsSecretStore } from './aws-secret-store.js';
export { AwsSecrets, type AwsSecretsOptions } from './aws-secrets.js';
export { KekProvider, type WrappedKey } from './kek-provider.js';
export { KeyRing } from './key-ring.js';
export { Sealer, type SealedPlace } from './sealer.js';
export { SealedSecretStore, SecretStore, SecretStoreSet } from './secret-store.js';
export { secretsEnv } from './secrets-env.js';
export { SecretsModule, buildAwsSecrets, loadKeyRing } from './secrets.module.js';
