import { Module } from '@nestjs/common';
import { SessionAccessModule } from '../session/session-access.module.js';
import { UserAccess } from './user-access.js';

/** Guards scope USER. Imported by every HTTP module that has such endpoints. */
@Module({ imports: [SessionAccessModule], providers: [UserAccess] })
export class UserAccessModule {}
