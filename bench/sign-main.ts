import { pinToOneCore } from './one-core.js';
import { signBench } from './sign.bench.js';

await signBench(pinToOneCore() ? 'one' : 'any (no taskset)');
