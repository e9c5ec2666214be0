import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { filesOf, type Evidence } from './evidence.js';
import { Rule, type Finding } from './invariant.js';

/** Every refusal is a documented problem, in time. */
export function answers({ acks }: Evidence): Finding {
  const rule = new Rule('INV-10', 'failures are problems with code and trace id, within 30 s');
  for (const { t, key, status, fault } of acks) {
    if (t === 'answer') rule.expect(fault === null, () => `${key}: ${status}, ${fault}`);
  }
  return rule.finding;
}

/** Nothing waits to be handed over any more. */
export function outgoing({ outboxRows }: Evidence): Finding {
  const rule = new Rule('INV-12', 'the outbox was delivered to the last row');
  rule.expect(outboxRows === 0, () => `${outboxRows} rows left`);
  return rule.finding;
}

/** No line of any process holds a secret of the run. */
export async function logs(dir: string, secrets: readonly string[]): Promise<Finding> {
  const rule = new Rule('INV-8', 'no secret in any line of any log');
  for (const path of await filesOf(join(dir, 'logs'))) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      rule.expect(!secrets.some((secret) => line.includes(secret)), () => path);
    }
  }
  return rule.finding;
}
