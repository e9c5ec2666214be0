import Fastify, { type FastifyInstance } from 'fastify';
import type { RequestListener, Server } from 'node:http';
import type { Settings } from '../options.js';
import type { ServiceStatus } from '../services/estatus.js';
import { htmlAnswer, type Answer } from './answer.js';
import { lowerCaseKeys } from './arrival.js';
import { send } from './delivery.js';
import type { Exchange } from './exchange.js';
import { OPERATIONS, SERVICE_MAP, routedUrl } from './service-map.js';
import { STATUS_RESOURCES } from './status-resources.js';

/** DGII states no limit; a thousand lines signed are below 1 MB. */
const BODY_LIMIT_BYTES = 12 * 1024 * 1024;

/** The HTTP side: every service at the addresses where DGII has it, and nowhere else. */
export function buildServer(
  settings: Settings,
  exchange: Exchange,
  status: ServiceStatus,
  serverFactory?: (handler: RequestListener) => Server,
): FastifyInstance {
  const server = Fastify({
    ...(serverFactory === undefined ? {} : { serverFactory }),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    // The package dgii-ecf asks for `/eCF//consultarfce/…`; nothing says that DGII refuses it.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    rewriteUrl: (request) =>
      routedUrl(request.url ?? '/', request.headers.host, settings.hostNames),
  });
  const whole = { parseAs: 'buffer' } as const;
  server.addContentTypeParser('multipart/form-data', whole, (_request, body, done) => {
    done(null, body);
  });
  server.addContentTypeParser('*', whole, (_request, body, done) => done(null, body));
  addServices(server, exchange);
  addStatus(server, exchange, status);
  server.setNotFoundHandler((_request, reply) => {
    send(htmlAnswer(404, '404 - File or directory not found.'), reply);
  });
  return server;
}

function addServices(server: FastifyInstance, exchange: Exchange): void {
  for (const operation of OPERATIONS) {
    const { host, environments, method, path } = SERVICE_MAP[operation];
    for (const environment of environments) {
      server.route({
        method,
        url: `/${host}/${environment}${path}`,
        handler: async (request, reply) => {
          await exchange.run(operation, environment, request, reply);
          return reply;
        },
      });
    }
  }
}

function addStatus(server: FastifyInstance, exchange: Exchange, status: ServiceStatus): void {
  for (const resource of STATUS_RESOURCES) {
    server.get(`/statusecf/api/estatusservicios/${resource}`, async (request, reply) => {
      const hasKey = /^apikey +\S+$/i.test(request.headers.authorization ?? '');
      const answer = (): Answer => status.answer(resource, lowerCaseKeys(request.query), hasKey);
      await exchange.runStatus(resource, answer, request, reply);
      return reply;
    });
  }
}
