import type { Environment, Permission } from '@getupnet/contracts';

/** Who acts for the tenant. */
export type Actor =
  | { readonly kind: 'api-key'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'user';
      readonly id: string;
      readonly name: string;
      /** Set where the user is the operator's and acts as the tenant, with a reason of their own. */
      readonly impersonates?: true;
    };

/** The tenant a request acts for, as its credential says; never as the caller's data says. */
export interface TenantContext {
  readonly tenantId: string;
  /** Where the tenant issues; its setting, not the caller's choice. */
  readonly environment: Environment;
  readonly productionEnabled: boolean;
  readonly rnc: string;
  readonly tenantName: string;
  /** Issuer block of the tenant's documents, with the format's own field names. */
  readonly profile: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  readonly requestId: string;
}

/** `api-key:<id>`, `user:<id>` or `operator:<id>`: how audit events and journals name the actor. */
export function actorText(actor: Actor): string {
  const kind = actor.kind === 'user' && actor.impersonates === true ? 'operator' : actor.kind;
  return `${kind}:${actor.id}`;
}
