import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Io } from '../cli/io.js';
import { run } from './cli.js';

/** Platform and simulator at once; `DELETE` fails as often as said. */
async function world(failures = 0): Promise<{
  readonly url: string;
  readonly asked: string[];
  readonly close: () => void;
}> {
  const asked: string[] = [];
  let left = failures;
  const server = createServer(({ method, url }, response) => {
    const path = (url ?? '').replace(/\?.*$/, '');
    asked.push(`${method} ${path}`);
    const answers: Readonly<Record<string, object>> = {
      'GET /_control/state': {},
      'GET /tenant/contingencies': { data: [], nextCursor: null },
      'POST /_control/faults': { id: 'fault-1' },
    };
    if (method === 'DELETE') return void response.writeHead(left-- > 0 ? 500 : 204).end();
    const answer = answers[`${method} ${path}`];
    response.writeHead(answer === undefined ? 500 : 200).end(JSON.stringify(answer ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => void server.close().closeAllConnections(),
  };
}

async function drilled(url: string, interruptedAt?: RegExp) {
  const interrupt = new AbortController();
  const texts: string[] = [];
  const note = (text: string): void => {
    texts.push(text);
    if (interruptedAt?.test(text)) interrupt.abort();
  };
  const io = { out: note, note } as unknown as Io;
  const args = ['--gateway', url, '--simulator', url, '--timeout', '1'];
  const { signal } = interrupt;
  const code = await run(args, { io, env: { ECF_API_KEY: 'k' }, signal });
  return { code, text: texts.join('') };
}

const RESTORED = 'DELETE /_control/faults/fault-1';

test('interrupted, it brings DGII back and issues nothing more', async () => {
  const { url, asked, close } = await world();
  const { code, text } = await drilled(url, /Corte de la DGII/);
  close();
  expect(code).toBe(130);
  expect(text).toContain('interrumpido');
  expect(asked.at(-1)).toBe(RESTORED);
  expect(asked).not.toContain('POST /tenant/emit/ecf');
});

test('interrupted before it took DGII away, it leaves the simulator alone', async () => {
  const { url, asked, close } = await world();
  const { code } = await drilled(url, /Plataforma y simulador/);
  close();
  expect(code).toBe(130);
  expect(asked).toEqual(['GET /_control/state', 'GET /tenant/contingencies']);
});

test('a step that fails brings DGII back', async () => {
  const { url, asked, close } = await world();
  const { code } = await drilled(url);
  close();
  expect([code, asked.at(-1)]).toEqual([1, RESTORED]);
});

test('that DGII could not be brought back is told, with what to do', async () => {
  const { url, close } = await world(1);
  const { code, text } = await drilled(url);
  close();
  expect(code).toBe(1);
  expect(text).toMatch(/FALLO {2}Regreso de la DGII: sigue cortada/);
});
