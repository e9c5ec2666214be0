import { parseArgs } from 'node:util';
import { auditBench } from './audit.bench.js';
import { batchBench } from './batch.bench.js';
import { ecfBench } from './ecf.bench.js';
import { runOnOneCore } from './one-core.js';
import { riBench } from './ri.bench.js';
import { sequenceBench } from './sequence.bench.js';
import { simulatorBench } from './simulator.bench.js';
import { redisIsThere, type QueueStore } from './stack.js';
import { verifyBench } from './verify.bench.js';
import { versusBench } from './versus.bench.js';
import { wholePathBench } from './whole-path.bench.js';

const HELP = `npm run bench [-- --only ecf|sign|verify|ri|versus|simulator|whole-path|batch|audit|sequence]
              [--documents 2000] [--events 200000] [--numbers 10000]
              [--tenants 100] [--in-flight 64] [--queue postgres|redis] [--dgii-ecf FOLDER]

Prints one JSON line per figure; targets are ratios against a baseline of the same run.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    documents: { type: 'string', default: '2000' },
    tenants: { type: 'string', default: '100' },
    'in-flight': { type: 'string', default: '64' },
    events: { type: 'string', default: '200000' },
    numbers: { type: 'string', default: '10000' },
    queue: { type: 'string' },
    'dgii-ecf': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const wanted = (name: string) => values.only === undefined || values.only === name;
  if (wanted('ecf')) ecfBench();
  if (wanted('sign')) runOnOneCore('sign-main.js');
  if (wanted('verify')) await verifyBench();
  if (wanted('audit')) await auditBench({ events: Number(values.events) });
  if (wanted('sequence')) await sequenceBench({ numbers: Number(values.numbers) });
  if (wanted('ri')) await riBench();
  if (wanted('versus')) await versusBench(values['dgii-ecf']);
  if (wanted('simulator')) {
    await simulatorBench({
      documents: Number(values.documents),
      inFlight: Number(values['in-flight']),
    });
  }
  const on = (queue: QueueStore) => values.queue === undefined || values.queue === queue;
  if (wanted('batch')) {
    const documents = Number(values.documents);
    if (on('postgres')) await batchBench({ documents, queue: 'postgres' });
    if (on('redis') && redisIsThere()) await batchBench({ documents, queue: 'redis' });
  }
  if (wanted('whole-path')) {
    const size = {
      documents: Number(values.documents),
      tenants: Number(values.tenants),
      inFlight: Number(values['in-flight']),
    };
    if (on('postgres')) await wholePathBench({ ...size, queue: 'postgres' });
    if (on('redis') && redisIsThere()) await wholePathBench({ ...size, queue: 'redis' });
    else if (on('redis'))
      process.stderr.write('whole-path on Redis skipped: redis-server is not on PATH\n');
  }
}
