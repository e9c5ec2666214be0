import type { FastifyInstance } from 'fastify';

export function addHelp(_server: FastifyInstance): void {}
