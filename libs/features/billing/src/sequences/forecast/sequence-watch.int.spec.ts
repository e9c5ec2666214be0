import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import {
  alertsOf,
  contextOf,
  request,
  row,
  sequencesUnderTest,
} from '../../testing/sequences-under-test.js';

const database = useTestDatabase();
let under: ReturnType<typeof sequencesUnderTest>;
beforeAll(() => {
  under = sequencesUnderTest(database());
});
afterAll(() => under.writer.onApplicationShutdown());

const range = (first: number, last: number) => ({
  ...{ tipo: 31, first, last, expiresOn: '2099-12-31' },
});
const accept = (tenant: TestTenant, count: number) =>
  Promise.all(Array.from({ length: count }, () => under.writer.submit(row(tenant))));

describe('used up', () => {
  it('is told once for all ranges at once, and again for one registered below them', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [range(101, 105), range(201, 205)],
    });
    await accept(tenant, 10);
    const watch = under.watch();
    await watch.pass();
    await watch.pass();
    expect(await alertsOf(database(), tenant)).toEqual(['sequence.used_up']);
    await under.sequences.add(
      contextOf(tenant),
      { tipo: '31', first: 1, last: 5, expiresOn: '2099-12-31', branch: null },
      request(),
    );
    await accept(tenant, 5);
    await watch.pass();
    await watch.pass();
    expect(await alertsOf(database(), tenant)).toEqual(['sequence.used_up', 'sequence.used_up']);
  });
});
