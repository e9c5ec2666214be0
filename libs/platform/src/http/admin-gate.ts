import { AppError } from '@getupnet/kernel';
import type { RequestContext } from '../context/request-context.js';
import type { EndpointDeclaration } from '../endpoint/endpoint.js';
import type { AddressList } from '../security/client-address.js';
import type { SecurityEvents } from '../security/security-events.js';

const ADMIN = /^\/admin(?:\/|$)/i;

/** Where the operator's routes may be called from, on the public listener; an empty list: anywhere. */
export class AdminGate {
  constructor(
    private readonly allowed: AddressList,
    private readonly events: SecurityEvents,
  ) {}

  /** Throws the 404 of a path that is not there: who may not come need not know what is. */
  admit(context: RequestContext, endpoint: EndpointDeclaration | undefined): void {
    if (this.allowed.size === 0 || endpoint === undefined) return;
    // By the declaration, not by the address as written: no spelling of it can differ.
    if (endpoint.scope !== 'PLATFORM' && !ADMIN.test(endpoint.path)) return;
    if (this.allowed.has(context.remote ?? '')) return;
    this.events.emit('address.refused', { route: endpoint.path }, context);
    throw new AppError('resource.not_found');
  }
}
