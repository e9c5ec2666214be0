import { AuditLog, CursorCodec, type Tx } from '@getupnet/persistence';
import {
  FakeClock,
  createTestTenant,
  useTestDatabase,
  waitFor,
  type TestTenant,
} from '@getupnet/testkit';
import {
  NOW,
  contextOf,
  request,
  row,
  sequencesUnderTest,
  shown,
} from '../../testing/sequences-under-test.js';
import { SequencesRepository } from '../sequences.repository.js';
import { SequencesService } from '../sequences.service.js';
import { CreateVoidRequest, type VoidCommand } from './create-void.use-case.js';
import { VoidNumbersRepository } from './void-numbers.repository.js';
import { VoidsRepository } from './voids.repository.js';

const database = useTestDatabase();
let under: ReturnType<typeof sequencesUnderTest>;
beforeAll(() => {
  under = sequencesUnderTest(database());
});
afterAll(() => under.writer.onApplicationShutdown());

/** Where a transaction stops until the test lets it go on. */
class Gate {
  private arrive: () => void = () => undefined;
  open: () => void = () => undefined;
  readonly reached = new Promise<void>((resolve) => {
    this.arrive = resolve;
  });
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  async pass(): Promise<void> {
    this.arrive();
    await this.opened;
  }
}

class GatedAudit extends AuditLog {
  constructor(private readonly gate: Gate) {
    super(new FakeClock(NOW));
  }

  override async append(...event: Parameters<AuditLog['append']>): Promise<void> {
    await super.append(...event);
    await this.gate.pass();
  }
}

/** Stops between the look at the ranges and their cut. */
class GatedNumbers extends VoidNumbersRepository {
  constructor(private readonly gate: Gate) {
    super();
  }

  override async takenNumbers(...asked: Parameters<VoidNumbersRepository['takenNumbers']>) {
    await this.gate.pass();
    return super.takenNumbers(...asked);
  }
}

const voidsWith = (numbers: VoidNumbersRepository, audit: AuditLog) =>
  new CreateVoidRequest(
    database().tenantDb,
    new VoidsRepository(),
    numbers,
    audit,
    new FakeClock(NOW),
  );
const command = (first: number, last: number): VoidCommand => ({
  ...{ ranges: [{ tipo: '31', first, last }], reason: null },
  ...{ request: request(), retries: null },
});

/** Whether a transaction of this database waits for another's lock. */
const somebodyWaits = () =>
  database().asOwner(async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE NOT l.granted AND a.datname = current_database()`,
    );
    return (rowCount ?? 0) > 0;
  });

/** Numbers that are out of use although a document lives under them. */
const takenTwice = (tx: Tx) => tx.$queryRaw<{ encf: string }[]>`
  SELECT d.encf FROM document d JOIN encf_void_range v
    ON v.tenant_id = d.tenant_id AND v.environment = d.environment AND v.tipo = d.tipo
    AND substr(d.encf, 4)::bigint BETWEEN v.first AND v.last`;

describe('a void of numbers in a piece that is cut off while it waits', () => {
  const ways = {
    void: (tenant: TestTenant, gate: Gate) =>
      voidsWith(new VoidNumbersRepository(), new GatedAudit(gate)).run(
        contextOf(tenant),
        command(50, 200),
      ),
    division: async (tenant: TestTenant, gate: Gate) => {
      const { tenantDb, pools } = database();
      const [ranges, cursors] = [new SequencesRepository(), new CursorCodec(pools)];
      const sequences = new SequencesService(tenantDb, ranges, new GatedAudit(gate), cursors);
      const [range] = (await under.sequences.list(contextOf(tenant), { limit: 50 })).data;
      const asked = { count: 800, branch: null, request: request() };
      return sequences.split(contextOf(tenant), range?.id ?? '', asked);
    },
  };

  it.each([
    ['void', 49],
    ['division', 200],
  ] as const)('by a %s takes no issued one', async (way, issued) => {
    const tenant = await createTestTenant(database(), {
      ranges: [{ tipo: 31, first: 1, last: 1_000, expiresOn: '2099-12-31' }],
    });
    const accept = async (count: number) => {
      const all = Array.from({ length: count }, () => under.writer.submit(row(tenant)));
      return (await Promise.all(all)).map(shown);
    };
    await accept(issued);
    const [cut, looked] = [new Gate(), new Gate()];
    const cutting = ways[way](tenant, cut);
    await cut.reached;
    const voids = voidsWith(new GatedNumbers(looked), new AuditLog(new FakeClock(NOW)));
    const voiding = voids.run(contextOf(tenant), command(201, 300));
    await waitFor(somebodyWaits, { what: 'a void that waits for the range' });
    cut.open();
    await cutting;
    await looked.reached;
    // Up to the cut of the range documents go on arriving: in full, unless they wait for its end.
    let arrived = false;
    const arriving = accept(3).finally(() => {
      arrived = true;
    });
    await waitFor(async () => arrived || (await somebodyWaits()), { what: 'the documents' });
    looked.open();
    await voiding;
    const given = await arriving;
    expect(await database().tenantDb.run(tenant, takenTwice)).toEqual([]);
    expect(given).toEqual(['E310000000301', 'E310000000302', 'E310000000303']);
  });
});
