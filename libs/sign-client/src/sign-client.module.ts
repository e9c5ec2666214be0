import { Sign } from '@getupnet/contracts';
import type { PortModule } from '@getupnet/platform';
import { ServiceCallerModule, serviceCallerEnv } from '@getupnet/rbac';
import { Module } from '@nestjs/common';
import { CertificatesClient } from './certificates-client.js';
import { HttpSign } from './http-sign.js';
import { signClientEnv } from './sign-client-env.js';
import { SignerCalls } from './signer-calls.js';

/** Provides the port Sign (and the import of certificates) over the network. */
@Module({
  imports: [ServiceCallerModule],
  providers: [SignerCalls, CertificatesClient, { provide: Sign, useClass: HttpSign }],
  exports: [Sign, CertificatesClient],
})
export class SignClientModule {}

/** The port Sign over the network, and the variables it reads. */
export const signClient: PortModule = {
  module: SignClientModule,
  env: [signClientEnv, serviceCallerEnv],
};
