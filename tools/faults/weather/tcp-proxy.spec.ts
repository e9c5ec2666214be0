import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TcpProxy } from './tcp-proxy.js';

/** Answers what it hears, behind its name. */
async function echo(name: string): Promise<{ server: Server; port: number; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      socket.write(`${name}:${chunk.toString()}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, heard };
}

async function call(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const answerTo = async (socket: Socket, text: string): Promise<string> => {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
};

describe('TcpProxy', () => {
  let a: Awaited<ReturnType<typeof echo>>;
  let b: Awaited<ReturnType<typeof echo>>;
  let proxy: TcpProxy;
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = await call(proxy.port);
    sockets.push(socket);
    return socket;
  };

  beforeEach(async () => {
    [a, b] = await Promise.all([echo('a'), echo('b')]);
    proxy = await TcpProxy.open('test', [a.port, b.port]);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await proxy.close();
    for (const { server } of [a, b]) server.close();
  });

  test('hands connections to its targets in turn, and past one that is gone', async () => {
    const first = [await answerTo(await open(), 'x'), await answerTo(await open(), 'x')];
    expect(first.sort()).toEqual(['a:x', 'b:x']);
    proxy.aim([1, b.port]);
    for (let at = 0; at < 3; at += 1) expect(await answerTo(await open(), 'y')).toBe('b:y');
  });

  test('an answer that is swallowed was heard all the same, and its connection is reset', async () => {
    const socket = await open();
    expect(await answerTo(socket, '1')).toMatch(/1$/);
    proxy.change({ kind: 'swallow', what: 'answers' });
    const closed = once(socket, 'error');
    let answered = false;
    socket.on('data', () => (answered = true));
    socket.write('2');
    while (![...a.heard, ...b.heard].includes('2')) await new Promise(setImmediate);
    while (proxy.counts.swallowed === 0) await new Promise(setImmediate);
    proxy.change({ kind: 'fair' });
    const [error] = (await closed) as [NodeJS.ErrnoException];
    expect([error.code, answered]).toEqual(['ECONNRESET', false]);
    expect(await answerTo(await open(), '3')).toMatch(/3$/);
  });

  test.each([
    { kind: 'latency', ms: 30 },
    { kind: 'slice', bytes: 3 },
  ] as const)('nothing is lost nor out of order: %j', async (weather) => {
    const socket = await open();
    await answerTo(socket, 'begin');
    proxy.change(weather);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    for (const part of ['one-', 'two-', 'three']) socket.write(part);
    const whole = (): string => heard.replaceAll(/[ab]:/g, '');
    while (!whole().endsWith('three')) {
      proxy.change(weather);
      await new Promise(setImmediate);
      if (whole().length > 4) proxy.change({ kind: 'fair' });
    }
    expect(whole()).toBe('one-two-three');
  });

  test('down: who was connected is reset, and nobody gets in', async () => {
    const socket = await open();
    await answerTo(socket, 'x');
    const cut = once(socket, 'error');
    proxy.change({ kind: 'down' });
    await cut;
    const other = connect(proxy.port, '127.0.0.1');
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });
});
