// Only for this lib's own specs: services on free ports, raw HTTP, log lines in memory.
import { connect } from 'node:net';
import { Module, type Type } from '@nestjs/common';
import {
  createServices,
  type RunningServices,
  type ServicesOptions,
} from './boot/create-services.js';
import type { ServiceDefinition, ServiceModule } from './boot/service-definition.js';
import type { EnvSource } from './config/load-config.js';

export type LogLine = Record<string, unknown>;

export interface TestServices extends RunningServices {
  /** Parsed log lines so far. */
  readonly lines: () => LogLine[];
}

export const FREE_PORTS: EnvSource = { PORT: '0', INTERNAL_PORT: '0' };

export function definition(http: readonly ServiceModule[]): ServiceDefinition {
  return { name: 'billing', http, workers: [], env: [] };
}

/** Module with just these controllers. */
export function moduleOf(...controllers: Type[]): ServiceModule {
  class TestModule {}
  Module({ controllers })(TestModule);
  return TestModule;
}

export async function start(
  http: readonly ServiceModule[],
  options: ServicesOptions = {},
): Promise<TestServices> {
  const texts: string[] = [];
  const services = await createServices([definition(http)], {
    logStream: { write: (text) => void texts.push(text) },
    ...options,
    env: { ...FREE_PORTS, ...options.env },
  });
  const lines = (): LogLine[] => texts.map((text) => JSON.parse(text) as LogLine);
  return { ...services, lines };
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes: no client tidies the path. */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
  socket.write(request);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}

/** One GET with the path exactly as written. */
export function getRaw(url: string, path: string, headers = ''): Promise<RawAnswer> {
  return sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
}
