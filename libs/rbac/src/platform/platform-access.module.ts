import { Module } from '@nestjs/common';
import { SessionAccessModule } from '../session/session-access.module.js';
import { PlatformAccess } from './platform-access.js';

/** Guards scope PLATFORM. Imported by every HTTP module that has such endpoints. */
@Module({ imports: [SessionAccessModule], providers: [PlatformAccess] })
export class PlatformAccessModule {}
