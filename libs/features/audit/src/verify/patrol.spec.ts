import type { AuditVerification, VerifyAuditQuery } from '@getupnet/contracts';
import type { AuditCheckpoints } from '@getupnet/persistence';
import { SecurityEvents } from '@getupnet/platform';
import { FakeClock } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Patrol } from './patrol.js';
import type { VerifyChain } from './verify-chain.use-case.js';

/** Two chains, the second in two parts; `bad` are those that do not hold. */
function patrolOf(bad: ReadonlySet<string>) {
  const asked: string[] = [];
  const run = async (tenantId: string, { cursor }: VerifyAuditQuery) => {
    asked.push(`${tenantId}${cursor ?? ''}`);
    const complete = tenantId === 'one' || cursor !== undefined;
    const firstBad =
      complete && bad.has(tenantId) ? { seq: 7, eventId: null, reason: 'changed' } : null;
    return { complete, firstBad, nextCursor: complete ? null : '+' } as AuditVerification;
  };
  const heads = async () =>
    new Map([
      ['one', {}],
      ['two', {}],
    ]);
  const events = new SecurityEvents({
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
  });
  const told: unknown[] = [];
  events.addSink(({ details }) => void told.push(details['tenantId']));
  const chain = { run } as unknown as VerifyChain;
  const clock = new FakeClock();
  const patrol = new Patrol(chain, { heads } as unknown as AuditCheckpoints, events, clock);
  return { patrol, asked, told, clock };
}

async function steps(patrol: Patrol, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await patrol.step();
}

test('goes along every chain to its end, and begins again', async () => {
  const { patrol, asked } = patrolOf(new Set());
  await steps(patrol, 5);
  expect(asked).toEqual(['one', 'two', 'two+', 'one', 'two']);
  expect(patrol.broken).toBe(0);
});

test('a chain that does not hold is told and counted until it does', async () => {
  const bad = new Set(['two']);
  const { patrol, told, clock } = patrolOf(bad);
  await steps(patrol, 6);
  expect([told, patrol.broken]).toEqual([['two'], 1]);
  clock.advance(3_600_000);
  await steps(patrol, 3);
  expect([told, patrol.broken]).toEqual([['two', 'two'], 1]);
  bad.clear();
  await steps(patrol, 3);
  expect([told.length, patrol.broken]).toEqual([2, 0]);
});
