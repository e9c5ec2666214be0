import { Lane, type Turn } from './lane.js';

/** Long enough never to end within a test; what still waits then is told apart by `settled`. */
const LONG_MS = 60_000;

describe('Lane', () => {
  const order: string[] = [];
  const open: Promise<Turn | null>[] = [];

  beforeEach(() => {
    order.length = 0;
    open.length = 0;
  });

  const ask = (lane: Lane, key: string): Promise<Turn | null> => {
    const turn = lane.take(key, LONG_MS).then((taken) => {
      order.push(key);
      return taken;
    });
    open.push(turn);
    return turn;
  };
  /** Gives every turn back as soon as it is given, until nobody waits. */
  const drain = async (): Promise<void> => {
    await Promise.all(open.map(async (turn) => (await turn)?.release()));
  };

  it('lets nobody wait while there is room', async () => {
    const lane = new Lane({ total: 3, perParty: 2 });
    expect(await lane.take('a', 0)).not.toBeNull();
    expect(await lane.take('a', 0)).not.toBeNull();
    expect(await lane.take('b', 0)).not.toBeNull();
  });

  it('turns away beyond the share of one and beyond the room of all', async () => {
    const lane = new Lane({ total: 3, perParty: 2 });
    await lane.take('a', 0);
    const second = await lane.take('a', 0);
    expect(await lane.take('a', 0)).toBeNull();
    await lane.take('b', 0);
    expect(await lane.take('c', 0)).toBeNull();
    second?.release();
    second?.release();
    expect(await lane.take('c', 0)).not.toBeNull();
    expect(await lane.take('d', 0)).toBeNull();
  });

  it('LIM-2: a tenant with a hundred calls waiting costs another one turn, not a hundred', async () => {
    const lane = new Lane({ total: 1, perParty: 1 });
    for (let call = 0; call < 100; call += 1) void ask(lane, 'busy');
    void ask(lane, 'small');
    void ask(lane, 'small');
    await drain();
    expect(order).toHaveLength(102);
    expect(order.slice(0, 5)).toEqual(['busy', 'busy', 'small', 'busy', 'small']);
  });

  it('keeps the room that a busy tenant may not use for the others', async () => {
    const lane = new Lane({ total: 4, perParty: 2 });
    for (let call = 0; call < 10; call += 1) void ask(lane, 'busy');
    expect(await lane.take('small', 0)).not.toBeNull();
    expect(await lane.take('other', 0)).not.toBeNull();
    await Promise.resolve();
    expect(order).toEqual(['busy', 'busy']);
    await drain();
  });

  it('forgets whoever gave up, and gives the turn to the next', async () => {
    const lane = new Lane({ total: 1, perParty: 1 });
    const first = await lane.take('a', 0);
    expect(await lane.take('b', 1)).toBeNull();
    const next = ask(lane, 'c');
    first?.release();
    expect(await next).not.toBeNull();
    await drain();
    expect(await lane.take('b', 0)).not.toBeNull();
  });
});
