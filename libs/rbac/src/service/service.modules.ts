import { Module } from '@nestjs/common';
import { ServiceAccess } from './service-access.js';
import { ServiceCaller } from './service-caller.js';

/** Guards scope SERVICE. Imported by every HTTP module that has such endpoints. */
@Module({ providers: [ServiceAccess] })
export class ServiceAccessModule {}

/** For adapters that call other services over the network. */
@Module({ providers: [ServiceCaller], exports: [ServiceCaller] })
export class ServiceCallerModule {}
