import { parseArgs } from 'node:util';
import { signBench } from './sign.bench.js';
import { wholePathBench } from './whole-path.bench.js';

const HELP = `npm run bench [-- --only sign|whole-path] [--documents 2000] [--tenants 100]

Prints one JSON line per figure; targets are ratios against a baseline of the same run.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    documents: { type: 'string', default: '2000' },
    tenants: { type: 'string', default: '100' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const wanted = (name: string) => values.only === undefined || values.only === name;
  if (wanted('sign')) await signBench();
  if (wanted('whole-path')) {
    await wholePathBench({ documents: Number(values.documents), tenants: Number(values.tenants) });
  }
}
