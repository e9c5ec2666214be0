import type { PlatformPermission, ProblemCode, TenantPermission } from '@getupnet/contracts';
import type { z } from 'zod';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Which of the two servers of a process answers a route. */
export type Listener = 'public' | 'internal' | 'both';

/**
 * Who may call a route: anyone, another taxpayer, one of our services, a tenant, the operator, or any
 * person who is logged in, about nothing but themselves.
 */
export const SCOPES = ['PUBLIC', 'PEER', 'SERVICE', 'TENANT', 'PLATFORM', 'USER'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route takes. Bodies, queries and params are validated; unknown members are refused. */
export interface EndpointRequest {
  readonly body?: z.ZodType;
  /**
   * What each line of an NDJSON body is, instead of `body`: the handler takes `BodyLines` whole and
   * reads them one by one.
   */
  readonly lines?: z.ZodType;
  readonly query?: z.ZodObject;
  /** One member per `:name` of the path. A value that does not fit is answered 404. */
  readonly params?: z.ZodObject;
  /** Documentation only: the handler checks the headers it reads. */
  readonly headers?: z.ZodObject;
}

interface EndpointCommon {
  /** One English line for the API's documentation. */
  readonly summary: string;
  readonly description?: string;
  /** Status of a normal answer; 200 unless told. */
  readonly status?: number;
  readonly request?: EndpointRequest;
  /** Schema of the answer by status; a bare schema stands for `status`. Documentation only. */
  readonly response?: z.ZodType | Readonly<Record<number, z.ZodType>>;
  /** Media types of the body; `application/json` unless told. Others arrive as a Buffer. */
  readonly consumes?: readonly string[];
  /** Media type of the answer, or the types it may have; `application/json` unless told. */
  readonly produces?: string | readonly string[];
  /** Bytes; 1 MiB unless told. */
  readonly bodyLimit?: number;
  /** Problem codes worth documenting besides the general ones. */
  readonly problems?: readonly ProblemCode[];
  /**
   * For pages of the operator: a browser may bring its access token in the cookie it got here, and is
   * sent here without one. Only for reading, on the internal listener, scope PLATFORM.
   */
  readonly browserLogin?: `/${string}`;
  /** Left out of the OpenAPI document. */
  readonly hidden?: boolean;
}

/** Declaration of a handler: on which listener, for whom, and what it takes and answers. */
export type EndpointOptions = EndpointCommon &
  (
    | { readonly listener: Listener; readonly scope: 'PUBLIC' }
    | { readonly listener: 'public'; readonly scope: 'PEER' | 'USER' }
    | { readonly listener: 'internal'; readonly scope: 'SERVICE' }
    | {
        readonly listener: Listener;
        readonly scope: 'TENANT';
        /** Any one of a list is enough. */
        readonly permission: TenantPermission | readonly TenantPermission[];
      }
    | {
        readonly listener: Listener;
        readonly scope: 'PLATFORM';
        /** Any one of a list is enough. */
        readonly permission: PlatformPermission | readonly PlatformPermission[];
      }
  );

/** A handler's declaration as the platform keeps it. */
export interface EndpointDeclaration extends EndpointCommon {
  readonly method: HttpMethod;
  readonly path: string;
  readonly listener: Listener;
  readonly scope: Scope;
  readonly permissions: readonly string[];
  readonly status: number;
  readonly consumes: readonly string[];
}
