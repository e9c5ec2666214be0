import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a network does to the connections through it. */
export type Weather =
  | { readonly kind: 'fair' }
  /** Every chunk comes late by this much, in order. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Chunks arrive in pieces of so many bytes. */
  | { readonly kind: 'slice'; readonly bytes: number }
  /** One direction goes dark: what is sent is never heard of again. */
  | { readonly kind: 'swallow'; readonly what: 'questions' | 'answers' }
  /** Nobody can connect, and who was connected is no more. */
  | { readonly kind: 'down' };

export interface ProxyCounts {
  connections: number;
  refused: number;
  reset: number;
  swallowed: number;
}

type Direction = 'questions' | 'answers';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** A direction that lost a byte is dark for good, as TCP would have it. */
  readonly dark: Set<Direction>;
}

const FAIR: Weather = { kind: 'fair' };

/**
 * A door on a fixed port in front of one or more targets, taken in turn; those that refuse are passed
 * over. What happens on the way is the weather's.
 */
export class TcpProxy {
  readonly counts: ProxyCounts = { connections: 0, refused: 0, reset: 0, swallowed: 0 };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #targets: readonly number[] = [];
  #turn = 0;
  #weather: Weather = FAIR;

  private constructor(readonly name: string) {
    this.#server = createServer({ noDelay: true }, (client) => void this.#admit(client));
  }

  static async open(name: string, targets: readonly number[] = []): Promise<TcpProxy> {
    const proxy = new TcpProxy(name);
    proxy.#targets = targets;
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ports behind the door, all on this machine. */
  aim(targets: readonly number[]): void {
    this.#targets = targets;
  }

  change(weather: Weather): void {
    this.#weather = weather;
    if (weather.kind === 'down') this.resetAll();
    // Who lost something would wait for ever once the sky clears.
    for (const pair of this.#pairs) if (pair.dark.size > 0) this.#reset(pair);
  }

  resetAll(): void {
    for (const pair of this.#pairs) this.#reset(pair);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.resetAll();
    await closed;
  }

  async #admit(client: Socket): Promise<void> {
    client.on('error', () => client.destroy());
    this.counts.connections += 1;
    const server = this.#weather.kind === 'down' ? null : await this.#reach();
    if (server === null || client.destroyed) {
      this.counts.refused += 1;
      client.resetAndDestroy();
      server?.destroy();
      return;
    }
    const pair: Pair = { client, server, dark: new Set() };
    this.#pairs.add(pair);
    this.#carry(pair, client, server, 'questions');
    this.#carry(pair, server, client, 'answers');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        this.#pairs.delete(pair);
        other.destroySoon();
      });
    }
  }

  /** The first target, in turn, that takes a connection. */
  async #reach(): Promise<Socket | null> {
    const from = this.#turn++;
    for (let at = 0; at < this.#targets.length; at += 1) {
      const port = this.#targets[(from + at) % this.#targets.length] ?? 0;
      const socket = await connected(port);
      if (socket !== null) return socket;
    }
    return null;
  }

  #carry(pair: Pair, from: Socket, to: Socket, direction: Direction): void {
    let line: Promise<void> | null = null;
    const after = (work: () => void | Promise<void>): void => {
      const mine: Promise<void> = (line ?? Promise.resolve()).then(work).finally(() => {
        if (line === mine) line = null;
      });
      line = mine;
    };
    const put = (chunk: Buffer): void => {
      if (to.destroyed || to.writableEnded) return;
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    };
    from.on('data', (chunk: Buffer) => {
      const weather = this.#weather;
      if (weather.kind === 'swallow' && weather.what === direction) pair.dark.add(direction);
      if (pair.dark.has(direction)) {
        this.counts.swallowed += 1;
        return;
      }
      if (weather.kind === 'latency') after(() => late(weather.ms).then(() => put(chunk)));
      else if (weather.kind === 'slice') after(() => pieces(chunk, weather.bytes, put));
      else if (line !== null) after(() => put(chunk));
      else put(chunk);
    });
    from.on('end', () => {
      if (pair.dark.has(direction)) return;
      if (line === null) to.end();
      else after(() => void to.end());
    });
  }

  #reset(pair: Pair): void {
    this.counts.reset += 1;
    this.#pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }
}

function connected(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}

function late(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function pieces(chunk: Buffer, bytes: number, put: (part: Buffer) => void): Promise<void> {
  for (let at = 0; at < chunk.length; at += bytes) {
    put(chunk.subarray(at, at + bytes));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
