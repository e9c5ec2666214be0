import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What the services answer, by the end of their path; the semilla's is in order unless told. */
export interface Script {
  readonly semilla?: Answer;
  readonly validarsemilla?: Answer;
  readonly trackids?: Answer;
  readonly listado?: Answer;
}

export interface FakeDgii {
  readonly port: number;
  close(): Promise<void>;
}

export const SEMILLA =
  '<?xml version="1.0" encoding="utf-8"?><SemillaModel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><valor>c2VtaWxsYQ==</valor><fecha>@</fecha></SemillaModel>';

/** A semilla of this moment, shifted. */
export function semillaAt(shiftMs = 0): string {
  const local = new Date(Date.now() + shiftMs - 4 * 3_600_000).toISOString();
  return SEMILLA.replace('@', local.replace('Z', '1234-04:00'));
}

export const text =
  (status: number, body: string, type = 'text/plain; charset=utf-8'): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
export const json = (value: unknown, status = 200): Answer =>
  text(status, JSON.stringify(value), 'application/json; charset=utf-8');

const semillaOfNow: Answer = (response, request) =>
  text(200, semillaAt(), 'application/xml')(response, request);

/** A server that misbehaves as told; with keys, over TLS. */
export async function startFake(
  script: Script = {},
  tls?: { readonly key: string; readonly cert: string },
): Promise<FakeDgii> {
  const answers: Readonly<Record<string, Answer | undefined>> = {
    semilla: script.semilla ?? semillaOfNow,
    validarsemilla: script.validarsemilla,
    consulta: script.trackids,
    listado: script.listado,
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [path = ''] = (request.url ?? '').split('?');
    const answer = answers[path.slice(path.lastIndexOf('/') + 1)] ?? text(404, 'no such service');
    request.resume().on('end', () => answer(response, request));
  };
  const server: Server = tls ? createTlsServer(tls, handle) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
