import { pino } from 'pino';
import { Registry } from 'prom-client';
import { RequestContext } from '../context/request-context.js';
import { AlertChannel, SecurityEvents, type SecurityEvent } from './security-events.js';

interface Bench {
  readonly events: SecurityEvents;
  readonly lines: Record<string, unknown>[];
  count(name: string, labels?: string): Promise<number>;
}

function bench(alertTimeoutMs?: number): Bench {
  const lines: Record<string, unknown>[] = [];
  const registry = new Registry();
  const logger = pino(
    { messageKey: 'message' },
    { write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>) },
  );
  const options = alertTimeoutMs === undefined ? {} : { alertTimeoutMs };
  return {
    events: new SecurityEvents({ logger, registry, ...options }),
    lines,
    count: async (name, labels = '') => {
      const text = await registry.metrics();
      const line = text.split('\n').find((row) => row.startsWith(`${name}${labels} `));
      return Number(line?.split(' ').at(-1));
    },
  };
}

class Channel extends AlertChannel {
  readonly sent: SecurityEvent[] = [];
  constructor(private readonly how: (signal: AbortSignal) => Promise<void>) {
    super();
  }
  override send(event: SecurityEvent, signal: AbortSignal): Promise<void> {
    this.sent.push(event);
    return this.how(signal);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const context = (): RequestContext => {
  const made = new RequestContext({ traceId: 'trace-1', tenantId: 'tenant-1', service: 'billing' });
  made.caller = 'api-key:1';
  made.remote = '203.0.113.9';
  return made;
};

describe('OBS-3', () => {
  test('an event is a line, a count and something for every sink', async () => {
    const { events, lines, count } = bench();
    const taken: SecurityEvent[] = [];
    events.addSink((event) => void taken.push(event));
    events.emit('tenant.mismatch', { stated: 'x'.repeat(300) }, context());
    expect(lines).toEqual([
      expect.objectContaining({
        message: 'security event',
        event: 'tenant.mismatch',
        severity: 'high',
        trace_id: 'trace-1',
        tenant_id: 'tenant-1',
        caller: 'api-key:1',
        remote: '203.0.113.9',
        details: { stated: 'x'.repeat(200) },
      }),
    ]);
    expect(taken).toHaveLength(1);
    const labels = '{type="tenant.mismatch",severity="high"}';
    expect(await count('security_events_total', labels)).toBe(1);
    expect(await count('security_events_total', '{type="auth.failed",severity="low"}')).toBe(0);
  });

  test('a flood is counted in full but not written in full', async () => {
    const { events, lines, count } = bench();
    for (let at = 0; at < 1_000; at += 1) events.emit('cors.origin_denied');
    events.emit('csrf.failed');
    expect(lines.filter(({ event }) => event === 'cors.origin_denied')).toHaveLength(20);
    expect(lines.filter(({ event }) => event === 'csrf.failed')).toHaveLength(1);
    const labels = '{type="cors.origin_denied",severity="low"}';
    expect(await count('security_events_total', labels)).toBe(1_000);
  });

  test('a sink that throws or rejects breaks nothing', async () => {
    const { events, lines } = bench();
    events.addSink(() => {
      throw new Error('full');
    });
    events.addSink(() => Promise.reject(new Error('away')));
    expect(() => events.emit('auth.failed')).not.toThrow();
    await settled();
    expect(lines.filter(({ message }) => /sink/.test(String(message)))).toHaveLength(2);
  });

  test('only critical events are alerted', () => {
    const { events } = bench();
    const channel = new Channel(() => Promise.resolve());
    events.alertThrough(channel);
    events.emit('tenant.mismatch');
    events.emit('auth.refresh_reused');
    expect(channel.sent.map(({ type }) => type)).toEqual(['auth.refresh_reused']);
  });

  test.each<[string, (signal: AbortSignal) => Promise<void>]>([
    ['fails', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('bug');
      },
    ],
    ['never answers', () => new Promise<void>(() => undefined)],
  ])('a channel that %s costs its time at most, and a count', async (_, how) => {
    const { events, lines, count } = bench(20);
    events.alertThrough(new Channel(how));
    expect(() => events.emit('sign.digest_conflict')).not.toThrow();
    while (!lines.some(({ message }) => /alert channel/.test(String(message)))) await settled();
    expect(await count('security_alert_failures_total')).toBe(1);
  });

  test('a storm of alerts does not pile up behind a channel that hangs', async () => {
    const { events, count } = bench();
    const channel = new Channel(() => new Promise(() => undefined));
    events.alertThrough(channel);
    for (let at = 0; at < 100; at += 1) events.emit('sign.digest_conflict');
    expect(channel.sent).toHaveLength(10);
    expect(await count('security_alert_failures_total')).toBe(90);
  });
});
