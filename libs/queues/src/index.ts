export { QueuesBoardModule } from './board/queues-board.module.js';
export * from './limits.js';
export {
  postgresBackend,
  redisBackend,
  type QueueBackend,
  type QueueState,
} from './queue-backend.js';
export { queuesEnv } from './queues-env.js';
export { QueuesModule } from './queues.module.js';
export {
  Queues,
  type JobInfo,
  type QueueCounts,
  type QueuesOptions,
  type WorkOptions,
} from './queues.js';
