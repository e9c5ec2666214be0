import { jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HttpTransport, MAX_ANSWER_BYTES, type Exchange } from './http-transport.js';

/** A server of raw bytes: `onRequest` runs once a connection's first bytes have come. */
class RawServer {
  readonly received: Buffer[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly server: Server) {}

  static async start(onRequest: (socket: Socket, bytes: Buffer) => void): Promise<RawServer> {
    const server = createServer();
    const raw = new RawServer(server);
    server.on('connection', (socket) => {
      raw.connections += 1;
      raw.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (bytes: Buffer) => {
        raw.received.push(bytes);
        onRequest(socket, bytes);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return raw;
  }

  url(path = '/a'): URL {
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('HttpTransport', () => {
  let transport: HttpTransport;
  let server: RawServer | undefined;

  beforeEach(() => {
    transport = new HttpTransport();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await transport.close();
  });

  const post = (url: URL, timeoutMs = 5_000): Promise<Exchange> =>
    transport.send({ method: 'POST', url, headers: {}, body: Buffer.from('x'), timeoutMs });

  it('sends a body with a real Content-Length, the bytes unchanged, once', async () => {
    const body = '{"trackId":"1"}';
    server = await RawServer.start((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    const form = Buffer.from('<ECF>ñ</ECF>');
    const exchange = await transport.send({
      method: 'POST',
      url: server.url('/up?a=1'),
      headers: { 'content-type': 'text/xml' },
      body: form,
    });
    expect(exchange).toEqual({
      kind: 'answer',
      status: 200,
      contentType: 'application/json',
      body,
    });
    const text = Buffer.concat(server.received).toString('utf8');
    expect(text).toContain('POST /up?a=1 HTTP/1.1\r\n');
    expect(text).toMatch(new RegExp(`content-length: ${form.length}\\r\\n`, 'i'));
    expect(text).not.toMatch(/transfer-encoding/i);
    expect(text.endsWith('\r\n\r\n<ECF>ñ</ECF>')).toBe(true);
  });

  it('keeps connections', async () => {
    server = await RawServer.start((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    for (let i = 0; i < 20; i += 1) await post(server.url());
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('does not follow a redirect', async () => {
    server = await RawServer.start((socket) => {
      socket.write('HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await post(server.url())).toMatchObject({ kind: 'answer', status: 302 });
    expect(server.received).toHaveLength(1);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['reset', (socket) => socket.resetAndDestroy(), /ECONNRESET|UND_ERR_SOCKET/],
    ['closed without an answer', (socket) => socket.end(), /UND_ERR_SOCKET/],
    ['no HTTP', (socket) => socket.end('garbage\r\n\r\n'), /HTTPParserError/],
    [
      'truncated by length',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"track'),
      /UND_ERR/,
    ],
    [
      'truncated inside a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"tr'),
      /UND_ERR|HPE_/,
    ],
    [
      'too large',
      (socket) => {
        const size = MAX_ANSWER_BYTES + 1;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        socket.write(Buffer.alloc(size, 0x20));
      },
      /answer.too_large/,
    ],
  ])('an answer that is %s is lost, and is not asked for again', async (_name, answer, reason) => {
    server = await RawServer.start(answer);
    const exchange = await post(server.url());
    expect(exchange).toMatchObject({ kind: 'lost', reason: expect.stringMatching(reason) });
    expect(Buffer.concat(server.received).toString().match(/POST /g)).toHaveLength(1);
  });

  it('a server that takes the request and stays silent is lost at the total time-out', async () => {
    server = await RawServer.start(() => undefined);
    expect(await post(server.url(), 4_000)).toEqual({ kind: 'lost', reason: 'timeout' });
  });

  it('a refused connection is certainly unsent', async () => {
    server = await RawServer.start(() => undefined);
    const url = server.url();
    await server.stop();
    server = undefined;
    expect(await post(url)).toEqual({ kind: 'unsent', reason: 'ECONNREFUSED' });
  });

  it('a TLS connection that never comes to stand is certainly unsent', async () => {
    server = await RawServer.start((socket) => socket.end('this is not TLS\r\n'));
    const url = new URL(server.url().href.replace('http:', 'https:'));
    expect(await post(url)).toMatchObject({ kind: 'unsent' });
    await transport.close();
    transport = new HttpTransport({ connectTimeoutMs: 40 });
    await server.stop();
    server = await RawServer.start(() => undefined);
    const silent = new URL(server.url().href.replace('http:', 'https:'));
    expect(await post(silent, 5_000)).toEqual({
      kind: 'unsent',
      reason: 'UND_ERR_CONNECT_TIMEOUT',
    });
  });

  it('EMI-4: a process that was stopped while it connected sends nothing when it wakes up', async () => {
    server = await RawServer.start(() => undefined);
    const exchange = post(server.url(), 20_000);
    // The timer's turn has not come: awake again, the loop sees to the connection first.
    const wokenAt = performance.now() + 60_000;
    const clock = jest.spyOn(performance, 'now').mockReturnValue(wokenAt);
    try {
      expect(await exchange).toEqual({ kind: 'unsent', reason: 'timeout' });
    } finally {
      clock.mockRestore();
    }
    expect(Buffer.concat(server.received).includes('POST')).toBe(false);
  });

  it('a request whose time runs out before the connection stands never starts', async () => {
    server = await RawServer.start(() => undefined);
    const url = new URL(server.url().href.replace('http:', 'https:'));
    expect(await post(url, 30)).toEqual({ kind: 'unsent', reason: 'timeout' });
    expect(Buffer.concat(server.received).includes('POST')).toBe(false);
  });
});
