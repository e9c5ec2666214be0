import { PersistenceModule } from '@getupnet/persistence';
import { OpsPagesModule } from '@getupnet/platform';
import { PlatformAccessModule } from '@getupnet/rbac';
import { Module } from '@nestjs/common';
import { BoardController } from './board.controller.js';
import { BoardHolder } from './board-holder.js';

/**
 * The operations pages: `/queues` (Bull Board) and `/docs`, for PLATFORM_OPS. List `queuesEnv` and
 * `persistenceEnv` in the service's `env`.
 */
@Module({
  imports: [PersistenceModule, PlatformAccessModule, OpsPagesModule],
  controllers: [BoardController],
  providers: [BoardHolder],
})
export class QueuesBoardModule {}
