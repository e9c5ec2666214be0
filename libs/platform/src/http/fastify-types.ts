import type { CalledRoute, AccessControl } from './access-control.js';
import type { EndpointDeclaration } from '../endpoint/endpoint.js';
import type { RequestContext } from '../context/request-context.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Put there by `@Endpoint`. */
    endpoint?: EndpointDeclaration;
    /** Put there by the platform when the route is registered. */
    called?: CalledRoute;
    access?: AccessControl | undefined;
    hashBody?: boolean;
  }
  interface FastifyRequest {
    ctx: RequestContext;
    /** Hex SHA-256 of the body as received; only where the scope's access control asks for it. */
    bodySha256: string | undefined;
    /** Problem code of the answer, for the access log. */
    problemCode: string | undefined;
  }
}
