import type { FastifyInstance, FastifyReply } from 'fastify';
import { ZodError, z } from 'zod';
import { ESTADOS } from '../../state/verdict.js';
import type { Portal } from '../portal.js';
import { PortalProblem } from '../portal-problem.js';
import type { Cell } from '../sheets/columns.js';
import { approvalsWorkbook, testSetWorkbook } from '../sheets/workbook.js';
import { PRINTED_KINDS } from '../state/steps.data.js';
import { ACTIONS } from './actions.js';
import { inputOf } from './input.js';

interface Subject {
  readonly Params: { readonly rnc: string; readonly clave: string };
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const printedKind = z.enum(PRINTED_KINDS);

/** The portal for programs: JSON under `/_portal/api/postulaciones`, files as they are. */
export function addPortalApi(server: FastifyInstance, portal: Portal): void {
  void server.register(
    async (scope) => {
      scope.setErrorHandler((error, _request, reply) => {
        const { status, message } = problemOf(error);
        void reply.code(status).send({ error: message });
      });
      addPostulations(scope, portal);
      addDownloads(scope, portal);
      addActions(scope, portal);
    },
    { prefix: '/_portal/api/postulaciones' },
  );
}

/** Status and words of whatever went wrong. */
export function problemOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof PortalProblem) return { status: error.status, message: error.message };
  if (error instanceof ZodError) return { status: 400, message: z.prettifyError(error) };
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { status: typeof status === 'number' ? status : 500, message };
}

function addPostulations(scope: FastifyInstance, portal: Portal): void {
  scope.get('/', async () => portal.all());
  scope.post('/', async (request, reply) => {
    const { rnc } = portal.papers.create(inputOf(request).fields);
    return reply.code(201).send(portal.progress(rnc));
  });
  scope.get<Subject>('/:rnc', async ({ params }) => portal.progress(params.rnc));
}

function addDownloads(scope: FastifyInstance, portal: Portal): void {
  scope.get<Subject>('/:rnc/postulacion.xml', async ({ params: { rnc } }, reply) => {
    const xml = portal.postulationXml(rnc);
    return attach(reply, 'text/xml', `${rnc}-postulacion.xml`).send(xml);
  });
  scope.get<Subject>('/:rnc/declaracion.xml', async ({ params: { rnc } }, reply) => {
    const xml = portal.papers.declaration(rnc);
    return attach(reply, 'text/xml', `${rnc}-declaracion.xml`).send(xml);
  });
  scope.get<Subject>('/:rnc/set-ecf.xlsx', async ({ params: { rnc } }, reply) => {
    const rows = portal.dataTest.rows(rnc);
    const { intento } = portal.progress(rnc).pruebasDatos;
    const workbook = await testSetWorkbook(rows);
    return attach(reply, XLSX, `${rnc}-set-${intento}.xlsx`).send(workbook);
  });
  scope.get<Subject>('/:rnc/set-ecf.json', async ({ params: { rnc } }) => {
    const { ecf, rfce } = portal.dataTest.rows(rnc);
    return { ECF: ecf.map(plain), RFCE: rfce.map(plain) };
  });
  scope.get<Subject>('/:rnc/set-aprobaciones.xlsx', async ({ params: { rnc } }, reply) => {
    const workbook = await approvalsWorkbook(portal.approvals.rows(rnc));
    return attach(reply, XLSX, `${rnc}-aprobaciones.xlsx`).send(workbook);
  });
  scope.get<Subject>('/:rnc/set-aprobaciones.json', async ({ params: { rnc } }) => ({
    ACEECF_Generadas: portal.approvals.rows(rnc).map(plain),
  }));
}

const plain = (row: readonly Cell[]): Record<string, string> => Object.fromEntries(row);

function attach(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}

function addActions(scope: FastifyInstance, portal: Portal): void {
  for (const [name, action] of Object.entries(ACTIONS)) {
    scope.post<Subject>(`/:rnc/${name}`, async (request) => {
      const { rnc } = request.params;
      const verdict = await action(portal, rnc, inputOf(request));
      const progreso = portal.progress(rnc);
      if (verdict === undefined) return { progreso };
      const { codigo, mensajes } = verdict;
      return { codigo, estado: ESTADOS[codigo], mensajes, progreso };
    });
  }
  scope.put<Subject>('/:rnc/representaciones/:clave', async (request) => {
    const { rnc, clave } = request.params;
    const bytes = inputOf(request).file('') ?? Buffer.alloc(0);
    portal.simulation.print(rnc, printedKind.parse(clave), bytes);
    return { progreso: portal.progress(rnc) };
  });
}
