import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultBook } from '../faults/fault-book.js';
import { textAnswer } from '../http/answer.js';
import { Exchange, type ExchangeParts } from '../http/exchange.js';
import { buildServer } from '../http/server.js';
import { resolveSettings } from '../options.js';
import { ServiceStatus } from '../services/estatus.js';
import { Tokens } from '../services/tokens.js';
import { upload } from '../testing/client.js';
import { TestClock } from '../testing/test-clock.js';
import { DocumentStore } from './document-store.js';
import { Ledger, NO_CALL, type LedgerEntry, type SyncFile } from './ledger.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-ledger-'));
  path = join(directory, 'ledger.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

const line = (encf: string, time = '2026-06-15T14:00:00.000Z'): Omit<LedgerEntry, 'seq'> => ({
  ...NO_CALL,
  time,
  service: 'recepcion',
  encf,
});
const nothing = (): void => undefined;
const linesInFile = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

/** A disk that takes its time: `release` ends the waiting of everybody. */
function slowDisk(): { sync: SyncFile; release: () => void; asked: () => number } {
  const waiting: (() => void)[] = [];
  let asked = 0;
  return {
    sync: () => {
      asked += 1;
      return new Promise((resolve) => waiting.push(resolve));
    },
    release: () => waiting.splice(0).forEach((resolve) => resolve()),
    asked: () => asked,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function turns(count = 20): Promise<void> {
  for (let done = 0; done < count; done += 1) await turn();
}

describe('durable', () => {
  it('waits for the disk, and writes what came meanwhile in one go', async () => {
    const disk = slowDisk();
    const ledger = await Ledger.open(path, disk.sync, nothing);
    const order: string[] = [];
    ledger.append(line('1'));
    const first = ledger.durable().then(() => order.push('first'));
    await turns();
    ledger.append(line('2'));
    ledger.append(line('3'));
    const others = ledger.durable().then(() => order.push('others'));
    await turns();
    expect([order, disk.asked(), linesInFile().length]).toEqual([[], 1, 1]);
    disk.release();
    await first;
    await turns();
    expect([order, disk.asked(), linesInFile().length]).toEqual([['first'], 2, 3]);
    disk.release();
    await others;
    expect(order).toEqual(['first', 'others']);
    await ledger.close();
  });

  it('is never so again after the disk has failed', async () => {
    const full = new Error('ENOSPC');
    let failures = 1;
    const ledger = await Ledger.open(
      path,
      () => (failures-- > 0 ? Promise.reject(full) : Promise.resolve()),
      nothing,
    );
    ledger.append(line('1'));
    await expect(ledger.durable()).rejects.toBe(full);
    ledger.append(line('2'));
    await expect(ledger.durable()).rejects.toBe(full);
    await expect(ledger.close()).rejects.toBe(full);
  });

  it('is told to whoever waits next, when a note could not be written', async () => {
    const full = new Error('ENOSPC');
    const ledger = await Ledger.open(path, () => Promise.reject(full), nothing);
    ledger.note({ control: { action: 'faults-cleared' } }, new Date());
    await turns();
    ledger.append(line('1'));
    await expect(ledger.durable()).rejects.toBe(full);
    await expect(ledger.close()).rejects.toBe(full);
  });
});

describe('reopened', () => {
  it('hands out complete lines in order and drops a torn one, wherever it was torn', async () => {
    const first = await Ledger.open(path, true, nothing);
    for (const encf of ['1', '2', '3']) first.append(line(encf));
    await first.close();
    const whole = readFileSync(path);
    for (const torn of ['{', '{"seq":4,"encf":"ñ', '{"seq":4,"encf":"4"}']) {
      appendFileSync(path, torn);
      const seen: (string | null)[] = [];
      const again = await Ledger.open(path, false, ({ encf }) => seen.push(encf));
      expect(seen).toEqual(['1', '2', '3']);
      await again.close();
      expect(readFileSync(path).equals(whole)).toBe(true);
    }
    const last = await Ledger.open(path, false, nothing);
    expect(last.append(line('4')).seq).toBe(4);
    await last.close();
    expect(linesInFile()).toHaveLength(4);
  });

  it('survives a file that holds nothing but a torn line', async () => {
    appendFileSync(path, '{"seq":1');
    const ledger = await Ledger.open(path, false, nothing);
    expect(ledger.append(line('1')).seq).toBe(1);
    await ledger.close();
    expect(linesInFile()).toHaveLength(1);
  });
});

describe('behind the services', () => {
  const ENCF = 'E310000000001';
  const file = upload({ name: `131880738${ENCF}.xml`, xml: '<a/>' });
  const uploading = { method: 'POST', headers: { 'content-type': file.type }, body: file.body };

  async function served(
    sync: SyncFile,
    work: (url: string, book: FaultBook) => Promise<void>,
  ): Promise<void> {
    const clock = new TestClock();
    const now = (): Date => clock.now();
    const ledger = await Ledger.open(path, sync, nothing);
    const faults = new FaultBook({ seed: 's' });
    const handler = (): ReturnType<typeof textAnswer> => textAnswer(200, 'done', { codigo: '1' });
    const handlers = { validarsemilla: handler } as unknown as ExchangeParts['handlers'];
    const exchange = new Exchange({
      now,
      handlers,
      blind: handlers,
      faults,
      tokens: new Tokens(Buffer.alloc(32)),
      ledger,
      store: new DocumentStore(),
      magicValues: true,
    });
    const server = buildServer(
      resolveSettings({ clock }),
      exchange,
      new ServiceStatus(faults, now),
    );
    try {
      const url = await server.listen({ port: 0, host: '127.0.0.1' });
      await work(`${url}/ecf/testecf/autenticacion/api/autenticacion/validarsemilla`, faults);
    } finally {
      exchange.close();
      await server.close();
      await ledger.close().catch(nothing);
    }
  }

  it('no answer leaves before its line is on the disk', async () => {
    const disk = slowDisk();
    await served(disk.sync, async (url) => {
      let answered = false;
      const call = fetch(url, uploading).then((answer) => (answered = answer.ok));
      while (disk.asked() === 0) await turn();
      await turns(200);
      expect(answered).toBe(false);
      expect(linesInFile()).toHaveLength(1);
      disk.release();
      await call;
      expect(answered).toBe(true);
    });
  });

  it('nor is a connection closed before it, where a fault withholds the answer', async () => {
    const disk = slowDisk();
    await served(disk.sync, async (url, faults) => {
      faults.add({ kind: 'answer-lost' });
      let isOver = false;
      const call = fetch(url, uploading).catch(() => (isOver = true));
      while (disk.asked() === 0) await turn();
      await turns(200);
      expect(isOver).toBe(false);
      expect(linesInFile()[0]).toMatch(/"answer":"withheld".*"fault":"answer-lost"/);
      disk.release();
      await call;
      expect(isOver).toBe(true);
    });
  });

  it('nothing is answered as done that could not be written down', async () => {
    await served(
      () => Promise.reject(new Error('ENOSPC')),
      async (url) => {
        expect((await fetch(url, uploading)).status).toBe(500);
        expect((await fetch(url, uploading)).status).toBe(500);
      },
    );
  });
});
