import type { AuditLag } from '@getupnet/persistence';
import { SecurityEvents, loadConfig } from '@getupnet/platform';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { billingEnv } from '../billing.env.js';
import { AuditGate } from './audit-gate.js';

function gate(backlog: (most: number) => Promise<number>) {
  const lag = { backlog } as AuditLag;
  const events = new SecurityEvents({
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
  });
  const told: string[] = [];
  events.addSink(({ type }) => void told.push(type));
  const config = loadConfig([billingEnv], { AUDIT_BACKLOG_LIMIT: '100' });
  return { gate: new AuditGate(lag, events, config), told };
}

describe('AUD-3: the gate', () => {
  test('is open up to its limit, and counts no further than one beyond it', async () => {
    const asked: number[] = [];
    const { gate: one } = gate((most) => {
      asked.push(most);
      return Promise.resolve(100);
    });
    expect(await one.isClosed()).toBe(false);
    expect(await one.isClosed()).toBe(false);
    expect(asked).toEqual([101]);
  });

  test('is closed beyond it, and that is told once', async () => {
    const { gate: one, told } = gate(() => Promise.resolve(101));
    expect([await one.isClosed(), await one.isClosed()]).toEqual([true, true]);
    expect(told).toEqual(['audit.lagging']);
  });

  test('a process that cannot look at first does not guess', async () => {
    const { gate: one } = gate(() => Promise.reject(new Error('away')));
    await expect(one.isClosed()).rejects.toThrow('away');
  });
});
