import { Pools, persistenceEnv } from '@getupnet/persistence';
import {
  AccessControl,
  AccessRegistry,
  Endpoint,
  type ServiceDefinition,
} from '@getupnet/platform';
import { TenantAccessModule } from '@getupnet/rbac';
import { CurrentTenant, type TenantContext } from '@getupnet/tenant-context';
import { Body, Controller, Injectable, Module, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { sweepAccess } from './access-sweep.js';
import { sweepForeign, type Strangers } from './foreign-sweep.js';
import { startInstallation, type Installation } from './installation.js';
import { markersOf, oneOfEachColumn, rowsOf } from './planted.js';

// The sweep can fail: routes that each lack one check, and what it says of them.

const READ = {
  listener: 'public',
  scope: 'TENANT',
  permission: 'TENANT_INVOICE_READ',
  summary: 'planted',
} as const;

const pageQuery = z.strictObject({ limit: z.string().optional(), cursor: z.string().optional() });

@Controller()
class LeakyController {
  constructor(private readonly pools: Pools) {}

  /** Looks up whatever it is asked for, as a role that sees every tenant. */
  @Endpoint('GET', '/tenant/planted/:id', {
    ...READ,
    request: { params: z.strictObject({ id: z.uuid() }) },
  })
  async anybodys(@Param('id') id: string): Promise<object> {
    const text = 'SELECT name, rnc FROM tenant WHERE id = $1';
    const { rows } = await this.pools.query<object>('identity', text, [id]);
    return { found: rows };
  }

  /** Pages by a cursor that says nothing of whose it is. */
  @Endpoint('GET', '/tenant/planted', { ...READ, request: { query: pageQuery } })
  page(@Query() _query: object, @CurrentTenant() _tenant: TenantContext): object {
    return { data: [], nextCursor: 'dos' };
  }

  /** Drops what it does not know instead of refusing it: the boot sees to declared objects only. */
  @Endpoint('POST', '/tenant/planted', {
    ...READ,
    request: { body: z.looseObject({ name: z.string() }) },
  })
  assign(@Body() body: object): object {
    return { ...body };
  }

  @Endpoint('POST', '/tenant/riddle', {
    ...READ,
    request: { body: z.strictObject({ answer: z.string().refine((text) => text === '42') }) },
  })
  riddle(@Body() _body: object): void {
    // Nobody told the sweep the answer.
  }

  @Endpoint('GET', '/auth/planted', { listener: 'public', scope: 'USER', summary: 'planted' })
  unguarded(): object {
    return {};
  }

  @Endpoint('GET', '/tenant/broken', READ)
  broken(): void {
    throw new Error('a bug');
  }
}

/** Takes the place of the guard of scope USER, and lets everybody in. */
@Injectable()
class NoGuard extends AccessControl {
  override readonly scope = 'USER';

  constructor(registry: AccessRegistry) {
    super();
    registry.register(this);
  }

  override admit(): void {
    // Whoever you are.
  }
}

@Module({
  imports: [TenantAccessModule],
  controllers: [LeakyController],
  providers: [NoGuard],
})
class LeakyModule {}

const leaky: ServiceDefinition = {
  name: 'billing',
  http: [LeakyModule],
  workers: [],
  env: [persistenceEnv],
};

let one: Installation;
let faults: readonly string[];

beforeAll(async () => {
  one = await startInstallation([leaky]);
  const { a, b, callers, database } = one;
  const own = await rowsOf(database, a.id);
  const before = await rowsOf(database, b.id);
  const markers = markersOf(before, own);
  const strangers: Strangers = {
    a: [await callers.apiKey('A', a.id)],
    b: await callers.apiKey('B', b.id),
    aId: a.id,
    bId: b.id,
    markers,
    tried: oneOfEachColumn(before, markers),
  };
  const access = await sweepAccess(one, await callers.everybody(a.id));
  const callable = one.routes.filter(({ handler }) => !handler.endsWith('.riddle'));
  faults = [...access, ...(await sweepForeign({ ...one, routes: callable }, strangers))];
});
afterAll(() => one?.stop());

test.each([
  ['whose guard is gone', 'GET /auth/planted (public), no token: reached the handler'],
  ['that a key should not pass', 'GET /auth/planted (public), API key: reached the handler'],
  ['that finds anybody’s row', 'GET /tenant/planted/:id, A, '],
  ['that pages by anybody’s cursor', "GET /tenant/planted, A, B's cursor: answered 200"],
  ['that takes any member', 'POST /tenant/planted, A, B as tenantId in the body: answered 200'],
  ['that cannot be called', 'POST /tenant/riddle: cannot be called'],
  ['that breaks', 'GET /tenant/broken (public), API key: answered 500'],
])('a route %s is named', (_, line) => {
  expect(faults.filter((fault) => fault.startsWith(line))).not.toEqual([]);
});

test('what another tenant’s row shows is named', () => {
  const shown = faults.filter((fault) => fault.startsWith('GET /tenant/planted/:id'));
  expect(shown.join('\n')).toContain('shows «101000002»');
});

test('and nothing else is', () => {
  const planted = /^(?:GET|POST) \/(?:auth|tenant)\/(?:planted|riddle|broken)/;
  expect(faults.filter((fault) => !planted.test(fault))).toEqual([]);
});
