export { CertificatesClient, type CertificateSubject } from './certificates-client.js';
export { signClientEnv } from './sign-client-env.js';
export { SignClientModule, signClient } from './sign-client.module.js';
