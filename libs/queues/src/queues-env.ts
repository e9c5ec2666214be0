import { defineEnv, redisVariables } from '@getupnet/platform';

/** Where jobs travel. */
export const queuesEnv = defineEnv('queues', redisVariables);
