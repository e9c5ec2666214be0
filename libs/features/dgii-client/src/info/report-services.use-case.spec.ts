import { DGII_SERVICES, type DgiiAnswer, type DgiiStatusApi } from '@getupnet/dgii-api';
import { Clock } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import type { DgiiCalls } from '../calls/dgii-calls.js';
import { ReportServices } from './report-services.use-case.js';

const NOW = new Date('2026-03-05T15:00:00Z');
const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const PAST = window('2026-03-04T13:00:00Z', '2026-03-04T16:00:00Z');
const RUNNING = window('2026-03-05T13:00:00Z', '2026-03-05T16:00:00Z');
const COMING = window('2026-03-06T13:00:00Z', '2026-03-06T16:00:00Z');
const words = { ambiente: 'Produccion', horaInicio: '9:00 AM', horaFin: '12:00 PM', dias: [] };
const breakers = [{ operation: 'recepcion', state: 'open' }];

class TestClock extends Clock {
  ms = NOW.getTime();
  override now(): Date {
    return new Date(this.ms);
  }
}

describe('ReportServices', () => {
  const clock = new TestClock();
  beforeEach(() => (clock.ms = NOW.getTime()));
  const ok = <T>(value: T): Promise<DgiiAnswer<T>> =>
    Promise.resolve({ kind: 'ok', value, raw: '' });
  const status = {
    available: () => ok(false),
    statuses: () =>
      ok([
        { service: 'recepcion', environment: 'ecf', available: false, estatus: 'No Disponible' },
        { service: 'recepcion', environment: 'testecf', available: true, estatus: 'Disponible' },
        { service: null, environment: 'ecf', available: true, estatus: 'Disponible' },
      ]),
    maintenanceWindows: () =>
      ok([
        { ...words, environment: 'ecf', periods: [COMING, PAST, RUNNING] },
        { ...words, environment: 'testecf', periods: [COMING] },
        { ...words, environment: null, periods: [COMING] },
      ]),
  } as unknown as DgiiStatusApi;
  const calls = {
    run: (_environment: unknown, _operation: unknown, call: () => unknown) => call(),
    states: () => breakers,
  } as unknown as DgiiCalls;
  const reporter = (key: string | undefined, api = status) => {
    const config = { get: () => ({ DGII_STATUS_API_KEY: key }) } as unknown as Config;
    return new ReportServices(config, clock, api, calls);
  };
  const report = (key: string | undefined, api = status) => reporter(key, api).report('ecf');

  it('asks DGII once in a while, however many ask us; our breakers are told as they are', async () => {
    let asked = 0;
    const counted = { ...status, available: () => ok((asked += 1) > 1) };
    const one = reporter('key', counted as unknown as DgiiStatusApi);
    const [first, second] = await Promise.all([one.report('ecf'), one.report('ecf')]);
    expect([first.available, second.available, asked]).toEqual([false, false, 1]);
    await one.report('testecf');
    expect(asked).toBe(2);
    clock.ms += 15_000;
    breakers[0] = { operation: 'recepcion', state: 'closed' };
    expect(await one.report('ecf')).toMatchObject({ available: true, breakers });
  });

  it('tells every service, maintenance that is not over, and our breakers', async () => {
    const { services, ...rest } = await report('key');
    expect(rest).toEqual({
      environment: 'ecf',
      available: false,
      maintenance: [
        { from: RUNNING.from.toISOString(), to: RUNNING.to.toISOString(), now: true },
        { from: COMING.from.toISOString(), to: COMING.to.toISOString(), now: false },
      ],
      breakers,
    });
    expect(services.map(({ service }) => service)).toEqual(DGII_SERVICES);
    expect(services).toContainEqual({
      service: 'recepcion',
      offered: true,
      available: false,
      estatus: 'No Disponible',
    });
    expect(services.find(({ service }) => service === 'emisorreceptor')).toMatchObject({
      offered: false,
      available: null,
    });
  });

  it('says that it does not know, rather than that all is well', async () => {
    const silent = { kind: 'lost', reason: 'timeout' } as const;
    const lost = () => Promise.resolve(silent);
    const api = { available: lost, statuses: lost, maintenanceWindows: lost };
    for (const unknown of [
      await report(undefined),
      await report('key', api as unknown as DgiiStatusApi),
    ]) {
      expect(unknown).toMatchObject({ available: null, maintenance: null, breakers });
      expect(unknown.services.every(({ available }) => available === null)).toBe(true);
    }
  });
});
