import { Module } from '@nestjs/common';
import { DocsController, OpsLoginController } from './ops.controllers.js';

/** `/docs` and the login of the operations pages; its process guards scope PLATFORM. */
@Module({ controllers: [OpsLoginController, DocsController] })
export class OpsPagesModule {}
