import { randomUUID } from 'node:crypto';
import {
  forecastListSchema,
  gapListSchema,
  sequenceSplitSchema,
  voidResourceSchema,
  type VoidResource,
} from '@getupnet/contracts';
import { ecf31, waitFor } from '@getupnet/testkit';
import type { Answer } from '../harness/api.js';
import { sha256 } from '../harness/ledger.js';
import type { Platform } from '../harness/platform.js';
import { expectProblem } from '../harness/problems.js';
import type { E2eTenant } from '../harness/tenants.js';

/** The simulator rejects what goes to this buyer and leaves the number free. */
const REJECTED_FREE = { RNCComprador: '999000022' };
const SETTLED = /^(ACCEPTED|PARTIALLY_ACCEPTED|REJECTED|REVIEW)$/;
const VOIDED_WITHIN_MS = 60_000;

const encf = (number: number): string => `E31${String(number).padStart(10, '0')}`;

/** Ranges of branches, gaps, and numbers voided with DGII. */
export function sequences(platform: () => Platform): void {
  describe('sequences', () => {
    let tenant: E2eTenant;

    beforeEach(async () => {
      tenant = await platform().createTenant();
    });

    const send = (method: string, path: string, body?: object): Promise<Answer> =>
      tenant.api.call(method, `/tenant/sequences${path}`, {
        headers: {
          'idempotency-key': randomUUID(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const voiding = (...numbers: number[]): Promise<Answer> =>
      send('POST', '/voids', {
        ranges: numbers.map((number) => ({ tipo: '31', first: number, last: number })),
      });
    const settled = async (asked: Answer): Promise<VoidResource> => {
      const { links } = voidResourceSchema.parse(JSON.parse(asked.text));
      return waitFor(
        async () => {
          const answer = await tenant.api.call('GET', links.self);
          const now = voidResourceSchema.parse(JSON.parse(answer.text));
          return SETTLED.test(now.state) ? now : null;
        },
        { what: 'the end of a void request', timeoutMs: VOIDED_WITHIN_MS },
      );
    };
    const voids = async () =>
      (await platform().simulator.control.ledger({ rnc: tenant.rnc })).filter(
        ({ service }) => service === 'anulacionrangos',
      );

    test('a branch issues from its part of a range, and a forecast tells both apart', async () => {
      const [range] = (await tenant.api.sequences()).filter(({ tipo }) => tipo === '31');
      const split = await send('POST', `/${range?.id}/split`, { branch: 'SUR', count: 10 });
      expect(split.status).toBe(201);
      const { to } = sequenceSplitSchema.parse(JSON.parse(split.text));
      expect(to).toMatchObject({ first: '99991', last: '100000', branch: 'SUR' });
      const own = await tenant.api.issue(ecf31().with({ branch: 'SUR' }).body());
      const common = await tenant.api.issue(ecf31().body());
      expect([own.encf, own.state]).toEqual([encf(99_991), 'ACCEPTED']);
      expect([common.encf, common.state]).toEqual([encf(1), 'ACCEPTED']);
      const forecast = await send('GET', '/forecast');
      const { data } = forecastListSchema.parse(JSON.parse(forecast.text));
      const of31 = data.filter(({ tipo }) => tipo === '31');
      expect(of31.map(({ branch, remaining }) => [branch, remaining])).toEqual([
        [null, '99989'],
        ['SUR', '9'],
      ]);
    });

    test('a gap is found, corrected or voided; a voided number is given to nobody', async () => {
      const rejected = [
        await tenant.api.issue(ecf31().withHeader('Comprador', REJECTED_FREE).body()),
        await tenant.api.issue(ecf31().withHeader('Comprador', REJECTED_FREE).body()),
      ];
      const gaps = async () =>
        gapListSchema
          .parse(JSON.parse((await send('GET', '/gaps')).text))
          .data.map(({ first, kind }) => [first, kind]);
      expect(await gaps()).toEqual(rejected.map((one) => [one.encf, 'FREED']));
      const [first, second] = rejected.map(({ id }) => ({ corrects: id }));
      const corrected = await tenant.api.issue(
        ecf31()
          .with(first ?? {})
          .body(),
      );
      expect(corrected).toMatchObject({ encf: encf(1), state: 'ACCEPTED' });
      expectProblem(await voiding(1), 'sequence.not_voidable');
      const asked = await voiding(2, 3, 5);
      expect(asked.status).toBe(202);
      const correction = ecf31().with(second ?? {});
      expectProblem(await tenant.api.post(correction.body()), 'sequence.voided');
      const next = [await tenant.api.issue(ecf31().body()), await tenant.api.issue(ecf31().body())];
      expect(next.map((one) => [one.encf, one.state])).toEqual([
        [encf(4), 'ACCEPTED'],
        [encf(6), 'ACCEPTED'],
      ]);
      const done = await settled(asked);
      expect(done).toMatchObject({ state: 'ACCEPTED', count: '3', dgii: { codigo: '1' } });
      expect(done.ranges.map(({ outcome }) => outcome)).toEqual(['VOIDED', 'VOIDED', 'VOIDED']);
      const sent = await tenant.api.call('GET', done.links.xml);
      expect((await voids()).map((line) => line.sha256)).toEqual([sha256(sent.text)]);
      expect(await gaps()).toEqual([]);
    });

    test('a void whose answer was lost is sent again, byte for byte, and left to a person', async () => {
      platform().simulator.control.addFault({
        ...{ kind: 'answer-lost', operation: 'anulacionrangos', times: 1 },
      });
      const done = await settled(await voiding(8));
      expect(done).toMatchObject({ state: 'REVIEW', unanswered: true });
      expect(done.ranges.map(({ outcome }) => outcome)).toEqual(['UNCLEAR']);
      const lines = await voids();
      expect(lines).toHaveLength(2);
      expect(new Set(lines.map((line) => line.sha256)).size).toBe(1);
    });
  });
}
