export { BootError, EXIT_CONFIG } from './boot/boot-error.js';
export { Config } from './config/config.js';
export { renderEnvExample } from './config/env-example.js';
export { defineEnv, type EnvShape, type EnvSpec, type EnvValues } from './config/env-spec.js';
export { loadConfig, type EnvSource } from './config/load-config.js';
export { secretText } from './config/secret.js';
