import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EndpointDeclaration, Scope } from '../endpoint/endpoint.js';

/** Request as access controls and handlers see it. */
export type HttpRequest = FastifyRequest;

/** Answer a handler may set status and headers on (`@Res({ passthrough: true })`). */
export type HttpReply = FastifyReply;

/** The route being called: its declaration and the service that owns it. */
export interface CalledRoute {
  readonly service: string;
  readonly endpoint: EndpointDeclaration;
}

/**
 * Who may pass a scope. One implementation per scope, registered in {@link AccessRegistry};
 * a mounted endpoint whose scope nobody guards stops the boot.
 */
export abstract class AccessControl {
  abstract readonly scope: Exclude<Scope, 'PUBLIC'>;
  /** Asks the platform to hash bodies (`request.bodySha256`) of this scope's routes. */
  readonly needsBodyHash: boolean = false;
  /**
   * Runs before a byte of the body is read. Throws an AppError to refuse; otherwise leaves who
   * calls in the request's context. Synchronous when it can be: this is the hot path.
   */
  abstract admit(request: HttpRequest, route: CalledRoute): void | Promise<void>;
  /** Runs once the body is read, when {@link needsBodyHash}. */
  admitBody(_request: HttpRequest, _bodySha256: string): void {
    // Most scopes do not look at the body.
  }
}

/** The access controls of this process; rbac's modules register theirs here. */
export class AccessRegistry {
  readonly #controls = new Map<Scope, AccessControl>();

  register(control: AccessControl): void {
    this.#controls.set(control.scope, control);
  }

  get(scope: Scope): AccessControl | undefined {
    return this.#controls.get(scope);
  }
}
