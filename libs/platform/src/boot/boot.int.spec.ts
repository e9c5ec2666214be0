import { AppError } from '@getupnet/kernel';
import { jest } from '@jest/globals';
import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { z } from 'zod';
import { defineEnv } from '../config/env-spec.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import type { EndpointOptions } from '../endpoint/endpoint.js';
import { FREE_PORTS, definition, moduleOf, start } from '../test-support.js';
import { BootError } from './boot-error.js';
import { createServices } from './create-services.js';
import { runServices } from './run-services.js';
import type { ServiceDefinition, ServiceModule } from './service-definition.js';

const OPEN = { listener: 'public', scope: 'PUBLIC', summary: 'test' } as const;

async function problemsOf(...http: ServiceModule[]): Promise<readonly string[]> {
  try {
    await (await start(http)).close();
  } catch (error) {
    if (error instanceof BootError) return error.problems;
    throw error;
  }
  return [];
}

/** A controller with one handler declared as told. */
function controllerWith(options: unknown, path: `/${string}` = '/x'): ServiceModule {
  @Controller()
  class OddController {
    @Endpoint('POST', path, options as EndpointOptions)
    handle(): void {
      // Never called.
    }
  }
  return moduleOf(OddController);
}

describe('TEN-1: declarations that stop the boot', () => {
  test('a handler without @Endpoint, by name', async () => {
    @Controller()
    class ForgotController {
      @Get('/forgot')
      forgot(): void {
        // Never called.
      }
    }
    expect(await problemsOf(moduleOf(ForgotController))).toEqual([
      'ForgotController.forgot: a handler without @Endpoint',
    ]);
  });

  test('one inherited from a base class, too', async () => {
    class Base {
      forgot(): void {
        // Never called.
      }
    }
    Get('/base')(Base.prototype, 'forgot', {
      ...Object.getOwnPropertyDescriptor(Base.prototype, 'forgot'),
    });
    @Controller()
    class ChildController extends Base {}
    expect(await problemsOf(moduleOf(ChildController))).toEqual([
      'ChildController.forgot: a handler without @Endpoint',
    ]);
  });

  test.each([
    ['no scope', { listener: 'public', summary: 'x' }, 'OddController.handle: no scope'],
    [
      'TENANT without permission',
      { listener: 'public', scope: 'TENANT', summary: 'x' },
      'OddController.handle: scope TENANT without a permission',
    ],
    [
      'PLATFORM with an empty list',
      { listener: 'public', scope: 'PLATFORM', permission: [], summary: 'x' },
      'OddController.handle: scope PLATFORM without a permission',
    ],
    [
      'permission of another scope',
      { listener: 'public', scope: 'TENANT', permission: 'PLATFORM_OPS', summary: 'x' },
      'OddController.handle: TENANT has no PLATFORM_OPS',
    ],
    [
      'SERVICE on the public listener',
      { listener: 'public', scope: 'SERVICE', summary: 'x' },
      'OddController.handle: scope SERVICE belongs on the internal listener',
    ],
  ])('%s', async (_, options, problem) => {
    expect(await problemsOf(controllerWith(options))).toContain(problem);
  });

  test('a scope that nothing guards', async () => {
    const tenant = { ...OPEN, scope: 'TENANT', permission: 'TENANT_INVOICE_READ' };
    expect(await problemsOf(controllerWith(tenant))).toEqual([
      'OddController.handle: nothing guards scope TENANT',
    ]);
  });

  test('two owners of one route, whatever the case', async () => {
    @Controller()
    class OneController {
      @Endpoint('GET', '/Things/list', OPEN)
      one(): void {
        // Never called.
      }
      @Endpoint('GET', '/things/LIST', OPEN)
      two(): void {
        // Never called.
      }
    }
    expect(await problemsOf(moduleOf(OneController))).toEqual([
      'OneController.two: public GET /things/list is already OneController.one',
    ]);
  });

  test('a body that would drop unknown members', async () => {
    const body = z.strictObject({ inner: z.object({ a: z.string() }) });
    @Controller()
    class LooseController {
      @Endpoint('POST', '/loose', { ...OPEN, request: { body } })
      take(@Body() _body: unknown): void {
        // Never called.
      }
    }
    expect(await problemsOf(moduleOf(LooseController))).toEqual([
      'LooseController.take: body/properties/inner drops unknown members; use z.strictObject',
    ]);
  });

  test('path parameters that the schema does not know', async () => {
    expect(await problemsOf(controllerWith(OPEN, '/x/:id'))).toEqual([
      'OddController.handle: params of the path (id) and of the schema () differ',
    ]);
  });

  test('process-wide providers of a feature', async () => {
    @Module({ providers: [{ provide: APP_GUARD, useValue: {} }] })
    class GreedyModule {}
    expect(await problemsOf(GreedyModule)).toEqual([
      "GreedyModule: provides APP_GUARD, which is the platform's",
    ]);
  });

  test('a body taken without a schema, at the declaration', () => {
    expect(() => {
      class UncheckedController {
        @Endpoint('POST', '/unchecked', OPEN)
        take(@Body() _body: unknown): void {
          // Never called.
        }
      }
      return UncheckedController;
    }).toThrow('UncheckedController.take: body is taken but has no schema');
  });
});

describe('boot', () => {
  test('a port that is taken is named', async () => {
    const first = await start([]);
    const { port } = new URL(first.publicUrl);
    const second = createServices([definition([])], { env: { PORT: port, INTERNAL_PORT: '0' } });
    await expect(second).rejects.toThrow(`PORT: port ${port} on 127.0.0.1 is already in use`);
    await expect(second).rejects.toMatchObject({ cause: { code: 'EADDRINUSE' } });
    await first.close();
  });

  test('ROLE chooses what is mounted; health answers in every role', async () => {
    const events: string[] = [];
    @Injectable()
    class Job implements OnModuleInit {
      onModuleInit(): void {
        events.push('job');
      }
    }
    @Module({ providers: [Job] })
    class WorkerModule {}
    const both: ServiceDefinition = {
      name: 'billing',
      http: [controllerWith(OPEN)],
      workers: [WorkerModule],
      env: [],
    };
    const env = { ...FREE_PORTS, LOG_LEVEL: 'silent' };
    const worker = await createServices([both], { env: { ...env, ROLE: 'worker' } });
    expect((await fetch(`${worker.publicUrl}/x`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${worker.publicUrl}/healthz`)).status).toBe(200);
    expect(worker.routes.map(({ service }) => service)).not.toContain('billing');
    await worker.close();
    expect(events).toEqual(['job']);

    const http = await createServices([both], { env: { ...env, ROLE: 'http' } });
    expect((await fetch(`${http.publicUrl}/x`, { method: 'POST' })).status).toBe(200);
    await http.close();
    expect(events).toEqual(['job']);
  });
});

describe('runServices', () => {
  class Exit extends Error {
    constructor(readonly code: unknown) {
      super(`exit ${String(code)}`);
    }
  }
  const run = async (definitions: ServiceDefinition[], env: Record<string, string>) => {
    const written: string[] = [];
    const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code);
    });
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    try {
      await runServices(definitions, { env, processMetrics: false });
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      return { code: error.code, text: written.join('') };
    } finally {
      exit.mockRestore();
      write.mockRestore();
    }
    return { code: undefined, text: '' };
  };

  test('exits 78 naming every configuration problem and no value', async () => {
    const env = defineEnv('thing', { THING_KEY: z.string().describe('Key of the thing') });
    const services = [{ ...definition([]), env: [env] }];
    const { code, text } = await run(services, { PORT: 'eighty-eighty', LOG_LEVEL: 'loud' });
    expect(code).toBe(78);
    expect(text).toContain('3 problem(s)');
    expect(text).toContain('THING_KEY: is required (Key of the thing)');
    expect(text).toMatch(/PORT: .*number/);
    expect(text).toMatch(/LOG_LEVEL: .*expected one of/);
    expect(text).not.toMatch(/eighty|loud/);
  });

  test('exits 78 on a handler without declaration', async () => {
    @Controller()
    class ForgotController {
      @Get('/forgot')
      forgot(): void {
        // Never called.
      }
    }
    const { code, text } = await run(
      [definition([moduleOf(ForgotController)])],
      FREE_PORTS as Record<string, string>,
    );
    expect(code).toBe(78);
    expect(text).toContain('ForgotController.forgot');
  });

  test('exits 1 when something else fails, having closed what was open', async () => {
    const closed: string[] = [];
    @Injectable()
    class Pool implements OnModuleInit, OnApplicationShutdown {
      onModuleInit(): void {
        throw new AppError('dependency.unavailable', { dependency: 'x' });
      }
      onApplicationShutdown(): void {
        closed.push('pool');
      }
    }
    @Module({ providers: [Pool] })
    class PoolModule {}
    const { code, text } = await run([definition([PoolModule])], {
      PORT: '0',
      INTERNAL_PORT: '0',
      LOG_LEVEL: 'silent',
    });
    expect(code).toBe(1);
    expect(text).toContain('dependency.unavailable');
    expect(closed).toEqual(['pool']);
  });
});
