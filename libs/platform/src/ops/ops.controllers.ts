import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AppError } from '@getupnet/kernel';
import { Body, Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { OPEN_API, type OpenApiDocuments } from '../endpoint/openapi.js';
import { isTokenShaped, noOpsCookies, opsCookies } from './ops-cookie.js';
import { DOCS_SCRIPT, OPS_CSS, PAGE_POLICY, docsPage, loginPage } from './ops-pages.js';

/** Where browsers without a session are sent. */
export const OPS_LOGIN = '/docs/login';

const OPEN = { listener: 'internal', scope: 'PUBLIC', hidden: true } as const;
const FORM = 'application/x-www-form-urlencoded';
const MAX_FORM_BYTES = 16 * 1024;
const HTML = 'text/html; charset=utf-8';

/** The way in and out of the operations pages; says nothing to whoever has no token. */
@Controller()
export class OpsLoginController {
  @Endpoint('GET', '/docs/login', {
    ...OPEN,
    summary: 'Form that exchanges an access token for the cookie of the operations pages',
    request: { query: z.strictObject({ refused: z.literal('1').optional() }) },
    produces: 'text/html',
  })
  form(@Query() query: { refused?: '1' }, @Res({ passthrough: true }) reply: FastifyReply): string {
    return htmlOf(reply, loginPage(query.refused !== undefined));
  }

  @Endpoint('POST', '/docs/login', {
    ...OPEN,
    summary: 'Sets the cookie; whether the token is good is seen when a page is opened with it',
    consumes: [FORM],
    bodyLimit: MAX_FORM_BYTES,
    request: { body: z.instanceof(Buffer) },
    status: 303,
    problems: ['cors.origin_denied'],
  })
  login(
    @Body() body: Buffer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    assertOwnForm(request);
    const token = new URLSearchParams(body.toString('utf8')).get('token')?.trim() ?? '';
    if (!isTokenShaped(token)) {
      void reply.header('location', `${OPS_LOGIN}?refused=1`);
      return;
    }
    void reply
      .header('set-cookie', opsCookies(token, isSecure(request)))
      .header('location', '/docs');
  }

  @Endpoint('POST', '/docs/logout', {
    ...OPEN,
    summary: 'Takes the cookie back; the session itself goes on',
    consumes: [FORM],
    status: 303,
    problems: ['cors.origin_denied'],
  })
  logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    assertOwnForm(request);
    void reply.header('set-cookie', noOpsCookies(isSecure(request))).header('location', OPS_LOGIN);
  }

  @Endpoint('GET', '/docs/assets/:file', {
    ...OPEN,
    summary: 'Styles and scripts of the operations pages',
    request: { params: z.strictObject({ file: z.string().max(64) }) },
    produces: ['text/css', 'text/javascript'],
  })
  asset(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const found = ASSETS.get(file);
    if (found === undefined) throw new AppError('resource.not_found');
    const type = file.endsWith('.css') ? 'text/css' : 'text/javascript';
    reply.header('content-type', `${type}; charset=utf-8`);
    reply.header('cache-control', 'private, max-age=3600');
    return found();
  }
}

const GUARDED = {
  listener: 'internal',
  scope: 'PLATFORM',
  permission: 'PLATFORM_OPS',
  browserLogin: OPS_LOGIN,
  hidden: true,
} as const;

/** The API's documentation as a page. */
@Controller()
export class DocsController {
  constructor(@Inject(OPEN_API) private readonly openApi: OpenApiDocuments) {}

  @Endpoint('GET', '/docs', {
    ...GUARDED,
    summary: 'Documentation of the routes of this process',
    request: { query: z.strictObject({ listener: z.literal('internal').optional() }) },
    produces: 'text/html',
  })
  page(@Query() _query: object, @Res({ passthrough: true }) reply: FastifyReply): string {
    return htmlOf(reply, docsPage);
  }

  @Endpoint('GET', '/docs/public.json', { ...GUARDED, summary: 'OpenAPI of the public routes' })
  publicDocument(): object {
    return forSwagger(this.openApi.public());
  }

  @Endpoint('GET', '/docs/internal.json', { ...GUARDED, summary: 'OpenAPI of the internal routes' })
  internalDocument(): object {
    return forSwagger(this.openApi.internal());
  }
}

/** Swagger UI warns of any dialect but OpenAPI's own; what it shows is the same in both. */
function forSwagger(document: object): object {
  return { ...document, jsonSchemaDialect: undefined };
}

function htmlOf(reply: FastifyReply, text: string): string {
  reply.header('content-type', HTML).header('content-security-policy', PAGE_POLICY);
  return text;
}

const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https';

/** A form of another site must not log anybody in or out (a browser says where a form is from). */
function assertOwnForm({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const { origin, host = '' } = headers;
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  const isOwnOrigin = origin === undefined || hostOf(origin) === host.toLowerCase();
  if (!isOwnSite || !isOwnOrigin) throw new AppError('cors.origin_denied');
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

const packages = createRequire(import.meta.url);
function swagger(file: string): () => string {
  let text: string | undefined;
  return () => (text ??= readFileSync(packages.resolve(`swagger-ui-dist/${file}`), 'utf8'));
}

const ASSETS: ReadonlyMap<string, () => string> = new Map([
  ['ops.css', () => OPS_CSS],
  ['docs.mjs', () => DOCS_SCRIPT],
  ['swagger-ui.css', swagger('swagger-ui.css')],
  ['swagger-ui-bundle.js', swagger('swagger-ui-bundle.js')],
]);
