import { TrafficRing, type TrafficRow } from './traffic-ring.js';

const row = (extra: Partial<TrafficRow> = {}): Omit<TrafficRow, 'id'> => ({
  time: '2026-01-01T00:00:00.000Z',
  environment: 'testecf',
  service: 'recepcion',
  rnc: '131880738',
  encf: 'E310000000001',
  httpStatus: 200,
  verdict: null,
  fault: null,
  durationMs: null,
  answer: 'delivered',
  line: null,
  answerText: null,
  ...extra,
});
const ids = (rows: readonly TrafficRow[]): number[] => rows.map(({ id }) => id);

describe('TrafficRing', () => {
  it('keeps the last calls and no more', () => {
    const ring = new TrafficRing(3);
    for (let call = 0; call < 5; call += 1) ring.push(row());
    expect(ring.newest).toBe(5);
    expect(ids(ring.after(0, {}, 100))).toEqual([3, 4, 5]);
    expect(ring.get(2)).toBeUndefined();
    expect(ring.get(3)?.id).toBe(3);
    expect(ring.get(6)).toBeUndefined();
  });

  it('tells what came after a call, the newest first to be kept', () => {
    const ring = new TrafficRing(10);
    for (let call = 0; call < 5; call += 1) ring.push(row());
    expect(ids(ring.after(3, {}, 100))).toEqual([4, 5]);
    expect(ids(ring.after(0, {}, 2))).toEqual([4, 5]);
    expect(ring.after(5, {}, 100)).toEqual([]);
    expect(ring.after(99, {}, 100)).toEqual([]);
    expect(new TrafficRing(3).after(0, {}, 9)).toEqual([]);
  });

  it('finds by service, and by the beginning of RNC and e-NCF', () => {
    const ring = new TrafficRing(10);
    ring.push(row());
    ring.push(row({ service: 'semilla', rnc: null, encf: null }));
    ring.push(row({ encf: 'E320000000001' }));
    expect(ids(ring.after(0, { rnc: '13188' }, 9))).toEqual([1, 3]);
    expect(ids(ring.after(0, { encf: 'E32' }, 9))).toEqual([3]);
    expect(ids(ring.after(0, { service: 'semilla' }, 9))).toEqual([2]);
    expect(ids(ring.after(0, { service: 'semilla', rnc: '1' }, 9))).toEqual([]);
  });
});
