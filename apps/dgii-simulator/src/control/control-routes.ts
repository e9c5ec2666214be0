import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { ZodError, z } from 'zod';
import { ENVIRONMENTS } from '@getupnet/contracts';
import { FAULT_OPERATIONS, faultSchema } from '../faults/fault.js';
import { forcedVerdictSchema } from '../faults/forced-verdicts.js';
import type { LedgerFilter, SimulatorControl } from './control.js';

const filterSchema = z.strictObject({
  environment: z.enum(ENVIRONMENTS).optional(),
  service: z.enum([...FAULT_OPERATIONS, 'reset', 'control']).optional(),
  rnc: z.string().optional(),
  encf: z.string().optional(),
  trackId: z.string().optional(),
  sha256: z.string().optional(),
});

/** The control API: JSON under `/_control`, on the same address as the services. */
export function addControlRoutes(server: FastifyInstance, control: SimulatorControl): void {
  void server.register(
    async (scope) => {
      scope.setErrorHandler((error, _request, reply) => {
        const problem = error instanceof ZodError ? z.prettifyError(error) : messageOf(error);
        void reply.code(statusOf(error)).send({ error: problem });
      });
      addState(scope, control);
      addFaults(scope, control);
    },
    { prefix: '/_control' },
  );
}

function statusOf(error: unknown): number {
  if (error instanceof ZodError) return 400;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function addState(scope: FastifyInstance, control: SimulatorControl): void {
  scope.get('/state', async () => control.state());
  scope.get('/sequences', async () => control.sequences());
  scope.post('/reset', async (_request, reply) => {
    await control.reset();
    return reply.code(204).send();
  });
  scope.get('/ledger', async (request, reply) => {
    const filter = filterSchema.parse(request.query) as LedgerFilter;
    const lines = async function* (): AsyncGenerator<string> {
      for await (const entry of control.entries(filter)) yield `${JSON.stringify(entry)}\n`;
    };
    return reply.type('application/x-ndjson').send(Readable.from(lines()));
  });
}

function addFaults(scope: FastifyInstance, control: SimulatorControl): void {
  scope.get('/faults', async () => control.state().faults);
  scope.post('/faults', async (request, reply) => {
    const id = control.addFault(faultSchema.parse(request.body));
    return reply.code(201).send({ id });
  });
  scope.delete('/faults', async (_request, reply) => {
    control.clearFaults();
    return reply.code(204).send();
  });
  scope.delete<{ Params: { id: string } }>('/faults/:id', async (request, reply) =>
    reply.code(control.removeFault(request.params.id) ? 204 : 404).send(),
  );
  scope.post('/verdicts', async (request, reply) => {
    control.forceVerdict(forcedVerdictSchema.parse(request.body));
    return reply.code(204).send();
  });
  scope.delete('/verdicts', async (_request, reply) => {
    control.clearForcedVerdicts();
    return reply.code(204).send();
  });
}
